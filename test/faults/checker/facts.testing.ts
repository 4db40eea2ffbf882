import { type DeploymentEventMessage, fold, taskIdOf, taskStatusOf } from '@trunkline/contracts';

import { createCustomerAnswer, createOutcome } from '../../../apps/gateway/src/customers/create-customer-answer.js';
import type { AskedAction, Attempt, DeviceState, Facts, Pause, Row, Tables, Wish } from './facts.js';

const provider = 'default';
const ids = {
  north: { deploymentId: '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', siteGuid: 'c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44', shortName: 'North1' },
  south: { deploymentId: '0c9dfb1a-55c3-4b57-8bb1-7a0d3b1f1a22', customerGuid: 'a2c1fd8e-0a4b-4a86-9f93-7f7c8c0c4b33', siteGuid: '3f1a3b3e-6a87-4d3f-8a5f-6a4f1e0b9c55', shortName: 'South1' },
} as const;
type Who = keyof typeof ids;

const sbcId = 5;
const strangers: Row = { index: 0, name: 'Contoso9', tags: 'Owner=9b1d7f52-0c54-4a0e-8d0b-5f3a1e9c7d10' };
const ovocDevices: readonly Row[] = [{ id: 405, name: 'sbc5' }, { id: 404, name: 'sbc4' }];
const strangersService: Row = { id: 4990, name: 'Contoso9', description: null, attachedSites: [] };

/** One event of a log; `data` is added to ticket and progress. */
export function event(who: Who, round: number, type: string, message: string | undefined, data: object = {}): DeploymentEventMessage {
  const { customerGuid, deploymentId, shortName, siteGuid } = ids[who];
  const ticket = { provider, customerGuid, siteGuid, shortName, sbc: { id: sbcId, ovocSbcId: 405, fqdn: 'sbc5.example.net' } };
  return {
    specversion: '1.0', id: `${who}-${round}-${type}`, source: 'test', type: `trunkline.${type}.v1`, subject: deploymentId, time: '2026-03-01T12:00:00.000Z',
    datacontenttype: 'application/json', round, sequence: 0, step: 'test',
    data: { ticket, progress: message === undefined ? [] : [{ level: 'Information', message }], ...data },
  } as unknown as DeploymentEventMessage; // the checker reads what every event has, not what only the services look at
}

const opened = (who: Who) => [event(who, 1, 'customer.create.accepted', 'MsTenantid is valid'), event(who, 1, 'customer.created', 'Customer data created!')];
const deployedLog = (who: Who) => [
  ...opened(who), event(who, 1, 'sbc.onboarded', `SBC sbc-onboarding done for site ${ids[who].shortName}.`), event(who, 1, 'ovoc.site.created', 'Site created in Ovoc'),
  event(who, 1, 'deployment.completed', undefined, { outcome: 'Deployed', eventCount: 5 }),
];
const failedLog = (who: Who) => [
  ...opened(who), event(who, 1, 'sbc.onboarding.failed', 'SBC rejected credentials', { code: 'SBC_CREDENTIALS_REJECTED', reason: 'SBC rejected credentials' }),
  ...['ovoc.cleanup.requested', 'ovoc.cleaned', 'sbc.cleanup.requested', 'sbc.cleaned'].map((type) => event(who, 2, type, undefined)),
  event(who, 2, 'deployment.completed', undefined, { outcome: 'Failed', eventCount: 8, reason: 'SBC rejected credentials' }),
];

export const groupOf = (who: Who): Row => ({ index: 1, name: ids[who].shortName, tags: `Trunk=x;Owner=${ids[who].customerGuid}` });
export const routeOf = (who: Who): Row => ({ 'index': 1, 'route-name': `${ids[who].shortName}-in`, 'dst-ip-group-name': ids[who].shortName });
export const objectOf = (who: Who, id: number, role: Row = {}): Row => ({ id, name: ids[who].shortName, description: ids[who].customerGuid, ...role });

const undone = (who: Who, round: number, cause: string, reason: string, eventCount: number) => [
  event(who, round, 'ovoc.cleanup.requested', undefined, { cause, reason }),
  ...['ovoc.cleaned', 'sbc.cleanup.requested', 'sbc.cleaned'].map((type) => event(who, round, type, undefined)),
  event(who, round, 'deployment.completed', undefined, { outcome: cause, eventCount, reason }),
];
const held = (who: Who, round: number, eventCount: number) => event(who, round, 'deployment.completed', undefined, { outcome: 'Held', eventCount, reason: 'SBC unreachable' });

