import { setTimeout as wait } from 'node:timers/promises';
import type { ActiveFaults } from '../faults/active-faults.js';
import type { HeldCalls } from '../calls/held-calls.js';
import type { Answer, Call, Peer } from './answer.js';
import { now } from '../calls/call-log.js';

/** What becomes of the connection. */
export type Ending =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'cut'; readonly answer: Answer; readonly bytes: number }
  | { readonly kind: 'lost'; readonly afterwards?: () => void }
  | { readonly kind: 'stalled' };

/** Serves one call through the faults that meet it; the caller may be gone meanwhile, which changes nothing here. */
export async function serve(peer: Peer, call: Call, held: HeldCalls): Promise<Ending> {
  const { faults, entry } = call;
  if (faults.has('stall')) return { kind: 'stalled' };

  const end = peer.begin?.(call);
  const answer = await apply(peer, call, held).finally(end);
  if (answer === undefined) return { kind: 'lost' };

  const after = faults.find('hold-after');
  if (after && await held.hold(entry, after.ruleId) === 'dropped') return lost(answer);
  if (faults.flag('latency', 'after')) await delay(faults);
  if (faults.has('lost-answer')) return lost(answer);
  if (faults.has('cut')) return { kind: 'cut', answer, bytes: faults.number('cut', 'bytes') ?? 10 };
  return { kind: 'answer', answer };
}

async function apply(peer: Peer, call: Call, held: HeldCalls): Promise<Answer | undefined> {
  const { faults, entry } = call;
  const before = faults.find('hold-before');
  if (before && await held.hold(entry, before.ruleId) === 'dropped') return undefined;
  if (!faults.flag('latency', 'after')) await delay(faults);

  const instead = replacement(peer, faults);
  if (instead && !faults.flag('status', 'applied') && !faults.flag('html', 'applied')) return instead;
  const given = await peer.answer(call);
  if (given === undefined) return undefined;
  if (given.status < 400) entry.appliedAt ??= now();
  return instead ? { ...instead, ...given.afterwards && { afterwards: given.afterwards } } : given;
}

function lost({ afterwards }: Answer): Ending {
  return { kind: 'lost', ...afterwards && { afterwards } };
}

async function delay(faults: ActiveFaults): Promise<void> {
  const ms = faults.number('latency', 'ms');
  if (ms !== undefined) await wait(ms);
}

function replacement(peer: Peer, faults: ActiveFaults): Answer | undefined {
  if (faults.has('status')) {
    const status = faults.number('status', 'status') ?? 500;
    const usual = peer.faultBody(status);
    const body = faults.text('status', 'body');
    const retryAfter = faults.number('status', 'retryAfter');
    return {
      status,
      headers: { ...usual.headers, ...retryAfter !== undefined && { 'retry-after': String(retryAfter) }, ...faults.texts('status', 'headers') },
      ...body === undefined ? usual.body !== undefined && { body: usual.body } : { body },
    };
  }
  if (faults.has('html')) {
    return {
      status: faults.number('html', 'status') ?? 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h1>Our services aren\'t available right now</h1></body></html>',
    };
  }
  return undefined;
}
