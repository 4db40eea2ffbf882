import type { DeploymentEventMessage } from '@trunkline/contracts';
import { expect } from 'vitest';

import { check } from './check.js';
import type { Facts, Pause, Row, ClientRequest } from './facts.js';
import { call, goodFacts, ids, north, pauseOf, refusedCall } from './facts.testing.js';
import type { Offence, Violation } from './verdict.js';

type Where = 'running' | 'saved';
type ChangeRows = (rows: readonly Row[]) => readonly Row[];

export const routes = 'sbc routing ip2ip-routing';
export const dialPlan = 'sbc dial-plan';
export const proxySets = 'proxy-set';

/** The facts of a run, and what is different in them: each call returns new ones. */
export class Scenario {
  constructor(readonly facts: Facts) {}

  get violations(): readonly Violation[] {
    return check(this.facts).violations;
  }

  with(changes: Partial<Facts> | ((facts: Facts) => Partial<Facts>)): Scenario {
    return new Scenario({ ...this.facts, ...(typeof changes === 'function' ? changes(this.facts) : changes) });
  }

  withRow(sbcId: number, table: string, row: Row, where?: readonly Where[]): Scenario {
    return this.withRows(sbcId, table, (rows) => [...rows, row], where);
  }

  withoutRow(sbcId: number, table: string, name: string, where?: readonly Where[]): Scenario {
    return this.withRows(sbcId, table, without(name), where);
  }

  withRowChanged(sbcId: number, table: string, name: string, changes: Row): Scenario {
    return this.withRows(sbcId, table, changed(name, changes));
  }

  withRows(sbcId: number, table: string, change: ChangeRows, where: readonly Where[] = ['running', 'saved']): Scenario {
    return this.with(({ after }) => ({
      after: {
        ...after,
        devices: after.devices.map((device) => (device.sbcId !== sbcId
          ? device
          : { ...device, ...Object.fromEntries(where.map((each) => [each, { ...device[each], [table]: change(device[each][table] ?? []) }])) })),
      },
    }));
  }

  withObject(resource: string, row: Row): Scenario {
    return this.withObjects(resource, (rows) => [...rows, row]);
  }

  withoutObject(resource: string, name: string): Scenario {
    return this.withObjects(resource, without(name));
  }

  withObjectChanged(resource: string, name: string, changes: Row): Scenario {
    return this.withObjects(resource, changed(name, changes));
  }

  withObjects(resource: string, change: ChangeRows): Scenario {
    return this.with(({ after }) => ({ after: { ...after, ovoc: { ...after.ovoc, [resource]: change(after.ovoc[resource] ?? []) } } }));
  }

  withLog(who: keyof typeof ids, change: (events: readonly DeploymentEventMessage[]) => readonly DeploymentEventMessage[]): Scenario {
    const { deploymentId } = ids[who];
    return this.with(({ events }) => ({ events: { ...events, [deploymentId]: change(events[deploymentId] ?? []) } }));
  }

  withRequest(who: keyof typeof ids, changes: Partial<ClientRequest>): Scenario {
    return this.with(({ requests }) => ({ requests: requests.map((request) => (request.key === who ? { ...request, ...changes } : request)) }));
  }

  withCustomer(shortName: string, changes: Partial<Facts['customers'][number]>): Scenario {
    return this.with(({ customers }) => ({ customers: customers.map((row) => (row.shortName === shortName ? { ...row, ...changes } : row)) }));
  }

  withoutCustomer(shortName: string): Scenario {
    return this.with(({ customers }) => ({ customers: customers.filter((row) => row.shortName !== shortName) }));
  }
}

const without = (name: string): ChangeRows => (rows) => rows.filter((row) => row['name'] !== name && row['route-name'] !== name);
const changed = (name: string, changes: Row): ChangeRows => (rows) => rows.map((row) => (row['name'] === name ? { ...row, ...changes } : row));

/** A row of a table of planted faults: what is wrong, facts with it, and the offence and the rule by which the checker must find it. */
export type Planted = readonly [what: string, scenario: Scenario, offence: Offence, rule: RegExp];
/** What looks like an offence and is none. */
export type Harmless = readonly [what: string, scenario: Scenario];

export function finds(...[, { violations }, offence, rule]: Planted): void {
  expect(violations.filter((violation) => violation.offence === offence && rule.test(violation.rule))).not.toEqual([]);
}

