import { describe, it } from 'vitest';

import { ids } from './facts.testing.js';
import { addressesOf, facts, finds, northWithAddresses, proxySets, routes, type Planted } from './scenario.testing.js';

const south = ids.south.deploymentId;

describe('the checker of how a customer\'s rows are joined', () => {
  it.each<Planted>([
    ['a proxy set that is not in effect', northWithAddresses().withRows(5, proxySets, (rows) => rows.map((row) => ({ ...row, notActivated: true }))), 'unexpected', /called and joined/],
    ['a proxy set without its address', northWithAddresses().withRows(5, proxySets, addressesOf([])), 'unexpected', /called and joined/],
    ['an address that is not in effect', northWithAddresses().withRows(5, proxySets, addressesOf([{ index: 0, notActivated: true }])), 'unexpected', /called and joined/],
    ['an IP Group that points at another proxy set', northWithAddresses().withRowChanged(5, 'ip-group', 'North1', { 'proxy-set-name': 'SIPTrunk' }), 'unexpected', /called and joined/],
    ['an IP Group with another name', facts().withRows(5, 'ip-group', (rows) => rows.map((row) => (row['name'] === 'North1' ? { ...row, name: 'North2' } : row))), 'unexpected', /called and joined/],
    ['a route to another group', facts().withRows(5, routes, (rows) => rows.map((row) => ({ ...row, 'dst-ip-group-name': 'Contoso9' }))), 'unexpected', /called and joined/],
    ['a service of another customer', facts().withObjectChanged('services', 'North1', { lcCustomerId: 1 }), 'unexpected', /called and joined/],
    ['a site on another SBC', facts().withObjectChanged('sites', 'North1', { deviceId: 404 }), 'unexpected', /called and joined/],
    ['a site of another service', facts().withObjectChanged('sites', 'North1', { serviceId: 4990 }), 'unexpected', /called and joined/],
    ['a site with another GUID', facts().withObjectChanged('sites', 'North1', { siteGuid: south }), 'unexpected', /called and joined/],
    ['a link to another site', facts().withObjectChanged('links', 'North1', { siteId: 1 }), 'unexpected', /called and joined/],
    ['a link to another IP Group', facts().withObjectChanged('links', 'North1', { ipGroupName: 'Contoso9' }), 'unexpected', /called and joined/],
    ['an object with another name', facts().withObjectChanged('lcCustomers', 'North1', { name: 'North2' }), 'unexpected', /called and joined/],
  ])('finds %s', finds);
});
