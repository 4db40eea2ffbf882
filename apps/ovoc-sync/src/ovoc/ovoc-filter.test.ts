import { describe, expect, it } from 'vitest';
import { filterQuery } from './ovoc-filter.js';

describe('filter of a list', () => {
  it.each([
    ['quotes texts', { serviceId: '5d0a9d2e-0000-4000-8000-000000000001' }, '(serviceId=\'5d0a9d2e-0000-4000-8000-000000000001\')'],
    ['leaves integers bare', { siteId: 12 }, '(siteId=12)'],
    ['joins conditions by and', { msTenantId: 'a-1', lcCustomerId: 3 }, '(msTenantId=\'a-1\' and lcCustomerId=3)'],
  ])('%s', (_name, conditions, filter) => {
    const query = new URLSearchParams(filterQuery(conditions));
    expect(query.get('filter')).toBe(filter);
    expect(query.get('detail')).toBe('1');
  });

  it.each(['O\'Hara', 'a b', 'a)', 'a"b', 'a\\b', 'a\nb', '', 'ü'])('refuses a text that could end its quotes or was never an id: %j', (value) => {
    expect(() => filterQuery({ name: value })).toThrow('may not stand in a filter');
  });

  it.each([1.5, Number.NaN, 2 ** 60])('refuses a number that is no integer: %d', (value) => {
    expect(() => filterQuery({ id: value })).toThrow('may not stand in a filter');
  });
});
