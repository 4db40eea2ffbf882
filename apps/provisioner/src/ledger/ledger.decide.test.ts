import {
  CustomerCreateRequested, CustomerCreated, CustomerDeleteRequested, customerGuidOf, deleteDeploymentId, DeploymentAbandoned, DeploymentCompleted,
  type DeploymentEventMessage,
  eventIdOf, fold, gatewaySource, type Message,
  deploymentActions, type DeploymentAction, messageOf, OvocCleaned, OvocCleanupFailed, OvocCleanupRequested, OvocSiteCreated, OvocSyncFailed, SbcCleaned,
  SbcCleanupRequested, SbcOnboarded,
  SbcOnboardingFailed, siteGuidOf,
  type Ticket,
} from '@trunkline/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { LedgerContext } from '../process/decision.js';
import type { LedgerItem, Validation } from '../process/ledger-item.js';
import { forwardWorkMs } from '../process/overdue.decide.js';
import type { CustomerDeployments } from '../process/tracked-deployment.js';
import { decideItem } from './ledger.decide.js';

const deploymentId = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const customerGuid = customerGuidOf(deploymentId);
const ticket: Ticket = {
  provider: 'default', origin: 'gateway.a', customerGuid, siteGuid: siteGuidOf(deploymentId), shortName: 'Northwind7', fullName: 'Northwind', ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', sbc: { id: 3, ovocSbcId: 403, fqdn: 'sbc3.example.net' },
};
const context: LedgerContext = {
  onFailure: 'undo', now: '2026-01-01T00:00:00.000Z', isRepeated: () => false, isStored: () => true, redriveAfterMs: 1_000, cleanupRetryAfterMs: 5_000, stepsMs: 60_000, startBy: '2026-01-03T00:00:00.000Z',
};
const passed: Validation = {
  kind: 'passed',
  customer: {
    ticket, progress: [], startBy: '2026-01-02T00:00:00.000Z', configurationType: 'SipTrunk',
    script: { onboarding: { id: 7, version: 1, text: 'x' }, cleanup: { id: 700, version: 1, text: 'y' }, values: {} },
  },
};

const createRequest = (id = 'request-1', fingerprint = 'a'.repeat(64), over: { caller?: string; provider?: string; origin?: string | undefined } = {}, source = gatewaySource): LedgerItem => ({
  kind: 'create-requested', body: '{}',
  message: messageOf(CustomerCreateRequested, {
    id, source, subject: deploymentId, time: context.now,
    data: { request: {} as never, caller: 'default', provider: 'default', origin: 'gateway.a', fingerprint, ...over } as CustomerCreateRequested['data'],
  }),
});
const deleteRequest = (id = 'delete-1'): LedgerItem => ({
  kind: 'delete-requested',
  message: messageOf(CustomerDeleteRequested, {
    id, source: 'test', subject: deleteDeploymentId(customerGuid), time: context.now, data: { customerGuid, caller: 'default', provider: 'default', origin: 'gateway.b' },
  }),
});
const validated = (validation: Validation = passed, round = 1): LedgerItem => ({ kind: 'validated', customerGuid, round, validation });

type ReportClass =
  | typeof SbcOnboarded | typeof SbcOnboardingFailed | typeof OvocSiteCreated | typeof OvocSyncFailed | typeof OvocCleaned | typeof OvocCleanupFailed
  | typeof SbcCleaned;
function report(reportClass: ReportClass, round: number, subject = deploymentId): LedgerItem {
  const event = messageOf<ReportClass>(reportClass, {
    id: eventIdOf(subject, round, reportClass.type, 1), source: 'test', subject, time: context.now, round, sequence: 1, step: reportClass.step,
    data: { ticket, progress: [], code: 'X', reason: 'SBC unreachable', ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } },
  }) as DeploymentEventMessage;
  return { kind: 'reported', event, body: '' };
}

function play(items: readonly LedgerItem[], change: Partial<LedgerContext> = {}) {
  let deployments = withRow();
  const recorded: DeploymentEventMessage[] = [];
  const told: { message: Message; origins: readonly string[] }[] = [];
  let effects;
  for (const item of items) {
    effects = decideItem(deployments, item, { ...context, ...change });
    deployments = effects.deployments;
    recorded.push(...effects.recorded);
    told.push(...effects.told);
  }
  const state = (which: 'create' | 'removal') => { const found = deployments[which]; return found && fold(found.events)?.state; };
  return { deployments, recorded, told, types: recorded.map(({ type }) => type.replace('trunkline.', '').replace('.v1', '')), create: state('create'), removal: state('removal'), last: effects };
}

