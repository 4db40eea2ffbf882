import { describe, expect, it } from 'vitest';

import { portionsOf } from './portions.decide.js';

describe('portions of bodies', () => {
  it.each([
    [[], []],
    [[4, 6], [['0', '1']]],
    [[4, 7, 3], [['0'], ['1', '2']]],
    [[11, 1], [['0'], ['1']]],
    [[1, 11, 1], [['0'], ['1'], ['2']]],
  ])('of %j bytes, ten at once, are %j', (sizes, portions) => {
    expect(portionsOf(sizes.map((size, index) => ({ id: String(index), size })), 10)).toEqual(portions);
  });
});
