import { describe, expect, it } from 'vitest';

import { checkLogs } from './answers.js';
import { check } from './check.js';
import type { AskedAction, DeviceState, Facts, Row } from './facts.js';
import { asked, call, event, goodFacts, groupOf, manyFailed, objectOf, pauseOf, routeOf, saveCall, southLogs } from './facts.testing.js';
import { foldAll } from './ledger.js';
import type { Offence } from './verdict.js';

const north = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const south = '0c9dfb1a-55c3-4b57-8bb1-7a0d3b1f1a22';
const routes = 'sbc routing ip2ip-routing';

type Change = (facts: Facts) => Partial<Facts>;

const onDevice = (sbcId: number, table: string, change: (rows: readonly Row[]) => readonly Row[], kinds: readonly ('running' | 'saved')[] = ['running', 'saved']): Change => ({ after }) => ({
  after: {
    ...after,
    devices: after.devices.map((device): DeviceState => (device.sbcId !== sbcId
      ? device
      : { ...device, ...Object.fromEntries(kinds.map((kind) => [kind, { ...device[kind], [table]: change(device[kind][table] ?? []) }])) })),
  },
});
const inOvoc = (resource: string, change: (rows: readonly Row[]) => readonly Row[]): Change => ({ after }) => ({
  after: { ...after, ovoc: { ...after.ovoc, [resource]: change(after.ovoc[resource] ?? []) } },
});
const log = (id: string, change: (events: Facts['events'][string]) => Facts['events'][string]): Change => ({ events }) => ({ events: { ...events, [id]: change(events[id] ?? []) } });
const northWish = (changes: Partial<Facts['wishes'][number]>): Change => ({ wishes }) => ({ wishes: wishes.map((wish) => (wish.key === 'north' ? { ...wish, ...changes } : wish)) });
const rowOf = (shortName: string, changes: Partial<Facts['customers'][number]>): Change => ({ customers }) => ({ customers: customers.map((row) => (row.shortName === shortName ? { ...row, ...changes } : row)) });
const withoutRow = (shortName: string): Change => ({ customers }) => ({ customers: customers.filter((row) => row.shortName !== shortName) });
/** North was deleted, and nothing was left undone but what `change` says. */
const removed = (change: Change): Change => (facts) => {
  const id = 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99';
  const deleted = [event('north', 1, 'customer.delete.accepted', undefined), event('north', 1, 'deployment.completed', undefined, { outcome: 'Deleted', eventCount: 2 })];
  return {
    deployments: [...facts.deployments, { ...facts.deployments[0]!, id, kind: 'delete', state: 'Deleted' }],
    events: { ...facts.events, [id]: deleted.map((each) => ({ ...each, subject: id })) }, ...change(facts),
  };
};
const poison = { messageId: 'a', service: 'sbc-agent', what: 'no-json' };
const recovery = { server: 'broker', fault: 'broker-killed', backAtMs: 0, readyAfterMs: 0, answeredAfterMs: 0, load: 0.5 } as const;
const returnOf = (status: number | undefined) => ({ ...poison, attempts: [{ atMs: 1_000, gateway: 'gateway-1', tookMs: 5, ...(status === undefined ? {} : { status }) }] });
const killFault = { name: 'kill-sbc-agent', family: 'kill', lane: 'processes', fromMs: 19_000, toMs: 21_500 };
const brokerFault = { name: 'broker-away', family: 'broker', lane: 'processes', fromMs: 20_500, toMs: 21_000 };
const sbcFault = { name: 'sbc-any-late', family: 'sbc', lane: 'peers', fromMs: 20_500, toMs: 21_000 };
const death = { instance: 'sbc-agent-1', atMs: 20_000, sbcIds: [5], holder: 'a', cause: 'kill', owedSbcIds: [5], restingSbcIds: [], load: 1 };
/** SBC 5 is read 2.1 s after its agent was killed; nothing else was on. */
const takenOver = (changes: Partial<Facts>): Partial<Facts> => ({
  agentDeaths: [death], faultTimes: [killFault], calls: [call(1, 100, 120), { ...call(2, 160, undefined), faults: ['fault-1'] }, { ...call(3, 22_100, 22_101), method: 'GET', path: '/api/v1/status' }], ...changes,
});
const refusedCalls = [call(1, 100, 120), { ...call(2, 160, undefined), faults: ['fault-1'] }];
const readAt = (seq: number, atMs: number) => ({ ...call(seq, atMs, atMs + 1), method: 'GET', path: '/api/v1/status' });
const pauseFault = { name: 'pause-agent', family: 'pause', lane: 'processes', fromMs: 9_990, toMs: 31_010 };
/** An agent stands still for 21 s; nobody takes SBC 5 over, and nothing else is on. */
const standing = (changes: Partial<Facts>, pause: Parameters<typeof pauseOf>[0] = {}): Partial<Facts> => ({
  pauses: [pauseOf({ toMs: 31_000, ...pause })], faultTimes: [pauseFault], calls: refusedCalls, ...changes,
});
const changed = (name: string, changes: Row) => (rows: readonly Row[]) => rows.map((row) => (row['name'] === name ? { ...row, ...changes } : row));
const add = (row: Row) => (rows: readonly Row[]) => [...rows, row];
const without = (name: string) => (rows: readonly Row[]) => rows.filter((row) => row['name'] !== name && row['route-name'] !== name);

