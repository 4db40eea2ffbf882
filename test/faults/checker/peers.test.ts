import { describe, expect, it } from 'vitest';

import { groupOf, objectOf, routeOf } from './facts.testing.js';
import { dialPlan, dialPlanOf, facts, finds, findsNothing, northInDialPlan, northWithAddresses, proxySets, routes, type Harmless, type Planted } from './scenario.testing.js';

const nameTaken = { index: 77, name: 'South1', tags: '' };
const planted = { index: 5, name: 'South1', tags: 'Owner=11111111-2222-4333-8444-555555555555' };

describe('the checker of what stands at the peers', () => {
  it.each<Planted>([
    ['an IP Group that is missing', facts().withoutRow(5, 'ip-group', 'North1'), 'lost', /exactly one/],
    ['an IP Group that was not saved', facts().withoutRow(5, 'ip-group', 'North1', ['saved']), 'lost', /exactly one/],
    ['a route that is missing', facts().withoutRow(5, routes, 'North1-in'), 'lost', /exactly one/],
    ['a site of OVOC that is missing', facts().withObjects('sites', () => []), 'lost', /exactly one/],
    ['an IP Group that is there twice', facts().withRow(5, 'ip-group', { ...groupOf('north'), index: 9 }), 'duplicated', /exactly one/],
    ['an IP Group on another SBC as well', facts().withRow(4, 'ip-group', groupOf('north')), 'left behind', /exactly one|nothing/],
    ['a route that is there twice', facts().withRow(5, routes, { ...routeOf('north'), index: 9 }), 'duplicated', /exactly one/],
    ['a service of OVOC that is there twice', facts().withObject('services', objectOf('north', 5009)), 'duplicated', /exactly one/],
    ['an IP Group of a customer that failed', facts().withRow(5, 'ip-group', groupOf('south')), 'left behind', /has nothing/],
    ['a route of a customer that failed', facts().withRow(5, routes, routeOf('south')), 'left behind', /has nothing/],
    ['a link of a customer that failed', facts().withObject('links', objectOf('south', 9009)), 'left behind', /has nothing/],
    ['rows of a customer nobody knows', facts().withRow(5, 'ip-group', { index: 7, name: 'X', tags: 'Owner=11111111-2222-4333-8444-555555555555' }), 'left behind', /without a deployment/],
    ['a route of a name nobody knows', facts().withRow(5, routes, { 'index': 77, 'route-name': 'Ghost1-in', 'dst-ip-group-name': 'Ghost1' }), 'left behind', /without a deployment/],
    ['a route that nobody knows, not saved', facts().withRow(5, routes, { 'index': 77, 'route-name': 'Ghost1-in', 'dst-ip-group-name': 'Ghost1' }, ['running']), 'left behind', /without a deployment/],
    ['an IP Group of a customer that failed, without its tag', facts().withRow(5, 'ip-group', { index: 77, name: 'South1', tags: '' }), 'left behind', /without a deployment/],
    ['a row of a table that no customer has rows in', facts().withRow(5, 'proxy-set', { index: 9, name: 'South1' }), 'left behind', /without a deployment/],
    ['a route of a customer that failed to the group of somebody who took the name', facts().withRow(5, 'ip-group', nameTaken).withRow(5, routes, routeOf('south')).with({ foreign: [{ sbcId: 5, table: 'ip-group', row: nameTaken }] }), 'left behind', /without a deployment/],
    ['a row that is like one that was planted in another table', facts().withRow(5, 'proxy-set', nameTaken).withRow(5, 'ip-group', nameTaken).with({ foreign: [{ sbcId: 5, table: 'proxy-set', row: nameTaken }] }), 'left behind', /without a deployment/],
    ['a rule that is missing in the dial plan of all', northInDialPlan().withRows(5, dialPlan, () => [dialPlanOf()]), 'lost', /exactly one/],
    ['a rule that was not saved', northInDialPlan().withRows(5, dialPlan, () => [dialPlanOf()], ['saved']), 'lost', /exactly one/],
    ['a rule that is there twice', northInDialPlan().withRows(5, dialPlan, () => [dialPlanOf('North1', 'North1')]), 'duplicated', /exactly one/],
    ['a rule on another SBC as well', northInDialPlan().withRows(4, dialPlan, () => [dialPlanOf('North1')]), 'left behind', /has nothing/],
    ['a rule of nobody', northInDialPlan().withRows(5, dialPlan, () => [dialPlanOf('North1', 'Ghost1')]), 'left behind', /without a deployment/],
    ['somebody else\'s rule that is gone', northInDialPlan().withRows(5, dialPlan, (rows) => rows.map((row) => ({ ...row, children: {} }))), 'unexpected', /somebody else/],
    ['a proxy set that is missing', northWithAddresses().withRows(5, proxySets, () => []), 'lost', /exactly one/],
    ['a proxy set of a customer that failed', facts().withRequest('south', { script: 22 }).withRow(5, proxySets, { 'index': 3, 'proxy-name': 'South1-carrier' }), 'left behind', /has nothing/],
    ['an IP Group of a customer that failed, with the short mark', facts().withRow(5, 'ip-group', { index: 3, name: 'South1', tags: `Own=${Buffer.from('a2c1fd8e0a4b4a869f937f7c8c0c4b33', 'hex').toString('base64url')}` }), 'left behind', /has nothing/],
    ['an SBC of OVOC that was not there', facts().withObject('devices', { id: 499, name: 'sbc99' }), 'left behind', /without a deployment/],
    ['an object of OVOC nobody knows', facts().withObject('lcCustomers', { id: 3009, name: 'X', description: null }), 'left behind', /without a deployment/],
    ['somebody else\'s row that changed', facts().withRows(5, 'ip-group', (rows) => rows.map((row) => (row['name'] === 'Contoso9' ? { ...row, tags: '' } : row))), 'unexpected', /somebody else/],
    ['somebody else\'s row that is gone', facts().withoutRow(4, 'ip-group', 'Contoso9'), 'unexpected', /somebody else/],
    ['somebody else\'s service that is gone', facts().withoutObject('services', 'Contoso9'), 'unexpected', /somebody else/],
    ['a planted row of somebody else that is gone', facts().with({ foreign: [{ sbcId: 5, table: 'ip-group', row: { index: 5, name: 'South1', tags: '' } }] }), 'unexpected', /somebody else/],
  ])('finds %s', finds);

  it.each<Harmless>([
    ['a rule in the dial plan of all', northInDialPlan()],
    ['a customer with addresses inside a proxy set', northWithAddresses()],
    ['a planted row that a restart has moved', facts().withRow(5, 'ip-group', { ...planted, index: 6 }, ['running']).withRow(5, 'ip-group', planted, ['saved']).with({ foreign: [{ sbcId: 5, table: 'ip-group', row: planted }] })],
  ])('finds nothing wrong with %s', findsNothing);

  it('reports a route of a customer that failed once, running and saved', () => {
    const rule = 'a customer that failed or was removed has nothing';
    expect(facts().withRow(5, routes, routeOf('south')).violations).toMatchObject([{ rule }, { rule }]);
  });
});