export function findsNothing(...[, { violations }]: Harmless): void {
  expect(violations).toEqual([]);
}

/** A run in which nothing is wrong: North is deployed, South has failed, or what its log says. */
export const facts = (southLog?: readonly DeploymentEventMessage[]): Scenario => new Scenario(goodFacts(southLog));

/** North was deleted, and still has all it had. */
export function northRemoved(): Scenario {
  const id = 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99';
  const deleted = [north.deleteAccepted(), north.completed('Deleted', 2)];
  return facts().with(({ deployments, events }) => ({
    deployments: [...deployments, { ...deployments[0]!, id, kind: 'delete', state: 'Deleted' }],
    events: { ...events, [id]: deleted.map((each) => ({ ...each, subject: id })) },
  }));
}

/** The dial plan of all customers, with a rule of each of these. */
export const dialPlanOf = (...named: readonly string[]): Row => (
  { index: 0, name: 'Tenants', children: { 'dial-plan-rule': ['Fabrikam', ...named].map((name, index) => ({ index, name, prefix: '+49' })) } }
);

/** North is a rule in the dial plan of all, on SBC 5 alone. */
export function northInDialPlan(): Scenario {
  const { after: standing, before } = goodFacts();
  const inEach = (state: Facts['before'], rows: (sbcId: number) => readonly Row[]): Facts['before'] => ({
    ...state,
    devices: state.devices.map(({ sbcId }) => {
      const tables = { ...before.devices[0]?.running, [dialPlan]: rows(sbcId) };
      return { sbcId, running: tables, saved: tables };
    }),
  });
  const after = inEach(standing, (sbcId) => [sbcId === 5 ? dialPlanOf('North1') : dialPlanOf()]);
  const links = (after.ovoc['links'] ?? []).map(({ ipGroupName: _, ...link }) => link);
  return facts().withRequest('north', { script: 24 }).with({ before: inEach(before, () => [dialPlanOf()]), after: { ...after, ovoc: { ...after.ovoc, links } } });
}

/** North has the rows of script 22. */
export const northWithAddresses = (): Scenario => facts().withRequest('north', { script: 22 })
  .withRow(5, proxySets, { 'index': 3, 'proxy-name': 'North1-carrier', 'children': { 'proxy-ip': [{ 'index': 0, 'proxy-address': 'a.example' }] } })
  .withRowChanged(5, 'ip-group', 'North1', { 'proxy-set-name': 'North1-carrier' })
  .withRow(5, routes, { 'index': 2, 'route-name': 'North1-out', 'src-ip-group-name': 'North1', 'dst-ip-group-name': 'Teams-OC' });

export const addressesOf = (addresses: readonly Row[]): ChangeRows => (rows) => rows.map((row) => ({ ...row, children: { 'proxy-ip': addresses } }));

export const killFault = { name: 'kill-sbc-agent', family: 'kill', lane: 'processes', fromMs: 19_000, toMs: 21_500 };
export const brokerFault = { name: 'broker-away', family: 'broker', lane: 'processes', fromMs: 20_500, toMs: 21_000 };
export const sbcFault = { name: 'sbc-any-late', family: 'sbc', lane: 'peers', fromMs: 20_500, toMs: 21_000 };
export const pauseFault = { name: 'pause-agent', family: 'pause', lane: 'processes', fromMs: 9_990, toMs: 31_010 };
export const death = { instance: 'sbc-agent-1', atMs: 20_000, sbcIds: [5], holder: 'a', cause: 'kill', owedSbcIds: [5], restingSbcIds: [], load: 1 };

/** SBC 5 is read 2.1 s after its agent was killed; nothing else was on. */
export const lateTakeOver = (): Scenario => facts().with({
  agentDeaths: [death], faultTimes: [killFault], calls: [call(1, 100, 120), refusedCall(2, 160), { ...call(3, 22_100, 22_101), method: 'GET', path: '/api/v1/status' }],
});

/** An agent stands still for 21 s; nobody takes SBC 5 over, and nothing else is on. */
export const notTakenOver = (pause: Partial<Pause> = {}): Scenario => facts().with({
  pauses: [pauseOf({ toMs: 31_000, ...pause })], faultTimes: [pauseFault], calls: [call(1, 100, 120), refusedCall(2, 160)],
});