const rules = (...named: readonly string[]): Row => (
  { index: 0, name: 'Tenants', children: { 'dial-plan-rule': ['Fabrikam', ...named].map((name, index) => ({ index, name, prefix: '+49' })) } }
);
const dialPlan = 'sbc dial-plan';
/** North is a rule in the dial plan of all, on SBC 5 alone, and `change` is what else became of it. */
const derived = (change: Change = () => ({})): Change => (facts) => {
  const inEach = (state: Facts['before'], rows: (sbcId: number) => readonly Row[]): Facts['before'] => ({
    ...state, devices: state.devices.map(({ sbcId }) => {
      const tables = { ...facts.before.devices[0]?.running, [dialPlan]: rows(sbcId) };
      return { sbcId, running: tables, saved: tables };
    }),
  });
  const after = inEach(facts.after, (sbcId) => [sbcId === 5 ? rules('North1') : rules()]);
  const links = (after.ovoc['links'] ?? []).map(({ ipGroupName: _, ...link }) => link);
  const all = {
    ...facts, ...northWish({ script: 24 })(facts), before: inEach(facts.before, () => [rules()]), after: { ...after, ovoc: { ...after.ovoc, links } },
  };
  return { ...all, ...change(all) };
};
const proxySets = 'proxy-set';
/** North has the rows of script 22, and `change` is what else became of them. */
const withAddresses = (change: Change = () => ({})): Change => (facts) => {
  const set = { 'index': 3, 'proxy-name': 'North1-carrier', 'children': { 'proxy-ip': [{ 'index': 0, 'proxy-address': 'a.example' }] } };
  const rows: readonly (readonly [string, (rows: readonly Row[]) => readonly Row[]])[] = [
    [proxySets, add(set)], ['ip-group', changed('North1', { 'proxy-set-name': 'North1-carrier' })],
    [routes, add({ 'index': 2, 'route-name': 'North1-out', 'src-ip-group-name': 'North1', 'dst-ip-group-name': 'Teams-OC' })],
  ];
  const all = rows.reduce<Facts>((so, [table, make]) => ({ ...so, ...onDevice(5, table, make)(so) }), { ...facts, ...northWish({ script: 22 })(facts) });
  return { ...all, ...change(all) };
};
const addressesOf = (addresses: readonly Row[]) => (rows: readonly Row[]) => rows.map((row) => ({ ...row, children: { 'proxy-ip': addresses } }));

