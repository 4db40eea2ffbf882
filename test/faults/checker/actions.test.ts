import { describe, expect, it } from 'vitest';

import type { AskedAction } from './facts.js';
import { asked, call, goodFacts, groupOf, ids, south, southLogs } from './facts.testing.js';
import { facts, Scenario } from './scenario.testing.js';
import type { Offence } from './verdict.js';

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
  const byHand = [{ deploymentId: ids.south.deploymentId, atMs: 0, found: [] }];
  const factsOf = (end: South, actions: readonly AskedAction[]): Scenario => facts(southLogs[end]).with({ actions, byHand });

  it.each(plantedActions)('shows %s', (_what, south, actions, offence, rule) => {
    const found = factsOf(south, actions).violations.filter((violation) => violation.offence === offence && rule.test(violation.rule));
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
    expect(factsOf(south, actions).violations).toEqual([]);
  });

  it('shows two who both had effect in one round', () => {
    const both = [...southLogs.rolledBack, south.accepted(2)];
    expect(facts(both).with({ actions: [mine('rollback', 202), others('retry', 202)] }).violations).toMatchObject([{ offence: 'duplicated', rule: 'of two who act at once one has effect' }]);
  });

  it.each([
    ['is deployed all the same', { ...southLogs.abandoned[4]!.data, outcome: 'Held' }],
    ['ends without the reason', { ...southLogs.abandoned[4]!.data, reason: 'SBC unreachable' }],
  ])('shows one who was abandoned and %s', (_what, data) => {
    const wrong = southLogs.abandoned.map((each) => (each.round === 2 && each.type === 'trunkline.deployment.completed.v1' ? { ...each, data } as typeof each : each));
    expect(facts(wrong).with({ actions: [mine('abandon', 202)] }).violations).toContainEqual(expect.objectContaining({ rule: 'what is abandoned ends so' }));
  });

  it('shows one who was abandoned and never taken off', () => {
    expect(factsOf('abandoned', [mine('abandon', 202)]).with({ byHand: [] }).violations).toMatchObject([{ rule: 'what is abandoned is taken off by hand' }]);
  });

  it('shows rows of one who was abandoned that came back', () => {
    const { violations } = factsOf('abandoned', [mine('abandon', 202)]).withRow(5, 'ip-group', groupOf('south'));
    expect(violations).toMatchObject(Array.from({ length: 2 }, () => ({ offence: 'left behind' })));
  });

  it('shows one who is held for ever', () => {
    const held = southLogs.rolledBack.filter(({ round }) => round === 1);
    expect(facts(held).violations).toContainEqual(expect.objectContaining({ offence: 'lost', rule: 'an accepted request ends' }));
  });

  it('shows one who was accepted, and not found by a cancel', () => {
    const { violations } = factsOf('rolledBack', [mine('cancel', 404), mine('rollback', 202)])
      .with(({ requests }) => ({
        requests: requests.map((request) => ({ ...request, attempts: request.attempts.map((attempt) => ({ ...attempt, atMs: 0 })) })),
      }));
    expect(violations).toMatchObject([{ offence: 'lost', rule: 'what was accepted can be cancelled' }]);
  });

  it('shows one who stands, and was not found by a delete', () => {
    const { customers, requests } = goodFacts();
    const removal = { ...requests[0]!, kind: 'delete' as const, key: customers[0]!.guid, deploymentId: 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99', attempts: [{ atMs: 50, gateway: 'gateway-1', tookMs: 5, status: 404 }] };
    expect(facts().with({ requests: [...requests, removal] }).violations).toMatchObject([{ offence: 'lost', rule: 'a customer who stands can be removed' }]);
  });

  it.each([
    ['does not count who was hindered against us', 'cancelled', ['south'], 0],
    ['counts who was not', 'cancelled', [], 1],
  ] as const)('%s', (_what, south, hindered, count) => {
    const { violations } = factsOf(south, [mine('cancel', 202)]).with({ hindered, calls: [call(1, 100, 120)] });
    expect(violations.filter(({ rule }) => rule === 'nearly all valid requests are deployed')).toHaveLength(count);
  });
});