/** What else may become of South; nothing of it stands in the end. */
export const southLogs = {
  cancelled: [...opened('south'), ...undone('south', 2, 'Cancelled', 'cancelled by one', 7)],
  rolledBack: [...opened('south'), held('south', 1, 3), ...undone('south', 2, 'Failed', 'SBC unreachable', 8)],
  retried: [
    ...opened('south'), held('south', 1, 3), event('south', 2, 'customer.create.accepted', undefined), event('south', 2, 'customer.created', undefined), held('south', 2, 6),
    ...undone('south', 3, 'Failed', 'SBC unreachable', 11),
  ],
  abandoned: [
    ...opened('south'), held('south', 1, 3), event('south', 2, 'deployment.abandoned', 'Abandoned by an operator: given up by one', { reason: 'given up by one', caller: 'default' }),
    event('south', 2, 'deployment.completed', undefined, { outcome: 'Failed', eventCount: 5, reason: 'Abandoned by an operator: given up by one' }),
  ],
} as const;

/** What a caller asked of South, and was told. */
export function asked(action: AskedAction['action'], reason: string, ...statuses: readonly (number | undefined)[]): AskedAction {
  const attempts = statuses.map((status) => ({ atMs: 50, gateway: 'gateway-1', tookMs: 5, ...(status === undefined ? {} : { status, text: '{}' }) }));
  return { deploymentId: ids.south.deploymentId, action, reason, occasion: 'South', attempts };
}

/** North is deployed with one of each, South has failed and left nothing: nothing is wrong. */
export function goodFacts(southLog: readonly DeploymentEventMessage[] = failedLog('south')): Facts {
  const events = { [ids.north.deploymentId]: deployedLog('north'), [ids.south.deploymentId]: southLog };
  const standing = (own: boolean): Tables => ({ 'ip-group': [strangers, ...(own ? [groupOf('north')] : [])], 'sbc routing ip2ip-routing': own ? [routeOf('north')] : [] });
  const device = (id: number, own: boolean): DeviceState => ({ sbcId: id, running: standing(own), saved: standing(own) });
  return {
    wishes: (['north', 'south'] as const).map((who) => wishOf(who, events[ids[who].deploymentId] ?? [])),
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
    calls: [call(1, 100, 120), call(2, 130, 150), { ...call(3, 160, undefined), faults: ['fault-1'] }],
    outboxes: { provisioner: 0 }, openJobs: { sbc_agent: 0 }, queues: { 'provisioner': 0, 'provisioner.dead-letters': 0 },
    refusingFaults: ['fault-1'], condemned: [], hindered: [], actions: [], byHand: [], deadLetters: [], injected: [], returned: [], faultTimes: [], foreign: [], pauses: [], agentDeaths: [], recoveries: [], shutdowns: [], noticed: [],
  };
}

/** A run in which nobody was deployed; so many met a final no, so many something of somebody else. */
export function manyFailed(count: number, refused: number, condemned: number): Facts {
  const good = goodFacts();
  const wish = good.wishes.find(({ key }) => key === 'south');
  if (!wish) throw new Error('South is missing');
  return {
    ...good, wishes: Array.from({ length: count }, () => wish), deployments: good.deployments.filter(({ shortName }) => shortName === 'South1'),
    calls: Array.from({ length: refused }, (_unused, index) => ({ ...call(index + 1, index, undefined), faults: ['fault-1'] })),
    condemned: Array.from({ length: condemned }, (_unused, index) => `key-${index}`),
  };
}

/** A script sent to SBC 5. */
export function call(seq: number, arrivedAt: number, appliedAt: number | undefined) {
  const path = '/api/v1/files/cliScript/incremental';
  return { seq, peer: 'sbc', id: sbcId, method: 'PUT', path, arrivedAt, ...(appliedAt === undefined ? {} : { appliedAt }) };
}

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

function wishOf(who: Who, log: readonly DeploymentEventMessage[]): Wish {
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