function withRow(): CustomerDeployments {
  return {
    customer: 'none', removal: undefined,
    create: {
      id: deploymentId, kind: 'create', customerGuid, siteGuid: ticket.siteGuid, provider: 'default', caller: 'default', shortName: 'Northwind7', fingerprint: 'a'.repeat(64),
      origins: [], redrives: 0, isDue: false, events: [],
    },
  };
}

const start = [createRequest(), validated()];
const deployed = [...start, report(SbcOnboarded, 1), report(OvocSiteCreated, 1)];
const undone = [...start, report(SbcOnboardingFailed, 1), report(OvocCleaned, 2), report(SbcCleaned, 2)];

describe('a create', () => {
  it('ends Deployed when every phase has reported', () => {
    expect(play(deployed)).toMatchObject({ create: 'Deployed', types: ['customer.create.accepted', 'customer.created', 'deployment.completed'] });
  });

  it('ends the same in whatever order the steps are heard', () => {
    expect(play([...start, report(OvocSiteCreated, 1), report(SbcOnboarded, 1)]).create).toBe('Deployed');
  });

  it('undoes OVOC before the SBC after a failure, also where OVOC reported nothing', () => {
    expect(play(undone)).toMatchObject({
      create: 'Failed', deployments: { customer: 'closed' },
      types: ['customer.create.accepted', 'customer.created', 'ovoc.cleanup.requested', 'sbc.cleanup.requested', 'deployment.completed'],
    });
  });

  it('is told the same after its end, whatever is reported late', () => {
    const late = play([...undone, report(SbcOnboarded, 1), report(OvocSiteCreated, 1)]);
    expect(late.deployments.create?.events).toEqual(play(undone).deployments.create?.events);
    expect(late.last?.late.map(({ type }) => type)).toEqual([OvocSiteCreated.type]);
  });

  it('keeps the reason of the failure in its outcome', () => {
    expect(play(undone).recorded.at(-1)).toMatchObject({ data: { outcome: 'Failed', reason: 'SBC unreachable' } });
  });

  it('waits for an operator when failures are held', () => {
    expect(play([...start, report(OvocSyncFailed, 1), report(SbcOnboarded, 1)], { onFailure: 'hold' })).toMatchObject({ create: 'Held', deployments: { customer: 'open' } });
  });

  it('begins a cleanup again that could not be finished, and then ends', () => {
    const required = play([...start, report(SbcOnboardingFailed, 1), report(OvocCleanupFailed, 2)]);
    expect(required).toMatchObject({ create: 'CleanupRequired', deployments: { customer: 'open' } });
    expect(required.last?.due.get(deploymentId)).toEqual({ inMs: 5_000, redrives: 0 });
    const create = required.deployments.create!;
    const again = decideItem({ ...required.deployments, create: { ...create, isDue: true } }, { kind: 'due', customerGuid }, context);
    expect(again.recorded.map(({ type, round }) => [type, round])).toEqual([[OvocCleanupRequested.type, 3]]);
    const ended = [report(OvocCleaned, 3), report(SbcCleaned, 3)].reduce((state, item) => decideItem(state, item, context).deployments, again.deployments);
    expect(fold(ended.create!.events)).toMatchObject({ state: 'Failed', reason: 'SBC unreachable' });
  });

  describe('whose cleanup fails again and again', () => {
    const pauses = (count: number, items: readonly LedgerItem[] = [...start, report(SbcOnboardingFailed, 1)]) => {
      let { deployments } = play(items);
      const which = deployments.removal ? 'removal' : 'create';
      return Array.from({ length: count }, (_unused, index) => {
        const { id } = deployments[which]!;
        const failed = decideItem(deployments, report(OvocCleanupFailed, index + 2 - (which === 'removal' ? 1 : 0), id), context);
        const due = decideItem({ ...failed.deployments, [which]: { ...failed.deployments[which]!, isDue: true } }, { kind: 'due', customerGuid }, context);
        ({ deployments } = due);
        return failed.due.get(id)?.inMs;
      });
    };

    it('rests twice as long each time, up to 256 times as long', () => {
      const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((times) => times * context.cleanupRetryAfterMs);
      expect(pauses(11)).toEqual([...doubling, doubling.at(-1), doubling.at(-1)]);
    });

    it('rests so as well when it is deleted', () => {
      expect(pauses(4, [...deployed, deleteRequest()])).toEqual([5_000, 10_000, 20_000, 40_000]);
    });

    it('is tried again at once when an operator asks, and rests longer when that fails too', () => {
      const retry: LedgerItem = { kind: 'action', customerGuid, deploymentId, action: 'retry', caller: 'operator', reason: undefined };
      const again = play([...start, report(SbcOnboardingFailed, 1), report(OvocCleanupFailed, 2), retry]);
      expect(again.last?.recorded.map(({ type, round }) => [type, round])).toEqual([[OvocCleanupRequested.type, 3]]);
      expect(decideItem(again.deployments, report(OvocCleanupFailed, 3), context).due.get(deploymentId)?.inMs).toBe(10_000);
    });
  });

  it('answers 409 when somebody else has the name', () => {
    const played = play(start, { isStored: () => false });
    expect(played).toMatchObject({ create: 'Rejected', deployments: { customer: 'none' } });
    expect(played.recorded.at(-1)).toMatchObject({ data: { status: 409, errorCode: 'SHORT_NAME_NOT_UNIQUE' } });
  });

  it('counts all events of its log in the outcome', () => {
    const { recorded, deployments } = play(undone);
    expect(recorded.at(-1)).toMatchObject({ type: DeploymentCompleted.type, data: { eventCount: deployments.create?.events.length } });
  });
});

