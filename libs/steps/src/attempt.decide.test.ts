import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { backoffMs, decideAfterFailure } from './attempt.decide.js';
import { caught } from './caught.js';
import { OutcomeUnknownError, PermanentError, TransientError } from './errors.js';

const limits = { deadlineMs: 900_000, maxAttempts: 10, backoffBaseMs: 2_000, backoffMaxMs: 60_000, lookAfterMs: 40_000, maxBugs: 5 };
const first = { number: 1, elapsedMs: 0, random: 0.5 };

describe('what follows a failed attempt', () => {
  it.each([
    ['tries a busy peer again', new TransientError('SBC_BUSY', 'SBC busy'), first, 'again'],
    ['stops at a final no', new PermanentError('SBC_SCRIPT_REJECTED', 'SBC rejected script'), first, 'failed'],
    ['looks again after a lost answer', new OutcomeUnknownError('OVOC_UNKNOWN', 'OVOC did not answer'), first, 'again'],
    ['gives up at the deadline', new TransientError('SBC_BUSY', 'SBC busy'), { ...first, number: 9, elapsedMs: 899_000, random: 0.9 }, 'failed'],
    ['gives up after the last attempt', new TransientError('SBC_BUSY', 'SBC busy'), { ...first, number: 10 }, 'failed'],
    ['tries again after a bug', new Error('x is undefined'), first, 'again'],
    ['fails after too many bugs', new Error('x is undefined'), { ...first, number: 5 }, 'failed'],
    ['never gives up because the database is away', caught(Object.assign(new Error('terminated'), { code: '57P01' })), { ...first, number: 9, elapsedMs: 899_000 }, 'again'],
    ['copes with whatever is thrown', 'text', first, 'again'],
  ] as const)('%s', (_name, error, attempt, kind) => {
    expect(decideAfterFailure(error, attempt, limits).kind).toBe(kind);
  });

  it.each([TransientError, OutcomeUnknownError])('waits as long as the peer asked: %o', (PeerError) => {
    const error = new PeerError('OVOC_BUSY', 'OVOC busy', { retryAfterMs: 47_000 });
    expect(decideAfterFailure(error, { ...first, random: 0 }, limits)).toMatchObject({ afterMs: 47_000 });
  });

  it('never looks before a lost call can be over', () => {
    expect(decideAfterFailure(new OutcomeUnknownError('X', 'x'), { ...first, random: 0 }, limits)).toMatchObject({ afterMs: 40_000 });
  });

  it('comes back like after any trouble when the peer has answered and its answer says nothing', () => {
    expect(decideAfterFailure(new OutcomeUnknownError('X', 'x', { isAnswered: true }), { ...first, random: 0 }, limits)).toMatchObject({ kind: 'again', afterMs: 0 });
  });

  it.each([
    ['a busy peer', new TransientError('X', 'x')], ['a lost answer', new OutcomeUnknownError('X', 'x')], ['a bug', new Error('x')],
    ['a database that is away', caught(Object.assign(new Error('terminated'), { code: '57P01' }))],
  ])('after %s never begins again before what was begun can be seen', (_what, error) => {
    expect(decideAfterFailure(error, { ...first, quietAfterMs: 50_000 }, limits)).toMatchObject({ kind: 'again', afterMs: 50_000 });
  });

  it('gives up when that would be after the deadline', () => {
    expect(decideAfterFailure(new TransientError('X', 'x'), { ...first, elapsedMs: 890_000, quietAfterMs: 50_000 }, limits).kind).toBe('failed');
  });

  it('tells the caller nothing of a bug', () => {
    const after = decideAfterFailure(new Error('secret'), { ...first, number: 5 }, limits);
    expect(JSON.stringify(after)).not.toContain('secret');
  });

  it('keeps every pause between nothing and the cap', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (number, random) => {
      const pause = backoffMs({ number, random }, limits);
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThanOrEqual(Math.min(60_000, 2_000 * 2 ** Math.min(number - 1, 30)));
    }));
  });
});
