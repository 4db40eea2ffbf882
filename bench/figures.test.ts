import { describe, expect, it } from 'vitest';

import { agree, longestChain, percentile, shown, shownSpread, spreadOf } from './figures.js';

describe('figures', () => {
  it.each([[0.5, 3], [0.95, 5], [0.99, 5], [0.2, 1]])('percentile %s of 5, 3, 1, 4, 2 is %s', (share, expected) => {
    expect(percentile([5, 3, 1, 4, 2], share)).toBe(expected);
  });

  it('spread is least, median and most', () => {
    expect(spreadOf([5, 3, 1, 4, 2])).toEqual({ least: 1, median: 3, most: 5 });
  });

  it.each([[100, 91, true], [91, 100, true], [100, 89, false], [0, 0, true]])('rates %s and %s agree within a tenth: %s', (one, other, expected) => {
    expect(agree(one, other, 0.1)).toBe(expected);
  });

  it.each([[1234.5, '1235'], [53.66, '53.7'], [1.2345, '1.23'], [0.01234, '0.012'], [0, '0.00'], [Infinity, '-']])('%s is shown as %s', (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  it.each([
    ['none', [], 0],
    ['one after the other', [[0, 5], [5, 10], [12, 20]], 3],
    ['three at once between two', [[0, 5], [6, 11], [6, 12], [7, 12], [13, 20]], 3],
    ['a long one beside two short ones', [[0, 100], [0, 40], [50, 90]], 2],
  ] as const)('the longest chain of calls %s', (_what, spans, expected) => {
    expect(longestChain(spans.map(([from, to]) => ({ from, to })))).toBe(expected);
  });

  it('a spread of one value is the value', () => {
    expect([shownSpread([2]), shownSpread([1, 2, 3])]).toEqual(['2.00', '2.00 (1.00-3.00)']);
  });
});