describe('a repeated request', () => {
  it('tells the stored outcome to the one who asks', () => {
    const { told } = play([...deployed, createRequest('request-2')]);
    expect(told.map(({ message, origins }) => [message.type, origins])).toEqual([
      ['trunkline.customer.create.accepted.v1', ['gateway.a']], ['trunkline.deployment.completed.v1', ['gateway.a']],
    ]);
  });

  it('is refused when it asks for something else, and changes nothing', () => {
    const before = play(deployed);
    const after = play([...deployed, createRequest('request-2', 'b'.repeat(64))]);
    expect(after.told).toMatchObject([{ message: { data: { requestId: 'request-2', status: 422, errorCode: 'IDEMPOTENCY_KEY_REUSED' } } }]);
    expect(after.deployments).toEqual(before.deployments);
  });

  it.each([
    ['a caller of a gateway', createRequest('request-2', 'b'.repeat(64)), 1, /^The Idempotency-Key was used before/],
    ['another system', createRequest('request-1', 'b'.repeat(64), {}, 'crm'), 1, /^The source and id, or the subject, came before/],
    ['another system that names nobody to tell', createRequest('request-1', 'b'.repeat(64), { origin: undefined }, 'crm'), 0, /^The source and id/],
    ['somebody else', createRequest('request-2', 'a'.repeat(64), { caller: 'other' }), 1, /^The Idempotency-Key/],
    ['the same one for another provider', createRequest('request-2', 'a'.repeat(64), { provider: 'other' }), 1, /^The Idempotency-Key/],
  ] as const)('is refused in words for %s', (_name, item, told, message) => {
    const { last, told: heard } = play([createRequest(), item]);
    expect(last?.refusal).toEqual({ errorCode: 'IDEMPOTENCY_KEY_REUSED', message: expect.stringMatching(message) as string });
    expect(heard).toHaveLength(told);
  });

  it('is refused when its source and id came before for another deployment, and begins nothing', () => {
    const { last, recorded } = play([createRequest()], { isRepeated: () => true });
    expect([last?.refusal?.errorCode, recorded]).toEqual(['IDEMPOTENCY_KEY_REUSED', []]);
  });

  it('joins what an older build has begun, which did not keep what was asked for', () => {
    const deployments = withRow();
    const old = { ...deployments, create: { ...play(deployed).deployments.create!, fingerprint: undefined } };
    expect(decideItem(old, createRequest('request-1', 'b'.repeat(64)), context).refusal).toBeUndefined();
  });

  const unavailable: Validation = { kind: 'rejected', status: 503, errorCode: 'MS_TENANT_CHECK_UNAVAILABLE', errors: [] };
  it('starts afresh after a refusal that may pass', () => {
    const played = play([createRequest(), validated(unavailable), createRequest('request-2'), validated(passed, 2), report(SbcOnboarded, 2), report(OvocSiteCreated, 2)]);
    expect(played.create).toBe('Deployed');
  });

  it('is only told the refusal when the message itself came twice', () => {
    const before = play([createRequest(), validated(unavailable)]).deployments;
    const { deployments } = decideItem(before, createRequest(), { ...context, isRepeated: () => true });
    expect(fold(deployments.create!.events)?.state).toBe('Rejected');
  });
});

