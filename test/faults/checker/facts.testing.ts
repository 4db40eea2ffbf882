import { type DeploymentEventMessage, fold, taskIdOf, taskStatusOf } from '@trunkline/contracts';
import { Story } from '@trunkline/testing';

import { createCustomerAnswer, createOutcome } from '../../../apps/gateway/src/customers/create-customer-answer.js';
import type { AskedAction, Attempt, DeviceState, Facts, Pause, Row, Tables, ClientRequest } from './facts.js';

export const ids = {
  north: { deploymentId: '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', siteGuid: 'c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44', shortName: 'North1' },
  south: { deploymentId: '0c9dfb1a-55c3-4b57-8bb1-7a0d3b1f1a22', customerGuid: 'a2c1fd8e-0a4b-4a86-9f93-7f7c8c0c4b33', siteGuid: '3f1a3b3e-6a87-4d3f-8a5f-6a4f1e0b9c55', shortName: 'South1' },
} as const;
type Who = keyof typeof ids;
const sbcId = 5;

const strangers: Row = { index: 0, name: 'Contoso9', tags: 'Owner=9b1d7f52-0c54-4a0e-8d0b-5f3a1e9c7d10' };
const ovocDevices: readonly Row[] = [{ id: 405, name: 'sbc5' }, { id: 404, name: 'sbc4' }];
const strangersService: Row = { id: 4990, name: 'Contoso9', description: null, attachedSites: [] };

const storyOf = ({ customerGuid, deploymentId, shortName, siteGuid }: (typeof ids)[Who]): Story => (
  new Story(deploymentId, shortName, customerGuid, siteGuid, { id: sbcId, ovocSbcId: 405, fqdn: 'sbc5.example.net' }));
export const north = storyOf(ids.north);
export const south = storyOf(ids.south);

export const groupOf = (who: Who): Row => ({ index: 1, name: ids[who].shortName, tags: `Trunk=x;Owner=${ids[who].customerGuid}` });
export const routeOf = (who: Who): Row => ({ 'index': 1, 'route-name': `${ids[who].shortName}-in`, 'dst-ip-group-name': ids[who].shortName });
export const objectOf = (who: Who, id: number, role: Row = {}): Row => ({ id, name: ids[who].shortName, description: ids[who].customerGuid, ...role });

const opened = [south.accepted(), south.created()];
const held = (round: number, eventCount: number) => south.completed('Held', eventCount, 'SBC unreachable', round);
const undone = (round: number, cause: 'Failed' | 'Cancelled', reason: string, eventCount: number) => (
  [...south.undone(cause, round, reason), south.completed(cause, eventCount, reason, round)]);

/** What else may become of South; nothing of it stands in the end. */
export const southLogs = {
  cancelled: [...opened, ...undone(2, 'Cancelled', 'cancelled by one', 7)],
  rolledBack: [...opened, held(1, 3), ...undone(2, 'Failed', 'SBC unreachable', 8)],
  retried: [...opened, held(1, 3), south.accepted(2), south.created(2), held(2, 6), ...undone(3, 'Failed', 'SBC unreachable', 11)],
  abandoned: [...opened, held(1, 3), south.abandoned('given up by one', 2), south.completed('Failed', 5, 'Abandoned by an operator: given up by one', 2)],
} as const;

/** What a caller asked of South, and was told. */
export function asked(action: AskedAction['action'], reason: string, ...statuses: readonly (number | undefined)[]): AskedAction {
  const attempts = statuses.map((status) => ({ atMs: 50, gateway: 'gateway-1', tookMs: 5, ...(status === undefined ? {} : { status, text: '{}' }) }));
  return { deploymentId: ids.south.deploymentId, action, reason, occasion: 'South', attempts };
}

