import { describe, expect, it } from 'vitest';

import { decideStanding } from './standing.decide.js';

const away = { reasons: ['PostgreSQL does not answer'], saidAtMs: 5_000 };

describe('what a gateway thinks of the provisioner', () => {
  it.each([
    ['what it says', { reasons: [], saidAtMs: 0 }, ['PostgreSQL does not answer'], 5_000, away],
    ['well again as soon as it says so', away, [], 6_000, { reasons: [], saidAtMs: 6_000 }],
    ['what it said last when it does not answer', away, undefined, 14_999, away],
    ['nothing bad when it has not answered for 10 s', away, undefined, 15_000, { reasons: [], saidAtMs: 5_000 }],
  ] as const)('is %s', (_name, known, said, nowMs, expected) => {
    expect(decideStanding(known, said, nowMs)).toEqual(expected);
  });
});