describe('a delete', () => {
  const removalId = deleteDeploymentId(customerGuid);
  const removed = [...deployed, deleteRequest(), report(OvocCleaned, 1, removalId), report(SbcCleaned, 1, removalId)];

  it('undoes a deployed customer and closes it', () => {
    expect(play(removed)).toMatchObject({ create: 'Deployed', removal: 'Deleted', deployments: { customer: 'closed' } });
  });

  it('joins a delete that is under way', () => {
    const played = play([...deployed, deleteRequest(), deleteRequest('delete-2')]);
    expect(played.types.filter((type) => type === 'ovoc.cleanup.requested')).toHaveLength(1);
  });

  it.each([
    ['a customer that never was', []],
    ['a customer whose create was undone', undone],
    ['a customer that is gone', removed],
  ])('finds nothing for %s', (_name, before) => {
    const { told } = play([...before, deleteRequest('delete-9')]);
    expect(told.at(-1)?.message).toMatchObject({ data: { requestId: 'delete-9', status: 404 } });
  });

  it('closes a create that is under way and waits for it', () => {
    const waiting = play([...start, deleteRequest()]);
    expect(waiting).toMatchObject({ create: 'RollingBack', removal: 'Accepted' });
    expect(play([...start, deleteRequest(), report(SbcOnboarded, 1), report(OvocCleaned, 2), report(SbcCleaned, 2)])).toMatchObject({ create: 'Cancelled', removal: 'Deleted' });
  });

  it('lets a create rest whose cleanup has failed, and goes on when that is tried again', () => {
    const resting = play([...start, deleteRequest(), report(OvocCleanupFailed, 2)]);
    expect(resting).toMatchObject({ create: 'CleanupRequired', removal: 'Accepted' });
    const retry: LedgerItem = { kind: 'action', customerGuid, deploymentId, action: 'retry', caller: 'operator', reason: undefined };
    const again = play([...start, deleteRequest(), report(OvocCleanupFailed, 2), retry, report(OvocCleaned, 3), report(SbcCleaned, 3)]);
    expect(again).toMatchObject({ removal: 'Deleted' });
  });

  it('cancels a create that has not been checked yet without touching anything outside', () => {
    const played = play([createRequest(), deleteRequest(), validated()]);
    expect(played).toMatchObject({ create: 'Cancelled', removal: 'Deleted' });
    expect(played.types).not.toContain('ovoc.cleanup.requested');
  });
});