/** North is deployed with one of each, South has failed and left nothing: nothing is wrong. */
export function goodFacts(southLog: readonly DeploymentEventMessage[] = south.failed('SBC rejected credentials', 'SBC_CREDENTIALS_REJECTED')): Facts {
  const events = { [ids.north.deploymentId]: north.deployed(), [ids.south.deploymentId]: southLog };
  const standing = (own: boolean): Tables => ({ 'ip-group': [strangers, ...(own ? [groupOf('north')] : [])], 'sbc routing ip2ip-routing': own ? [routeOf('north')] : [] });
  const device = (id: number, own: boolean): DeviceState => ({ sbcId: id, running: standing(own), saved: standing(own) });
  return {
    requests: (['north', 'south'] as const).map((who) => requestOf(who, events[ids[who].deploymentId] ?? [])),
    deployments: [deploymentRow('north', 'Deployed'), deploymentRow('south', fold(southLog)?.state ?? 'Failed')],
    events,
    customers: [{ guid: ids.north.customerGuid, shortName: 'North1', sbcId, isClosed: false }, { guid: ids.south.customerGuid, shortName: 'South1', sbcId, isClosed: true }],
    before: {
      devices: [device(4, false), device(sbcId, false)],
      ovoc: { devices: ovocDevices, lcCustomers: [], services: [strangersService], sites: [], links: [] },
    },
    after: {
      devices: [device(4, false), device(sbcId, true)],
      ovoc: {
        devices: ovocDevices, lcCustomers: [objectOf('north', 3001)],
        services: [{ ...strangersService, attachedSites: [7001] }, objectOf('north', 5001, { lcCustomerId: 3001 })],
        sites: [objectOf('north', 7001, { serviceId: 5001, deviceId: 405, siteGuid: ids.north.siteGuid })],
        links: [objectOf('north', 9001, { siteId: 7001, deviceId: 405, ipGroupName: ids.north.shortName })],
      },
    },
    calls: [call(1, 100, 120), call(2, 130, 150), refusedCall(3, 160)],
    outboxes: { provisioner: 0 }, openJobs: { sbc_agent: 0 }, queues: { 'provisioner': 0, 'provisioner.dead-letters': 0 },
    refusingFaults: ['fault-1'], condemned: [], hindered: [], actions: [], byHand: [], deadLetters: [], injected: [], returned: [], faultTimes: [], foreign: [], pauses: [], agentDeaths: [], recoveries: [], shutdowns: [], noticed: [],
  };
}

/** A run in which nobody was deployed; so many met a final no, so many something of somebody else. */
export function manyFailed(count: number, refused: number, condemned: number): Facts {
  const good = goodFacts();
  const request = good.requests.find(({ key }) => key === 'south');
  if (!request) throw new Error('South is missing');
  return {
    ...good, requests: Array.from({ length: count }, () => request), deployments: good.deployments.filter(({ shortName }) => shortName === 'South1'),
    calls: Array.from({ length: refused }, (_unused, index) => refusedCall(index + 1, index)),
    condemned: Array.from({ length: condemned }, (_unused, index) => `key-${index}`),
  };
}

/** A script sent to SBC 5. */
export function call(seq: number, arrivedAt: number, appliedAt: number | undefined) {
  const path = '/api/v1/files/cliScript/incremental';
  return { seq, peer: 'sbc', id: sbcId, method: 'PUT', path, arrivedAt, ...(appliedAt === undefined ? {} : { appliedAt }) };
}

/** A script to SBC 5 that a fault kept from being applied. */
export const refusedCall = (seq: number, arrivedAt: number) => ({ ...call(seq, arrivedAt, undefined), faults: ['fault-1'] });

/** An agent that held SBC 5, and had work there, stood still from 10 s to 30 s. */
export const pauseOf = (changes: Partial<Pause> = {}): Pause => (
  { instance: 'sbc-agent-2', fromMs: 10_000, toMs: 30_000, sbcIds: [5], owedSbcIds: [5], restingSbcIds: [], load: 1, ...changes }
);

/** A save of SBC 5. */
export function saveCall(seq: number, arrivedAt: number, appliedAt: number) {
  return { ...call(seq, arrivedAt, appliedAt), method: 'POST', path: '/api/v1/actions/saveConfiguration' };
}

function deploymentRow(who: Who, state: string) {
  const { customerGuid, deploymentId, shortName } = ids[who];
  return { id: deploymentId, kind: 'create' as const, customerGuid, shortName, state };
}

function requestOf(who: Who, log: readonly DeploymentEventMessage[]): ClientRequest {
  const deployment = fold(log);
  if (!deployment) throw new Error(`no log of ${who}`);
  const { customerGuid, progress, shortName, siteGuid, state } = deployment;
  const answer = (text: object): Attempt => ({ atMs: 0, gateway: 'gateway-1', tookMs: 10, status: 200, text: JSON.stringify(text) });
  const told = answer(createCustomerAnswer({ customerGuid, shortName, siteGuids: [siteGuid], progress, ...createOutcome(deployment) }));
  const { deploymentId } = ids[who];
  return {
    kind: 'create', key: who, deploymentId, shortName, sbcId, attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 5 }, told], replay: told,
    task: answer({ id: taskIdOf(deploymentId), status: taskStatusOf(state), executionMessages: progress }),
  };
}
