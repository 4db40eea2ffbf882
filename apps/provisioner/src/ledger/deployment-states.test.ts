import {
  CustomerCreateRequested, CustomerDeleteRequested, customerGuidOf, deleteDeploymentId, type DeploymentAction, deploymentActions,
  type DeploymentEventMessage, eventIdOf, eventOrder, fold, gatewaySource, messageOf, routingKeyOf, siteGuidOf, stepReportTypes, type Ticket,
} from '@trunkline/contracts';
import { drawnTransitions, SeenTransitions } from '@trunkline/testing';
import { beforeAll, describe, expect, it } from 'vitest';

import type { LedgerContext } from '../process/decision.js';
import { currentRound, lastUndo, ticketOf } from '../process/event-log.js';
import type { LedgerItem, Validation } from '../process/ledger-item.js';
import type { CustomerDeployments, TrackedDeployment } from '../process/tracked-deployment.js';
import { decideItem } from './ledger.decide.js';

type EventType = DeploymentEventMessage['type'];

/** One thing that can be told to the ledger, the cause that the diagrams name, and what of the context matters. */
interface Offer {
  readonly cause: string;
  readonly item: LedgerItem;
  readonly change?: Partial<LedgerContext>;
  readonly before?: CustomerDeployments;
}

const deploymentId = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const customerGuid = customerGuidOf(deploymentId);
const ticket: Ticket = {
  provider: 'default', customerGuid, siteGuid: siteGuidOf(deploymentId), shortName: 'Northwind7', fullName: 'Northwind', ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', sbc: { id: 3, ovocSbcId: 403, fqdn: 'sbc3.example.net' },
};
const inTime = '2026-01-01T00:00:00.000Z';
const startBy = '2026-01-02T00:00:00.000Z';
const outOfTime = '2026-01-03T00:00:00.000Z';
const context: LedgerContext = {
  onFailure: 'undo', now: inTime, isRepeated: () => false, isStored: () => true, redriveAfterMs: 1_000, cleanupRetryAfterMs: 5_000, stepsMs: 60_000, startBy,
};
const script = { onboarding: { id: 7, version: 1, text: 'x' }, cleanup: { id: 700, version: 1, text: 'y' }, values: {} };
const passed: Validation = { kind: 'passed', customer: { ticket, progress: [], startBy, configurationType: 'SipTrunk', script } };
const rejected = (status: 400 | 503): Validation => ({ kind: 'rejected', status, errorCode: 'X', errors: [] });

const nothingYet: CustomerDeployments = {
  customer: 'none', removal: undefined,
  create: {
    id: deploymentId, kind: 'create', customerGuid, siteGuid: ticket.siteGuid, provider: 'default', caller: 'default', shortName: 'Northwind7', fingerprint: 'a',
    origins: [], redrives: 0, isDue: false, events: [],
  },
};

function offersFor(deployments: CustomerDeployments): Offer[] {
  const tracked = [deployments.create, deployments.removal].filter((one) => one !== undefined);
  const round = currentRound(deployments.create?.events ?? []);
  return [
    ...[false, true].flatMap((isRepeated) => requests().map((offer) => ({ ...offer, change: { isRepeated: () => isRepeated } }))),
    ...[passed, rejected(400), rejected(503)].map((validation) => (
      { cause: validation.kind === 'passed' ? 'checks passed' : 'checks failed', item: { kind: 'validated', customerGuid, round, validation } as const })),
    // A customer who is to go is not stored.
    ...(deployments.removal ? [] : [{ cause: 'name taken', item: { kind: 'validated', customerGuid, round, validation: passed }, change: { isStored: () => false } } as const]),
    ...tracked.flatMap((one) => [
      ...reportsOn(one),
      ...deploymentActions.map((action) => ({ cause: action, item: actionOn(one, action) })),
      ...[inTime, outOfTime].map((now) => ({ cause: 'due', item: { kind: 'due', customerGuid } as const, change: { now }, before: dueOnly(deployments, one) })),
    ]),
  ];
}

