import { describe, expect, it } from 'vitest';

import { checkLogs } from './answers.js';
import { check } from './check.js';
import type { DeviceState, Facts, Row } from './facts.js';
import { call, event, goodFacts, groupOf, manyFailed, objectOf, routeOf, saveCall } from './facts.testing.js';
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
const poison = { messageId: 'a', service: 'sbc-agent', what: 'no-json' };
const recovery = { server: 'broker', fault: 'broker-killed', backAtMs: 0, readyAfterMs: 0, answeredAfterMs: 0, load: 0.5 } as const;
const changed = (name: string, changes: Row) => (rows: readonly Row[]) => rows.map((row) => (row['name'] === name ? { ...row, ...changes } : row));
const add = (row: Row) => (rows: readonly Row[]) => [...rows, row];
const without = (name: string) => (rows: readonly Row[]) => rows.filter((row) => row['name'] !== name && row['route-name'] !== name);

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
  ['an answer that is not the log\'s', northWish({ replay: { atMs: 0, tookMs: 1, status: 200, text: '{"deploymentState":"Unknown"}' } }), 'unexpected', /answer is the fold/],
  ['an answer that changed', northWish({ attempts: [{ atMs: 0, tookMs: 1, status: 200, text: '{}' }] }), 'unexpected', /answer is the fold/],
  ['a repeated request that is refused', northWish({ replay: { atMs: 0, tookMs: 1, status: 409, text: '{}' } }), 'unexpected', /answer is the fold/],
  ['an answer that takes its time', ({ wishes }) => ({ wishes: wishes.map((wish) => ({ ...wish, ...(wish.replay ? { replay: { ...wish.replay, tookMs: 10_000 } } : {}) })) }), 'unexpected', /answered at once/],
  ['a task that is not the log\'s', northWish({ task: { atMs: 0, tookMs: 1, status: 404, text: '{}' } }), 'unexpected', /task is the fold/],
  ['two scripts at the same time', () => ({ calls: [call(1, 100, 120), call(2, 110, 150)] }), 'unexpected', /one writer/],
  ['a save while a script still runs', () => ({ calls: [call(1, 100, 140), saveCall(2, 120, 150)] }), 'unexpected', /one writer/],
  ['two scripts to an SBC that a paused agent did not hold', () => ({ calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180)], pauses: [{ fromMs: 10_000, toMs: 30_000, sbcIds: [4] }] }), 'unexpected', /one writer/],
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
  ['a planted row of somebody else that is gone', () => ({ foreign: [{ sbcId: 5, table: 'ip-group', row: { index: 5, name: 'South1', tags: '' } }] }), 'unexpected', /somebody else/],
  ['a broker that was back and nobody served', () => ({ recoveries: [{ ...recovery, answeredAfterMs: 15_001 }] }), 'unexpected', /in time/],
  ['a database that was back and nobody served', () => ({ recoveries: [{ ...recovery, server: 'database', answeredAfterMs: 10_001 }] }), 'unexpected', /in time/],
  ['a SIGTERM that was not obeyed in time', () => ({ shutdowns: [{ instance: 'gateway', tookMs: 25_001 }] }), 'unexpected', /SIGTERM/],
  ['a name that two customers hold', ({ customers }) => ({ customers: [...customers, { guid: 'x', shortName: 'north1', sbcId: 5, isClosed: false }] }), 'duplicated', /held once/],
  ['a failure nobody caused', () => ({ refusingFaults: [] }), 'unexpected', /nearly all/],
  ['something the runner noticed', () => ({ noticed: ['ended with 1'] }), 'unexpected', /strange/],
];

/** What looks like an offence and is none. */
const harmless: readonly (readonly [what: string, change: Change])[] = [
  ['a script that was never applied while another one ran', () => ({ calls: [call(1, 100, 200), call(2, 110, undefined), { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['scripts to two SBCs at the same time', () => ({ calls: [call(1, 100, 200), { ...call(2, 110, 150), id: 4 }, { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
  ['a script that a paused agent had begun to send', () => ({
    calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), { ...call(3, 30_300, undefined), faults: ['fault-1'] }], pauses: [{ fromMs: 10_000, toMs: 30_000, sbcIds: [5] }],
  })],
  ['a script while a save runs whose sender has gone', () => ({ calls: [{ ...saveCall(1, 100, 150), goneAt: 110 }, call(2, 120, 140), { ...call(3, 160, undefined), faults: ['fault-1'] }] })],
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
  ['a late recovery on a machine that was busy', () => ({ recoveries: [{ ...recovery, answeredAfterMs: 15_001, load: 9 }] })],
];

describe('the checker', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(check(goodFacts())).toEqual({ attempts: 4, accepted: 2, deployed: 1, failed: 1, removed: 0, rejected: 0, violations: [] });
  });

  it.each(planted)('finds %s', (_what, change, offence, rule) => {
    const facts = goodFacts();
    const found = check({ ...facts, ...change(facts) }).violations.filter((violation) => violation.offence === offence && rule.test(violation.rule));
    expect(found).not.toEqual([]);
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
