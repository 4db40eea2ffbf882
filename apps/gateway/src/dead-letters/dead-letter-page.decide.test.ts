import { describe, expect, it } from 'vitest';

import { pageOf } from './dead-letter-page.decide.js';

const key = (day: number) => ({ id: `d${day}`, refusedAt: `2026-01-0${day}T00:00:00.000Z` });
const oldest = [{ service: 'provisioner', keys: [1, 4, 5].map(key) }, { service: 'sbc-agent', keys: [2, 3, 5].map(key) }] as const;
const newest = oldest.map(({ keys, service }) => ({ service, keys: [...keys].reverse() }));
const idsOf = (places: ReturnType<typeof pageOf>) => places.map(({ id, service }) => `${service} ${id}`);

describe('a page of the dead letters of all services', () => {
  it.each([
    [0, ['provisioner d1', 'sbc-agent d2']], [1, ['sbc-agent d3', 'provisioner d4']], [2, ['provisioner d5', 'sbc-agent d5']], [3, []],
  ])('the oldest first: page %i is %j', (pageNumber, places) => {
    expect(idsOf(pageOf(oldest, { order: 'oldest', pageNumber, pageSize: 2 }))).toEqual(places);
  });

  it('the newest first begins at the other end', () => {
    expect(idsOf(pageOf(newest, { order: 'newest', pageNumber: 0, pageSize: 3 }))).toEqual(['provisioner d5', 'sbc-agent d5', 'provisioner d4']);
  });
});
