import { describe, expect, it } from 'vitest';

import { check } from './check.js';
import { manyFailed } from './facts.testing.js';
import { facts, finds, type Planted } from './scenario.testing.js';

describe('the checker of how many are deployed', () => {
  it.each<Planted>([
    ['a failure nobody caused', facts().with({ refusingFaults: [] }), 'unexpected', /nearly all/],
  ])('finds %s', finds);

  it.each([
    ['nobody had a reason', 0, 0],
    ['half of them met a final no', 50, 0],
    ['all of them met a final no', 100, 0],
    ['all of them were in somebody\'s way', 0, 100],
  ])('does not pass a run in which everything failed and %s', (_what, refused, condemned) => {
    const found = check(manyFailed(100, refused, condemned)).violations.filter(({ rule }) => rule === 'nearly all valid requests are deployed');
    expect(found).toHaveLength(1);
  });
});
