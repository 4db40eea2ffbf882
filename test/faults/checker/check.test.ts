import { describe, expect, it } from 'vitest';

import { check } from './check.js';
import type { DeviceState, Facts, Row } from './facts.js';
import { call, event, goodFacts, groupOf, objectOf, routeOf } from './facts.testing.js';
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
  ['two scripts at the same time', () => ({ calls: [call(1, 100, 120, true), call(2, 110, 150, true)] }), 'unexpected', /one writer/],
  ['a row in an outbox', () => ({ outboxes: { ovoc_sync: 1 } }), 'unexpected', /to be published/],
  ['an open job', () => ({ openJobs: { ovoc_sync: 1 } }), 'unexpected', /job/],
  ['a dead letter', () => ({ queues: { 'sbc-agent.dead-letters': 1 } }), 'unexpected', /queue/],
  ['a name that two customers hold', ({ customers }) => ({ customers: [...customers, { guid: 'x', shortName: 'north1', sbcId: 5, isClosed: false }] }), 'duplicated', /held once/],
  ['a failure nobody caused', () => ({ refusingFaults: [] }), 'unexpected', /nearly all/],
  ['something the runner noticed', () => ({ noticed: ['ended with 1'] }), 'unexpected', /strange/],
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
});