describe('an operator\'s action', () => {
  const act = (action: DeploymentAction, reason?: string): LedgerItem => ({ kind: 'action', customerGuid, deploymentId, action, caller: 'operator', reason });
  const held = [...start, report(SbcOnboarded, 1), report(OvocSyncFailed, 1)];
  const hold = { onFailure: 'hold' } as const;
  const required = [...start, report(SbcOnboardingFailed, 1), report(OvocCleanupFailed, 2)];

  it.each([
    ['cancels what runs', start, {}, act('cancel'), 'RollingBack'],
    ['cancels what has not been checked yet', [createRequest()], {}, act('cancel'), 'Cancelled'],
    ['starts a held deployment again', held, hold, act('retry'), 'Programming'],
    ['rolls a held deployment back', held, hold, act('rollback'), 'RollingBack'],
    ['abandons a held deployment', held, hold, act('abandon', 'done by hand'), 'Failed'],
    ['begins a cleanup again', required, {}, act('retry'), 'RollingBack'],
    ['abandons a cleanup', required, {}, act('abandon', 'done by hand'), 'Failed'],
  ])('%s', (_name, before, change, action, state) => {
    const played = play([...before, action], change);
    expect([played.create, played.last?.answer]).toEqual([state, { kind: 'done' }]);
  });

  it('has one result when it comes twice', () => {
    const once = play([...held, act('rollback')], hold);
    const twice = play([...held, act('rollback'), act('rollback')], hold);
    expect(twice.last?.answer).toEqual({ kind: 'not-allowed', state: 'RollingBack', allowed: [] });
    expect(twice.deployments).toEqual(once.deployments);
  });

  it.each([['a deployed one', deployed], ['a failed one', undone]])('is not allowed on %s', (_name, before) => {
    for (const action of deploymentActions) expect(play([...before, act(action)]).last?.answer.kind).toBe('not-allowed');
  });

  it('carries a retried deployment to its end in a round of its own', () => {
    const played = play([...held, act('retry'), report(SbcOnboarded, 2), report(OvocSiteCreated, 2)], hold);
    expect(played.create).toBe('Deployed');
  });

  it('frees the name of what is abandoned', () => {
    expect(play([...required, act('abandon', 'done by hand')]).deployments.customer).toBe('closed');
  });

  it('closes all forward work of what is abandoned, be it the create or its delete', () => {
    const abandonmentOf = (items: readonly LedgerItem[], change: Partial<LedgerContext> = {}) => (
      play(items, change).recorded.find(({ type }) => type === DeploymentAbandoned.type));
    expect(abandonmentOf([...held, act('abandon')], hold)).toMatchObject({ round: 2, data: { closesRound: 2 } });
    const removalId = deleteDeploymentId(customerGuid);
    const again = [...held, act('retry'), report(SbcOnboarded, 2), report(OvocSiteCreated, 2), deleteRequest(), report(OvocCleanupFailed, 1, removalId)];
    const abandonDelete: LedgerItem = { kind: 'action', customerGuid, deploymentId: removalId, action: 'abandon', caller: 'operator', reason: 'done by hand' };
    expect(abandonmentOf([...again, abandonDelete], hold)).toMatchObject({ subject: removalId, round: 2, data: { closesRound: 2 } });
    expect(play([...again, abandonDelete], hold)).toMatchObject({ removal: 'Deleted', deployments: { customer: 'closed' } });
  });

  it('is told again when it was to abandon, for a broker may lose it, but not for ever', () => {
    let { deployments } = play([...held, act('abandon')], hold);
    const told: string[] = [];
    for (let looks = 0; looks < 20; looks += 1) {
      const create = { ...deployments.create!, isDue: true, redrives: looks };
      const effects = decideItem({ ...deployments, create }, { kind: 'due', customerGuid }, { ...context, ...hold });
      ({ deployments } = effects);
      told.push(...effects.redriven.map(({ type }) => type));
      if (effects.due.get(deploymentId)?.inMs === null) break;
    }
    expect(told).toEqual(Array(6).fill(DeploymentAbandoned.type));
    expect(fold(deployments.create!.events)?.state).toBe('Failed');
  });
});

