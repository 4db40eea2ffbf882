import type { SeenRows } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import type { CleanupNote } from '../site/site-work.js';
import { decideDamage, decideLeftovers } from './sweep.decide.js';

const group = { table: 'ip-group', name: 'A' };
const route = { table: 'sbc routing ip2ip-routing', name: 'A-in' };
const note: CleanupNote = { cleanup: 'no ip-group "A"', rows: [], removes: [group, route], secrets: [] };
const seen = (change: Partial<SeenRows>): SeenRows => ({ ours: 0, wanted: 2, missing: [], differing: [], differences: [], unverifiable: [], ...change });

describe('what a sweep does with a customer that was cleaned', () => {
  it.each([
    ['nothing when none of its rows is there', seen({ missing: [group, route] }), [], false, 'nothing'],
    ['a removal of rows that are there again', seen({ ours: 2 }), [group, route], false, 'remove'],
    ['a removal of the one row that is there again', seen({ ours: 1, missing: [route] }), [group], false, 'remove'],
    ['none of rows that are somebody else\'s', seen({ foreign: group, missing: [route] }), [group], false, 'leave'],
    ['none when a customer on the device uses a name of it', seen({ ours: 1, missing: [group] }), [route], true, 'leave'],
    ['nothing when such a name is used and no row is there', seen({ missing: [group, route] }), [], true, 'nothing'],
  ] as const)('is %s', (_name, look, there, isNameInUse, verdict) => {
    expect(decideLeftovers(note, look, there, isNameInUse)).toBe(verdict);
  });

  it('is no removal without a cleanup that removes anything', () => {
    expect(decideLeftovers({ ...note, cleanup: ' ' }, seen({ ours: 2 }), [group, route], false)).toBe('leave');
  });
});

describe('what a sweep does with a customer that is on the device', () => {
  it.each([
    ['nothing when all its rows are there', seen({ ours: 2 }), false, 'nothing'],
    ['nothing when a row only differs', seen({ ours: 1, differing: [route] }), false, 'nothing'],
    ['a write when all are gone', seen({ missing: [group, route] }), false, 'write'],
    ['a cleaning and a write when some are gone', seen({ ours: 1, missing: [route] }), false, 'clean-then-write'],
    ['a cleaning and a write when one is there twice', seen({ ours: 1, differing: [route] }), true, 'clean-then-write'],
    ['left alone when somebody else has taken a name', seen({ foreign: group, missing: [route] }), false, 'leave'],
  ] as const)('is %s', (_name, look, hasTwins, verdict) => {
    expect(decideDamage(look, hasTwins)).toBe(verdict);
  });
});
