import { describe, expect, it } from 'vitest';

import { checkLogs } from './answers.js';
import { ids, north } from './facts.testing.js';
import { foldAll } from './ledger.js';
import { facts, finds, type Planted } from './scenario.testing.js';

const south = ids.south.deploymentId;

describe('the checker of answers and logs', () => {
  it.each<Planted>([
    ['a request that was accepted and is not stored', facts().with(({ deployments, events }) => ({
      deployments: deployments.filter(({ id }) => id !== south), events: Object.fromEntries(Object.entries(events).filter(([id]) => id !== south)),
    })), 'lost', /accepted request is stored/],
    ['a deployment that never ends', facts().withLog('north', (events) => events.filter(({ type }) => type !== 'trunkline.deployment.completed.v1')), 'lost', /accepted request ends/],
    ['a state that is not the log\'s', facts().with(({ deployments }) => ({ deployments: deployments.map((row) => ({ ...row, state: 'Deployed' })) })), 'unexpected', /stored state/],
    ['an event that happened twice', facts().withLog('north', (events) => [...events, { ...north.onboarded(), id: 'another' }]), 'duplicated', /happens once/],
    ['an answer that is not the log\'s', facts().withRequest('north', { replay: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 200, text: '{"deploymentState":"Unknown"}' } }), 'unexpected', /answer is the fold/],
    ['an answer of the other gateway that is another one', facts().withRequest('north', { attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 1 }, { atMs: 500, gateway: 'gateway-2', tookMs: 1, status: 200, text: '{}' }] }), 'unexpected', /answer is the fold/],
    ['an answer that changed', facts().withRequest('north', { attempts: [{ atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 200, text: '{}' }] }), 'unexpected', /answer is the fold/],
    ['a repeated request that is refused', facts().withRequest('north', { replay: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 409, text: '{}' } }), 'unexpected', /answer is the fold/],
    ['an answer that takes its time', facts().with(({ requests }) => ({ requests: requests.map((request) => ({ ...request, ...(request.replay ? { replay: { ...request.replay, tookMs: 10_000 } } : {}) })) })), 'unexpected', /answered at once/],
    ['a task that is not the log\'s', facts().withRequest('north', { task: { atMs: 0, gateway: 'gateway-1', tookMs: 1, status: 404, text: '{}' } }), 'unexpected', /task is the fold/],
    ['an end that the outcome does not say', facts().withLog('north', (events) => events.map((each) => (each.type === 'trunkline.deployment.completed.v1'
      ? { ...each, data: { ...each.data, outcome: 'Failed' } }
      : each))), 'unexpected', /last outcome|stored state/],
  ])('finds %s', finds);

  it('does not take the fold\'s word for the end', () => {
    const { facts: good } = facts();
    const folded = new Map([...foldAll(good)].map(([id, deployment]) => [id, { ...deployment, state: 'Failed' as const, reason: 'a fold gone wrong' }]));
    expect(checkLogs(good, folded).map(({ rule }) => rule)).toContain('the end is what the last outcome says');
  });
});
