import { describe, expect, it } from 'vitest';
import { fullJitter } from './full-jitter.js';

describe('full jitter', () => {
  it.each([
    ['the first failure', 1, 200],
    ['the second', 2, 400],
    ['the fifth', 5, 3_200],
    ['the sixth, and the most', 6, 5_000],
    ['any later one', 1_000, 5_000],
  ])('spreads the pause after %s evenly over its bound', (_name, failures, boundMs) => {
    expect(fullJitter(failures, 0)).toBe(0);
    expect(fullJitter(failures, 0.5)).toBe(boundMs / 2);
    expect(fullJitter(failures, 1 - Number.EPSILON)).toBe(boundMs - 1);
  });
});