describe('what is overdue', () => {
  it.each([
    ['the SBC', start, CustomerCreated.type],
    ['OVOC', [...start, report(SbcOnboarded, 1)], SbcOnboarded.type],
    ['the cleanup in OVOC', [...start, report(SbcOnboardingFailed, 1)], OvocCleanupRequested.type],
    ['the cleanup of the SBC', [...start, report(SbcOnboardingFailed, 1), report(OvocCleaned, 2)], SbcCleanupRequested.type],
  ])('asks %s again under the old id', (_name, items, type) => {
    const { deployments } = play(items);
    const effects = decideItem({ ...deployments, create: { ...deployments.create!, isDue: true } }, { kind: 'due', customerGuid }, context);
    expect(effects.redriven.map((event) => event.type)).toEqual([type]);
    expect(deployments.create?.events).toContain(effects.redriven[0]);
    expect(effects.due.get(deploymentId)).toEqual({ inMs: 2_000, redrives: 1 });
  });

  it.each([
    ['asks again', '2026-01-02T00:00:59.000Z', 'Programming'],
    ['undoes everything', '2026-01-02T00:01:01.000Z', 'RollingBack'],
  ])('%s at %s when the work could have begun until midnight', (_name, now, state) => {
    const { deployments } = play(start);
    const effects = decideItem({ ...deployments, create: { ...deployments.create!, isDue: true } }, { kind: 'due', customerGuid }, { ...context, now });
    expect(fold(effects.deployments.create!.events)?.state).toBe(state);
  });

  it.each([
    ['asks again while OVOC may still be tried', '2026-01-02T00:31:59.000Z', 'Synchronising'],
    ['undoes everything when the time of both steps is over', '2026-01-02T00:32:01.000Z', 'RollingBack'],
  ])('%s: the SBC began at midnight and took as long as it can', (_name, now, state) => {
    const { deployments } = play([...start, report(SbcOnboarded, 1)]);
    // The agent adds the time of a script to that of its step.
    const stepsMs = forwardWorkMs({ stepDeadlineMs: 15 * 60_000, sbcResponseTimeoutMs: 2 * 60_000 });
    const effects = decideItem({ ...deployments, create: { ...deployments.create!, isDue: true } }, { kind: 'due', customerGuid }, { ...context, now, stepsMs });
    expect(fold(effects.deployments.create!.events)?.state).toBe(state);
  });

  describe('and out of time when failures are held', () => {
    const late = { ...context, onFailure: 'hold', now: '2026-01-02T00:01:01.000Z' } as const;
    const after = (deployments: CustomerDeployments, ...items: readonly LedgerItem[]) => (
      items.reduce((state, item) => decideItem(state, item, late).deployments, deployments));
    const outOfTime = (): CustomerDeployments => {
      const { deployments } = play(start);
      return after({ ...deployments, create: { ...deployments.create!, isDue: true } }, { kind: 'due', customerGuid });
    };
    const act = (action: DeploymentAction): LedgerItem => ({ kind: 'action', customerGuid, deploymentId, action, caller: 'operator', reason: undefined });

    it('is held, whatever is heard of it later', () => {
      const held = outOfTime();
      expect(fold(held.create!.events)).toMatchObject({ state: 'Held', reason: 'The deployment was not finished in time' });
      const later = after(held, report(SbcOnboarded, 1), report(OvocSiteCreated, 1));
      expect([fold(later.create!.events)?.state, later.customer]).toEqual(['Held', 'open']);
    });

    it.each([
      ['deployed by a retry', [act('retry'), report(SbcOnboarded, 1), report(SbcOnboarded, 2), report(OvocSiteCreated, 2)], 'Deployed'],
      ['undone by a rollback', [act('rollback'), report(SbcOnboarded, 1), report(OvocCleaned, 2), report(SbcCleaned, 2)], 'Failed'],
    ] as const)('is %s, whatever is heard of the old round', (_name, items, state) => {
      expect(fold(after(outOfTime(), ...items).create!.events)?.state).toBe(state);
    });
  });

  it('leaves what rests or has ended alone', () => {
    const { deployments } = play(deployed);
    expect(decideItem({ ...deployments, create: { ...deployments.create!, isDue: true } }, { kind: 'due', customerGuid }, context).redriven).toEqual([]);
  });
});

describe('any history', () => {
  const reports = [SbcOnboarded, SbcOnboardingFailed, OvocSiteCreated, OvocSyncFailed, OvocCleaned, OvocCleanupFailed, SbcCleaned] as const;
  const anyReport = fc.tuple(fc.constantFrom(...reports), fc.integer({ min: 1, max: 3 })).map(([reportClass, round]) => report(reportClass, round));
  const anyAction = fc.constantFrom(...deploymentActions).map((action): LedgerItem => ({ kind: 'action', customerGuid, deploymentId, action, caller: 'operator', reason: undefined }));
  const anyItem = fc.oneof(
    anyReport, anyAction, fc.constant(createRequest()), fc.constant(deleteRequest()), fc.constant(validated()), fc.constant<LedgerItem>({ kind: 'due', customerGuid }),
  );

  it('decides each thing once: no event id is ever recorded twice', () => {
    fc.assert(fc.property(fc.array(anyItem, { maxLength: 30 }), (items) => {
      const ids = play([createRequest(), ...items]).recorded.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }));
  });

  it('has at most one outcome a round', () => {
    fc.assert(fc.property(fc.array(anyItem, { maxLength: 30 }), (items) => {
      const outcomes = play([createRequest(), ...items]).recorded.filter(({ type }) => type === DeploymentCompleted.type).map(({ round, subject }) => `${subject} ${round}`);
      expect(new Set(outcomes).size).toBe(outcomes.length);
    }));
  });

  it('never says Deployed without every phase of that round', () => {
    fc.assert(fc.property(fc.array(anyItem, { maxLength: 30 }), (items) => {
      const { deployments } = play([createRequest(), ...items]);
      const events = deployments.create?.events ?? [];
      for (const event of events) {
        if (event.type !== DeploymentCompleted.type || event.data.outcome !== 'Deployed') continue;
        const types = events.filter(({ round }) => round === event.round).map(({ type }) => type);
        expect(types).toEqual(expect.arrayContaining([CustomerCreated.type, SbcOnboarded.type, OvocSiteCreated.type]));
      }
    }));
  });
});