const planted: readonly (readonly [what: string, change: Change, offence: Offence, rule: RegExp])[] = [
  ['an IP Group that is missing', onDevice(5, 'ip-group', without('North1')), 'lost', /exactly one/],
  ['an IP Group that was not saved', onDevice(5, 'ip-group', without('North1'), ['saved']), 'lost', /exactly one/],
  ['a route that is missing', onDevice(5, routes, without('North1-in')), 'lost', /exactly one/],
  ['a site of OVOC that is missing', inOvoc('sites', () => []), 'lost', /exactly one/],
  ['an IP Group that is there twice', onDevice(5, 'ip-group', add({ ...groupOf('north'), index: 9 })), 'duplicated', /exactly one/],
  ['an IP Group on another SBC as well', onDevice(4, 'ip-group', add(groupOf('north'))), 'left behind', /exactly one|nothing/],
  ['a route that is there twice', onDevice(5, routes, add({ ...routeOf('north'), index: 9 })), 'duplicated', /exactly one/],
  ['a service of OVOC that is there twice', inOvoc('services', add(objectOf('north', 5009))), 'duplicated', /exactly one/],
  ['an IP Group of a customer that failed', onDevice(5, 'ip-group', add(groupOf('south'))), 'left behind', /has nothing/],
  ['a route of a customer that failed', onDevice(5, routes, add(routeOf('south'))), 'left behind', /has nothing/],
  ['a link of a customer that failed', inOvoc('links', add(objectOf('south', 9009))), 'left behind', /has nothing/],
  ['rows of a customer nobody knows', onDevice(5, 'ip-group', add({ index: 7, name: 'X', tags: 'Owner=11111111-2222-4333-8444-555555555555' })), 'left behind', /without a deployment/],
  ['a route of a name nobody knows', onDevice(5, routes, add({ 'index': 77, 'route-name': 'Ghost1-in', 'dst-ip-group-name': 'Ghost1' })), 'left behind', /without a deployment/],
  ['a route that nobody knows, not saved', onDevice(5, routes, add({ 'index': 77, 'route-name': 'Ghost1-in', 'dst-ip-group-name': 'Ghost1' }), ['running']), 'left behind', /without a deployment/],
  ['an IP Group of a customer that failed, without its tag', onDevice(5, 'ip-group', add({ index: 77, name: 'South1', tags: '' })), 'left behind', /without a deployment/],
  ['a row of a table that no customer has rows in', onDevice(5, 'proxy-set', add({ index: 9, name: 'South1' })), 'left behind', /without a deployment/],
  ['a route of a customer that failed to the group of somebody who took the name', (facts) => {
    const row = { index: 77, name: 'South1', tags: '' };
    const taken = { ...facts, ...onDevice(5, 'ip-group', add(row))(facts) };
    return { ...onDevice(5, routes, add(routeOf('south')))(taken), foreign: [{ sbcId: 5, table: 'ip-group', row }] };
  }, 'left behind', /without a deployment/],
  ['a row that is like one that was planted in another table', (facts) => {
    const row = { index: 77, name: 'South1', tags: '' };
    const planted = { ...facts, ...onDevice(5, 'proxy-set', add(row))(facts) };
    return { ...onDevice(5, 'ip-group', add(row))(planted), foreign: [{ sbcId: 5, table: 'proxy-set', row }] };
  }, 'left behind', /without a deployment/],
  ['a rule that is missing in the dial plan of all', derived(onDevice(5, dialPlan, () => [rules()])), 'lost', /exactly one/],
  ['a rule that was not saved', derived(onDevice(5, dialPlan, () => [rules()], ['saved'])), 'lost', /exactly one/],
  ['a rule that is there twice', derived(onDevice(5, dialPlan, () => [rules('North1', 'North1')])), 'duplicated', /exactly one/],
  ['a rule on another SBC as well', derived(onDevice(4, dialPlan, () => [rules('North1')])), 'left behind', /has nothing/],
  ['a rule of nobody', derived(onDevice(5, dialPlan, () => [rules('North1', 'Ghost1')])), 'left behind', /without a deployment/],
  ['somebody else\'s rule that is gone', derived(onDevice(5, dialPlan, (rows) => rows.map((row) => ({ ...row, children: {} })))), 'unexpected', /somebody else/],
  ['a proxy set that is missing', withAddresses(onDevice(5, proxySets, () => [])), 'lost', /exactly one/],
  ['a proxy set that is not in effect', withAddresses(onDevice(5, proxySets, (rows) => rows.map((row) => ({ ...row, notActivated: true })))), 'unexpected', /called and joined/],
  ['a proxy set without its address', withAddresses(onDevice(5, proxySets, addressesOf([]))), 'unexpected', /called and joined/],
  ['an address that is not in effect', withAddresses(onDevice(5, proxySets, addressesOf([{ index: 0, notActivated: true }]))), 'unexpected', /called and joined/],
  ['an IP Group that points at another proxy set', withAddresses(onDevice(5, 'ip-group', changed('North1', { 'proxy-set-name': 'SIPTrunk' }))), 'unexpected', /called and joined/],
  ['a proxy set of a customer that failed', (facts) => {
    const south = facts.wishes.map((wish) => (wish.key === 'south' ? { ...wish, script: 22 } : wish));
    return { ...onDevice(5, proxySets, add({ 'index': 3, 'proxy-name': 'South1-carrier' }))(facts), wishes: south };
  }, 'left behind', /has nothing/],
  ['an IP Group of a customer that failed, with the short mark', onDevice(5, 'ip-group', add({ index: 3, name: 'South1', tags: `Own=${Buffer.from('a2c1fd8e0a4b4a869f937f7c8c0c4b33', 'hex').toString('base64url')}` })), 'left behind', /has nothing/],
  ['an SBC of OVOC that was not there', inOvoc('devices', add({ id: 499, name: 'sbc99' })), 'left behind', /without a deployment/],
  ['an object of OVOC nobody knows', inOvoc('lcCustomers', add({ id: 3009, name: 'X', description: null })), 'left behind', /without a deployment/],
  ['somebody else\'s row that changed', onDevice(5, 'ip-group', (rows) => rows.map((row) => (row['name'] === 'Contoso9' ? { ...row, tags: '' } : row))), 'unexpected', /somebody else/],
  ['somebody else\'s row that is gone', onDevice(4, 'ip-group', without('Contoso9')), 'unexpected', /somebody else/],
  ['somebody else\'s service that is gone', inOvoc('services', without('Contoso9')), 'unexpected', /somebody else/],
  ['a request that was accepted and is not stored', ({ deployments, events }) => ({
    deployments: deployments.filter(({ id }) => id !== south), events: Object.fromEntries(Object.entries(events).filter(([id]) => id !== south)),
  }), 'lost', /accepted request is stored/],
  ['a deployment that never ends', log(north, (events) => events.filter(({ type }) => type !== 'trunkline.deployment.completed.v1')), 'lost', /accepted request ends/],
  ['a state that is not the log\'s', ({ deployments }) => ({ deployments: deployments.map((row) => ({ ...row, state: 'Deployed' })) }), 'unexpected', /stored state/],
  ['an event that happened twice', log(north, (events) => [...events, { ...event('north', 1, 'sbc.onboarded', undefined), id: 'another' }]), 'duplicated', /happens once/],
  ['an answer that is not the log\'s', northWish({ replay: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 200, text: '{"deploymentState":"Unknown"}' } }), 'unexpected', /answer is the fold/],
  ['an answer of the other gateway that is another one', northWish({ attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 1 }, { atMs: 500, gateway: 'gateway-2', tookMs: 1, status: 200, text: '{}' }] }), 'unexpected', /answer is the fold/],
  ['an answer that changed', northWish({ attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 200, text: '{}' }] }), 'unexpected', /answer is the fold/],
  ['a repeated request that is refused', northWish({ replay: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 409, text: '{}' } }), 'unexpected', /answer is the fold/],
  ['an answer that takes its time', ({ wishes }) => ({ wishes: wishes.map((wish) => ({ ...wish, ...(wish.replay ? { replay: { ...wish.replay, tookMs: 10_000 } } : {}) })) }), 'unexpected', /answered at once/],
  ['a task that is not the log\'s', northWish({ task: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 404, text: '{}' } }), 'unexpected', /task is the fold/],
  ['two scripts at the same time', () => ({ calls: [call(1, 100, 120), call(2, 110, 150)] }), 'unexpected', /one writer/],
  ['a save while a script still runs', () => ({ calls: [call(1, 100, 140), saveCall(2, 120, 150)] }), 'unexpected', /one writer/],
  ['two scripts to an SBC that a paused agent did not hold', () => ({ calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180)], pauses: [pauseOf({ sbcIds: [4] })] }), 'unexpected', /one writer/],
  ['two scripts after a pause, each beside another one', () => ({
    calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), call(3, 30_400, 30_500), call(4, 30_450, 30_480)], pauses: [pauseOf()],
  }), 'unexpected', /one writer/],
  ['two scripts beside the one that a paused agent had begun to send', () => ({ calls: [call(1, 30_100, 30_900), call(2, 30_150, 30_300), call(3, 30_200, 30_250)], pauses: [pauseOf()] }), 'unexpected', /one writer/],
  ['two scripts that both came later than a paused agent may have sent', () => ({ calls: [call(1, 31_000, 31_900), call(2, 31_200, 31_800)], pauses: [pauseOf()] }), 'unexpected', /one writer/],
  ['a script while a save runs that its sender waits for', () => ({ calls: [saveCall(1, 100, 150), { ...call(2, 120, 130) }] }), 'unexpected', /one writer/],
  ['a script after a save whose sender has gone, and another one', () => ({ calls: [{ ...saveCall(1, 100, 150), goneAt: 110 }, call(2, 120, 140), call(3, 130, 160)] }), 'unexpected', /one writer/],
  ['a script within a longer one that others came before', () => ({ calls: [call(1, 100, 200), call(2, 110, 120), call(3, 150, 160)] }), 'unexpected', /one writer/],
  ['a log of the peers that has a gap', () => ({ calls: [call(1, 100, 120), call(3, 130, 150)] }), 'unexpected', /log is whole/],
  ['a log of the peers that lost its beginning', () => ({ calls: [call(7, 100, 120)] }), 'unexpected', /log is whole/],
  ['an end that the outcome does not say', log(north, (events) => events.map((each) => (each.type === 'trunkline.deployment.completed.v1'
    ? { ...each, data: { ...each.data, outcome: 'Failed' } }
    : each))), 'unexpected', /last outcome|stored state/],
  ['an IP Group with another name', onDevice(5, 'ip-group', (rows) => rows.map((row) => (row['name'] === 'North1' ? { ...row, name: 'North2' } : row))), 'unexpected', /called and joined/],
  ['a route to another group', onDevice(5, routes, (rows) => rows.map((row) => ({ ...row, 'dst-ip-group-name': 'Contoso9' }))), 'unexpected', /called and joined/],
  ['a service of another customer', inOvoc('services', changed('North1', { lcCustomerId: 1 })), 'unexpected', /called and joined/],
  ['a site on another SBC', inOvoc('sites', changed('North1', { deviceId: 404 })), 'unexpected', /called and joined/],
  ['a site of another service', inOvoc('sites', changed('North1', { serviceId: 4990 })), 'unexpected', /called and joined/],
  ['a site with another GUID', inOvoc('sites', changed('North1', { siteGuid: south })), 'unexpected', /called and joined/],
  ['a link to another site', inOvoc('links', changed('North1', { siteId: 1 })), 'unexpected', /called and joined/],
  ['a link to another IP Group', inOvoc('links', changed('North1', { ipGroupName: 'Contoso9' })), 'unexpected', /called and joined/],
  ['an object with another name', inOvoc('lcCustomers', changed('North1', { name: 'North2' })), 'unexpected', /called and joined/],
  ['a row in an outbox', () => ({ outboxes: { ovoc_sync: 1 } }), 'unexpected', /to be published/],
  ['an open job', () => ({ openJobs: { ovoc_sync: 1 } }), 'unexpected', /job/],
  ['a message that waits', () => ({ queues: { 'sbc-agent': 1 } }), 'unexpected', /queue/],
  ['a dead letter that nobody injected', () => ({ deadLetters: [{ messageId: 'a', service: 'sbc-agent', state: 'held' }] }), 'unexpected', /no dead letter/],
  ['an injected message at another service', () => ({ deadLetters: [{ messageId: 'a', service: 'ovoc-sync', state: 'held' }], injected: [poison] }), 'unexpected', /no dead letter/],
  ['a dead letter that is there twice', () => ({ deadLetters: [{ ...poison, state: 'held' }, { ...poison, state: 'on the broker' }], injected: [poison] }), 'duplicated', /kept once/],
  ['an injected message that is no dead letter', () => ({ injected: [poison] }), 'lost', /injected message/],
  ['a returned message that did not come back', () => ({ deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)] }), 'lost', /refused again/],
  ['a returned message that did not come back, long before a broker was killed', () => ({
    deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)], faultTimes: [{ ...brokerFault, fromMs: 70_000, toMs: 80_000 }],
  }), 'lost', /refused again/],
  ['a return that was taken and is not counted', () => ({ deadLetters: [{ ...poison, state: 'held', timesReturned: 0 }], injected: [poison], returned: [returnOf(202)] }), 'lost', /return that was taken/],
  ['two returns that were taken of which one had effect', () => ({ deadLetters: [{ ...poison, state: 'held', timesReturned: 1 }], injected: [poison], returned: [returnOf(202), returnOf(202)] }), 'lost', /return that was taken/],
  ['a return that had effect twice', () => ({ deadLetters: [{ ...poison, state: 'held', timesReturned: 2 }], injected: [poison], returned: [returnOf(202), returnOf(409)] }), 'duplicated', /once for each yes/],
  ['a return that nobody knows', () => ({ deadLetters: [{ ...poison, state: 'held', timesReturned: 0 }], injected: [poison], returned: [returnOf(404)] }), 'unexpected', /taken or not allowed/],
  ['a returned message that was carried out', ({ deployments }) => ({ deployments: [...deployments, { ...deployments[1]!, id: 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99' }] }), 'unexpected', /nobody asked for/],
  ['a take-over that came late', () => takenOver({}), 'unexpected', /killed in time/],
  ['a take-over that never came', () => takenOver({ calls: [] }), 'unexpected', /killed in time/],
  ['a late take-over from one that was killed in its drain', () => takenOver({
    agentDeaths: [{ ...death, cause: 'drain' }], faultTimes: [{ ...killFault, name: 'drain-sbc-agent-then-kill', family: 'drain' }], shutdowns: [{ instance: 'sbc-agent-1', atMs: 17_000, tookMs: 400 }],
  }), 'unexpected', /killed in time/],
  ['a late take-over beside a fault of another SBC', () => takenOver({ faultTimes: [killFault, { ...sbcFault, sbcId: 4 }] }), 'unexpected', /killed in time/],
  ['a late take-over before which only messages were delayed', () => takenOver({ faultTimes: [killFault, { ...brokerFault, family: 'messages' }] }), 'unexpected', /killed in time/],
  ['a late take-over long after a fault of the broker', () => takenOver({ faultTimes: [killFault, { ...brokerFault, fromMs: 1, toMs: 2 }] }), 'unexpected', /killed in time/],
  ['a late take-over before a fault that came when it was late already', () => takenOver({ faultTimes: [killFault, { ...brokerFault, fromMs: 22_050, toMs: 23_000 }] }), 'unexpected', /killed in time/],
  ['a planted row of somebody else that is gone', () => ({ foreign: [{ sbcId: 5, table: 'ip-group', row: { index: 5, name: 'South1', tags: '' } }] }), 'unexpected', /somebody else/],
  ['a broker that was back and nobody served', () => ({ recoveries: [{ ...recovery, answeredAfterMs: 15_001 }] }), 'unexpected', /in time/],
  ['a database that was back and nobody served', () => ({ recoveries: [{ ...recovery, server: 'database', answeredAfterMs: 10_001 }] }), 'unexpected', /in time/],
  ['a gateway that was ready late after the broker', () => ({ recoveries: [{ ...recovery, readyAfterMs: 15_001 }] }), 'unexpected', /ready in time/],
  ['a gateway that was ready late after the database', () => ({ recoveries: [{ ...recovery, server: 'database', readyAfterMs: 10_001 }] }), 'unexpected', /ready in time/],
  ['an SBC that nobody took over from one that stood still', () => standing({}), 'unexpected', /stands still in time/],
  ['an SBC that was taken over late from one that stood still', () => standing({ calls: [...refusedCalls, readAt(3, 30_001)] }), 'unexpected', /stands still in time/],
  ['an SBC that one who stood still read again, and nobody else', () => standing({ calls: [...refusedCalls, readAt(3, 10_900), readAt(4, 31_001)] }), 'unexpected', /stands still in time/],
  ['a SIGTERM that was not obeyed in time', () => ({ shutdowns: [{ instance: 'gateway-1', atMs: 0, tookMs: 25_001 }] }), 'unexpected', /SIGTERM/],
  ['a name that two customers hold', ({ customers }) => ({ customers: [...customers, { guid: 'x', shortName: 'north1', sbcId: 5, isClosed: false }] }), 'duplicated', /held once/],
  ['a name that one who failed still holds', rowOf('South1', { isClosed: false }), 'left behind', /name is free/],
  ['a name that one who was removed still holds', removed(() => ({})), 'left behind', /name is free/],
  ['a Deployed customer whose name is free', rowOf('North1', { isClosed: true }), 'lost', /holds its name/],
  ['a Deployed customer who has no row', withoutRow('North1'), 'lost', /holds its name/],
  ['a failure nobody caused', () => ({ refusingFaults: [] }), 'unexpected', /nearly all/],
  ['something the runner noticed', () => ({ noticed: ['ended with 1'] }), 'unexpected', /strange/],
];

/** What looks like an offence and is none. */
const harmless: readonly (readonly [what: string, change: Change])[] = [
  ['a script that was never applied while another one ran', () => ({ calls: [call(1, 100, 200), call(2, 110, undefined), { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['scripts to two SBCs at the same time', () => ({ calls: [call(1, 100, 200), { ...call(2, 110, 150), id: 4 }, { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['a script that a paused agent had begun to send', () => ({
    calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), { ...call(3, 30_300, undefined), faults: ['fault-1'] }], pauses: [pauseOf()],
  })],
  ['a script that a paused agent had begun to send and that outlasts several', () => ({
    calls: [call(1, 30_100, 33_000), call(2, 30_200, 30_300), call(3, 32_500, 32_900), { ...call(4, 33_100, undefined), faults: ['fault-1'] }], pauses: [pauseOf()],
  })],
  ['a script to each of the SBCs that a paused agent held', () => ({
    calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), ...[call(3, 30_300, 30_500), call(4, 30_400, 30_450)].map((each) => ({ ...each, id: 4 })), { ...call(5, 30_600, undefined), faults: ['fault-1'] }],
    pauses: [pauseOf({ sbcIds: [4, 5] })],
  })],
  ['a script while a save runs whose sender has gone', () => ({ calls: [{ ...saveCall(1, 100, 150), goneAt: 110 }, call(2, 120, 140), { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['two saves at a time', () => ({ calls: [saveCall(1, 100, 150), saveCall(2, 120, 140), { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['a rule in the dial plan of all', derived()],
  ['a customer with addresses inside a proxy set', withAddresses()],
  ['one who ended before anything was stored', withoutRow('South1')],
  ['dead letters that were injected', () => ({ deadLetters: [{ ...poison, state: 'held' }], injected: [poison] })],
  ['an injected message that went with the broker\'s data', () => ({ injected: [{ ...poison, mayBeMissing: true }] })],
  ['a planted row that a restart has moved', ({ after }) => {
    const planted = { index: 5, name: 'South1', tags: 'Owner=11111111-2222-4333-8444-555555555555' };
    const moved = { ...planted, index: 6 };
    const devices = after.devices.map((device) => (device.sbcId !== 5
      ? device
      : { ...device, running: { ...device.running, 'ip-group': [...device.running['ip-group'] ?? [], moved] }, saved: { ...device.saved, 'ip-group': [...device.saved['ip-group'] ?? [], planted] } }));
    return { after: { ...after, devices }, foreign: [{ sbcId: 5, table: 'ip-group', row: planted }] };
  }],
  ['injected messages that were returned', () => ({ deadLetters: [{ ...poison, state: 'held', timesReturned: 2 }], injected: [poison], returned: [returnOf(202), returnOf(409), returnOf(undefined)] })],
  ['a returned message that a broker has lost', () => ({ deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)], faultTimes: [brokerFault] })],
  ['a late take-over on a machine that was busy', () => takenOver({ agentDeaths: [{ ...death, load: 9 }] })],
  ['a late take-over of an SBC that was resting', () => takenOver({ agentDeaths: [{ ...death, restingSbcIds: [5] }] })],
  ['a late take-over of an SBC that was owed nothing', () => takenOver({ agentDeaths: [{ ...death, owedSbcIds: [] }] })],
  ['a late take-over beside a fault of the SBC', () => takenOver({ faultTimes: [killFault, { ...sbcFault, sbcId: 5 }] })],
  ['a late take-over beside a fault of the broker', () => takenOver({ faultTimes: [killFault, brokerFault] })],
  ['a late take-over just after a fault of the broker', () => takenOver({ faultTimes: [killFault, { ...brokerFault, fromMs: 15_000, toMs: 18_000 }] })],
  ['a late take-over while another agent ended as well', () => takenOver({ shutdowns: [{ instance: 'sbc-agent-2', atMs: 21_000, tookMs: 100 }] })],
  ['a late recovery on a machine that was busy', () => ({ recoveries: [{ ...recovery, readyAfterMs: 15_001, answeredAfterMs: 15_001, load: 9 }] })],
  ['an SBC that was taken over from one that stood still', () => standing({ calls: [...refusedCalls, readAt(3, 29_999)] })],
  ['an SBC that nobody took over in too short a time', () => standing({}, { toMs: 30_000 })],
  ['an SBC without work that nobody took over', () => standing({}, { owedSbcIds: [] })],
  ['an SBC that rests and that nobody took over', () => standing({}, { restingSbcIds: [5] })],
  ['an SBC that nobody took over on a machine that was busy', () => standing({}, { load: 9 })],
  ['an SBC that nobody took over beside a fault of its', () => standing({ faultTimes: [pauseFault, { ...sbcFault, sbcId: 5 }] })],
  ['an SBC that nobody took over beside a fault of the broker', () => standing({ faultTimes: [pauseFault, brokerFault] })],
];

type South = keyof typeof southLogs;
const mine = (action: AskedAction['action'], ...statuses: readonly (number | undefined)[]) => asked(action, action === 'cancel' ? 'cancelled by one' : 'given up by one', ...statuses);
const others = (action: AskedAction['action'], ...statuses: readonly (number | undefined)[]) => asked(action, 'another one', ...statuses);
const refusedIn = (asks: AskedAction, state: string): AskedAction => (
  { ...asks, attempts: [{ atMs: 50, gateway: 'gateway-1', tookMs: 5, status: 409, text: `{"detail":"${asks.action} is not allowed while the deployment is ${state}. Nothing is allowed now."}` }] }
);

/** What was asked of South, and does not go with what became of it. */
const plantedActions: readonly (readonly [what: string, south: South, actions: readonly AskedAction[], offence: Offence, rule: RegExp])[] = [
  ['a cancel that was taken and did nothing', 'rolledBack', [mine('cancel', 202), mine('rollback', 202)], 'lost', /has its effect/],
  ['two cancels that were taken', 'cancelled', [mine('cancel', 202), others('cancel', 202)], 'lost', /has its effect/],
  ['a customer who was cancelled although all cancels were refused', 'cancelled', [mine('cancel', 409)], 'unexpected', /unasked/],
  ['a cancel that was refused while it ran', 'rolledBack', [refusedIn(mine('cancel'), 'Programming'), mine('rollback', 202)], 'unexpected', /legal/],
  ['a rollback that was refused while it was held', 'retried', [mine('retry', 202), mine('rollback', 202), refusedIn(others('rollback'), 'Held')], 'unexpected', /legal/],
  ['an answer that no action has', 'cancelled', [mine('cancel', 202, 400)], 'unexpected', /taken or not allowed/],
  ['two rollbacks that were taken', 'rolledBack', [mine('rollback', 202), others('rollback', 202)], 'lost', /has its effect/],
  ['a retry that was taken beside a rollback', 'rolledBack', [mine('rollback', 202), others('retry', 202)], 'lost', /has its effect/],
  ['a rollback that nobody asked for', 'rolledBack', [mine('rollback', 409)], 'unexpected', /unasked/],
  ['a retry that nobody asked for', 'retried', [mine('rollback', 202)], 'unexpected', /unasked/],
  ['an abandonment that nobody asked for', 'abandoned', [others('abandon', undefined)], 'unexpected', /unasked/],
  ['two abandonments that were taken', 'abandoned', [mine('abandon', 202), others('abandon', 202)], 'lost', /has its effect/],
];

describe('what was asked of deployments', () => {
  const byHand = [{ deploymentId: south, atMs: 0, found: [] }];
  const factsOf = (end: South, actions: readonly AskedAction[]): Facts => ({ ...goodFacts(southLogs[end]), actions, byHand });

  it.each(plantedActions)('shows %s', (_what, south, actions, offence, rule) => {
    const found = check(factsOf(south, actions)).violations.filter((violation) => violation.offence === offence && rule.test(violation.rule));
    expect(found).not.toEqual([]);
  });

  it.each([
    ['a cancel that was taken', 'cancelled', [mine('cancel', 503, 202), others('cancel', 409)]],
    ['a cancel that was taken and whose answer was lost', 'cancelled', [mine('cancel', undefined, 409)]],
    ['a cancel before anybody knew the request', 'rolledBack', [{ ...mine('cancel'), attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 5, status: 404 }] }, mine('rollback', 202)]],
    ['two rollbacks at once', 'rolledBack', [mine('rollback', 202), refusedIn(others('rollback'), 'RollingBack')]],
    ['a retry, then a rollback', 'retried', [mine('retry', 202), mine('rollback', 202), refusedIn(others('abandon'), 'Programming')]],
    ['an abandonment', 'abandoned', [mine('abandon', 202), others('retry', 409)]],
  ] as const)('passes with %s', (_what, south, actions) => {
    expect(check(factsOf(south, actions)).violations).toEqual([]);
  });

  it('shows two who both had effect in one round', () => {
    const both = [...southLogs.rolledBack, event('south', 2, 'customer.create.accepted', undefined)];
    expect(check({ ...goodFacts(both), actions: [mine('rollback', 202), others('retry', 202)] }).violations).toMatchObject([{ offence: 'duplicated', rule: 'of two who act at once one has effect' }]);
  });

  it.each([
    ['is deployed all the same', { ...southLogs.abandoned[4]!.data, outcome: 'Held' }],
    ['ends without the reason', { ...southLogs.abandoned[4]!.data, reason: 'SBC unreachable' }],
  ])('shows one who was abandoned and %s', (_what, data) => {
    const wrong = southLogs.abandoned.map((each) => (each.round === 2 && each.type === 'trunkline.deployment.completed.v1' ? { ...each, data } as typeof each : each));
    expect(check({ ...goodFacts(wrong), actions: [mine('abandon', 202)] }).violations).toContainEqual(expect.objectContaining({ rule: 'what is abandoned ends so' }));
  });

  it('shows one who was abandoned and never taken off', () => {
    expect(check({ ...factsOf('abandoned', [mine('abandon', 202)]), byHand: [] }).violations).toMatchObject([{ rule: 'what is abandoned is taken off by hand' }]);
  });

  it('shows rows of one who was abandoned that came back', () => {
    const facts = factsOf('abandoned', [mine('abandon', 202)]);
    expect(check({ ...facts, ...onDevice(5, 'ip-group', add(groupOf('south')))(facts) }).violations).toMatchObject(Array.from({ length: 2 }, () => ({ offence: 'left behind' })));
  });

  it('shows one who is held for ever', () => {
    const held = southLogs.rolledBack.filter(({ round }) => round === 1);
    expect(check(goodFacts(held)).violations).toContainEqual(expect.objectContaining({ offence: 'lost', rule: 'an accepted request ends' }));
  });

  it('shows one who was accepted, and not found by a cancel', () => {
    const facts = factsOf('rolledBack', [mine('cancel', 404), mine('rollback', 202)]);
    const wishes = facts.wishes.map((wish) => ({ ...wish, attempts: wish.attempts.map((attempt) => ({ ...attempt, atMs: 0 })) }));
    expect(check({ ...facts, wishes }).violations).toMatchObject([{ offence: 'lost', rule: 'what was accepted can be cancelled' }]);
  });

  it('shows one who stands, and was not found by a delete', () => {
    const facts = goodFacts();
    const [north] = facts.wishes;
    const removal = { ...north!, kind: 'delete' as const, key: facts.customers[0]!.guid, deploymentId: 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99', attempts: [{ atMs: 50, gateway: 'gateway-1', tookMs: 5, status: 404 }] };
    expect(check({ ...facts, wishes: [...facts.wishes, removal] }).violations).toMatchObject([{ offence: 'lost', rule: 'a customer who stands can be removed' }]);
  });

  it.each([
    ['does not count who was hindered against us', 'cancelled', ['south'], 0],
    ['counts who was not', 'cancelled', [], 1],
  ] as const)('%s', (_what, south, hindered, count) => {
    const facts = { ...factsOf(south, [mine('cancel', 202)]), hindered, calls: [call(1, 100, 120)] };
    expect(check(facts).violations.filter(({ rule }) => rule === 'nearly all valid requests are deployed')).toHaveLength(count);
  });
});

describe('the checker', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(check(goodFacts())).toEqual({ attempts: 4, accepted: 2, deployed: 1, failed: 1, removed: 0, rejected: 0, violations: [] });
  });

  it.each(planted)('finds %s', (_what, change, offence, rule) => {
    const facts = goodFacts();
    const found = check({ ...facts, ...change(facts) }).violations.filter((violation) => violation.offence === offence && rule.test(violation.rule));
    expect(found).not.toEqual([]);
  });

  it.each([
    ['was cancelled', southLogs.cancelled],
    ['was cancelled before the checks', [event('south', 1, 'customer.create.accepted', undefined), event('south', 1, 'deployment.completed', undefined, { outcome: 'Cancelled', eventCount: 2 })]],
    ['was held and rolled back', southLogs.rolledBack],
    ['was abandoned', southLogs.abandoned],
    ['was refused', [event('south', 1, 'customer.create.accepted', undefined), event('south', 1, 'customer.create.rejected', undefined, { status: 503, errorCode: 'X', errors: [] })]],
  ])('finds a name that is taken for ever by one who %s', (_what, southLog) => {
    const namesOf = (facts: Facts) => check(facts).violations.filter(({ rule }) => rule === 'a name is free once its customer is gone');
    const facts = goodFacts(southLog);
    expect([facts, { ...facts, ...withoutRow('South1')(facts) }].map((each) => namesOf(each).length)).toEqual([0, 0]);
    expect(namesOf({ ...facts, ...rowOf('South1', { isClosed: false })(facts) })).toMatchObject([{ offence: 'left behind', evidence: expect.stringContaining('South1') as string }]);
  });

  it('tells a route of a customer that failed once, running and saved', () => {
    const facts = goodFacts();
    const rule = 'a customer that failed or was removed has nothing';
    expect(check({ ...facts, ...onDevice(5, routes, add(routeOf('south')))(facts) }).violations).toMatchObject([{ rule }, { rule }]);
  });

  it('lets a name be free that a removed customer had', () => {
    const facts = goodFacts();
    const found = check({ ...facts, ...removed(rowOf('North1', { isClosed: true }))(facts) }).violations.filter(({ rule }) => rule.includes('name'));
    expect(found).toEqual([]);
  });

  it('does not take the fold\'s word for the end', () => {
    const facts = goodFacts();
    const folded = new Map([...foldAll(facts)].map(([id, deployment]) => [id, { ...deployment, state: 'Failed' as const, reason: 'a fold gone wrong' }]));
    expect(checkLogs(facts, folded).map(({ rule }) => rule)).toContain('the end is what the last outcome says');
  });

  it.each(harmless)('finds nothing wrong with %s', (_what, change) => {
    const facts = goodFacts();
    expect(check({ ...facts, ...change(facts) }).violations).toEqual([]);
  });

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
