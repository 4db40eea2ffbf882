import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { HeldClaim, mayBegin } from './held-claim.js';
import type { ClaimedJob } from './job.js';

const job: ClaimedJob = {
  id: '1', messageId: 'm', kind: 'test', isUndo: false, deploymentId: 'd', customerGuid: 'c', round: 1, lane: '', payload: '{}', attempt: 1, epoch: '1', elapsedMs: 0,
  isTooLate: false, isTakenOver: false, lastNote: undefined,
};
const held = (forMs: number): HeldClaim => new HeldClaim(job, performance.now(), forMs);

/** As a process does that was stopped: no timer comes to its turn. */
function standStill(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

describe('a held claim', () => {
  it('allows nothing after a pause that outlived it, though no timer has come to its turn', () => {
    const claim = held(20);
    expect(mayBegin(claim.signal)).toBe(true);
    standStill(30);
    expect(claim.signal.aborted).toBe(false);
    expect(mayBegin(claim.signal)).toBe(false);
    expect(claim.signal.aborted).toBe(true);
  });

  it('cuts off what is under way when it has run out', async () => {
    const claim = held(20);
    await once(claim.signal, 'abort');
    expect(mayBegin(claim.signal)).toBe(false);
  });

  it('lasts longer when it is prolonged, counted from before that was asked for', () => {
    const claim = held(20);
    claim.prolonged(performance.now() + 10_000);
    standStill(30);
    expect(mayBegin(claim.signal)).toBe(true);
    claim.prolonged(performance.now() - 10_000);
    expect(mayBegin(claim.signal)).toBe(false);
    claim.done();
  });

  it('is none of a signal that belongs to no claim', () => {
    expect(mayBegin(new AbortController().signal)).toBe(true);
    expect(mayBegin(AbortSignal.abort())).toBe(false);
  });
});