function requests(): Offer[] {
  const common = { source: gatewaySource, time: inTime };
  return [
    {
      cause: 'customer.create.requested',
      item: {
        kind: 'create-requested', body: '{}',
        message: messageOf(CustomerCreateRequested, { ...common, id: 'create', subject: deploymentId, data: { request: {} as never, caller: 'default', provider: 'default', fingerprint: 'a' } }),
      },
    },
    {
      cause: 'customer.delete.requested',
      item: {
        kind: 'delete-requested',
        message: messageOf(CustomerDeleteRequested, { ...common, id: 'delete', subject: deleteDeploymentId(customerGuid), data: { customerGuid, caller: 'default', provider: 'default' } }),
      },
    },
  ];
}

/** What its steps can report of the current round: one report of each phase, after its cause. In another order all ends the same. */
function reportsOn({ events, id }: TrackedDeployment): Offer[] {
  const round = currentRound(events);
  const known = new Set(events.filter((event) => event.round === round).map(({ type }) => type));
  const isOpen = (type: EventType): boolean => (
    eventOrder[type].after.some((cause) => known.has(cause))
    && !stepReportTypes.some((other) => known.has(other) && eventOrder[other].phase === eventOrder[type].phase));
  return stepReportTypes.filter(isOpen).map((type) => {
    const event = {
      specversion: '1.0', id: eventIdOf(id, round, type, 1), source: 'test', subject: id, type, time: inTime, round, sequence: 1, step: 'test',
      data: { ticket, progress: [], code: 'X', reason: 'SBC unreachable' },
    } as unknown as DeploymentEventMessage; // the decisions read no more of a report
    return { cause: routingKeyOf(type), item: { kind: 'reported', event, body: '' } };
  });
}

const actionOn = ({ id }: TrackedDeployment, action: DeploymentAction): LedgerItem => (
  { kind: 'action', customerGuid, deploymentId: id, action, caller: 'default', reason: undefined });

function dueOnly(deployments: CustomerDeployments, { kind }: TrackedDeployment): CustomerDeployments {
  const set = (one: TrackedDeployment | undefined) => one && { ...one, isDue: one.kind === kind };
  return { ...deployments, create: set(deployments.create), removal: set(deployments.removal) };
}

const stateOf = (tracked: TrackedDeployment | undefined): string => (tracked && fold(tracked.events)?.state) ?? '[*]';
/** What decides of a log: its state, the events of its round, and why it was undone before. */
function situationOf(tracked: TrackedDeployment | undefined): unknown {
  if (!tracked) return undefined;
  const { events } = tracked;
  const own = events.filter(({ round }) => round === currentRound(events));
  return [
    stateOf(tracked), own.map(({ data, type }) => [type, 'outcome' in data && data.outcome, 'status' in data && data.status]), lastUndo(events)?.data.cause,
    ticketOf(events) !== undefined,
  ];
}
const keyOf = ({ create, customer, removal }: CustomerDeployments): string => JSON.stringify([customer, situationOf(create), situationOf(removal)]);

describe('the states of a deployment', () => {
  const seen = { create: new SeenTransitions(), removal: new SeenTransitions() };

  /** Everything that can be told, in every situation that it leads to. */
  beforeAll(() => {
    const known = new Set([keyOf(nothingYet)]);
    const open = [nothingYet];
    for (let deployments = open.shift(); deployments; deployments = open.shift()) {
      for (const { before = deployments, cause, change, item } of offersFor(deployments)) {
        for (const onFailure of ['undo', 'hold'] as const) {
          const { deployments: after } = decideItem(before, item, { ...context, onFailure, ...change });
          for (const which of ['create', 'removal'] as const) seen[which].add(stateOf(before[which]), stateOf(after[which]), cause);
          if (known.has(keyOf(after))) continue;
          known.add(keyOf(after));
          open.push(after);
        }
      }
    }
  });

  it('are drawn as the decisions make them, of a create', () => {
    expect(drawnTransitions('A create')).toEqual(seen.create.lines);
  });

  it('are drawn as the decisions make them, of a delete', () => {
    expect(drawnTransitions('A delete')).toEqual(seen.removal.lines);
  });
});
