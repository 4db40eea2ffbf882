import { describe, expect, it } from 'vitest';

import { backoff, shortPauses } from './backoff.js';

describe('back-off', () => {
  it.each([
    ['the first failure', 1, 200],
    ['the second', 2, 400],
    ['the fifth', 5, 3_200],
    ['the sixth, and the most', 6, 5_000],
    ['any later one', 1_000, 5_000],
  ])('spreads the pause after %s evenly over its bound, and without chance takes the bound', (_name, failures, boundMs) => {
    expect(backoff(failures, shortPauses, 0)).toBe(0);
    expect(backoff(failures, shortPauses, 0.5)).toBe(boundMs / 2);
    expect(backoff(failures, shortPauses, 1 - Number.EPSILON)).toBe(boundMs - 1);
    expect(backoff(failures, shortPauses)).toBe(boundMs);
  });
});
