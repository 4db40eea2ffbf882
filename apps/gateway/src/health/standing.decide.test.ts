import { describe, expect, it } from 'vitest';

import { decideStandings, reasonsOf, type Standings } from './standing.decide.js';

const away = 'PostgreSQL does not answer';
const can = (instance: string) => ({ instance, reasons: [] });
const canNot = (instance: string) => ({ instance, reasons: [away] });

describe('what a gateway thinks of the provisioners', () => {
  it.each([
    ['nothing bad when none has answered', [[0, undefined]], []],
    ['what the only one says', [[0, can('a')], [1_000, canNot('a')]], [away]],
    ['well again as soon as one says so', [[0, canNot('a')], [1_000, can('a')]], []],
    ['what the only one said last when it does not answer', [[0, can('a')], [1_000, canNot('a')], [10_999, undefined]], [away]],
    ['nothing bad when it has not answered for 10 s', [[0, canNot('a')], [10_000, undefined]], []],
    ['well while one of them is', [[0, can('a')], [1_000, canNot('b')], [2_000, can('a')], [3_000, canNot('b')]], []],
    ['not well when all say so', [[0, can('a')], [1_000, canNot('b')], [2_000, canNot('a')]], [away]],
    ['not well when the one that was has not answered for 10 s', [[0, can('a')], [9_000, canNot('b')], [10_000, undefined]], [away]],
  ] as const)('is %s', (_name, answers, expected) => {
    const standings = answers.reduce<Standings>((known, [nowMs, said]) => decideStandings(known, said, nowMs), new Map());
    expect(reasonsOf(standings)).toEqual(expected);
  });
});
