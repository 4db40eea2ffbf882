import { customerGuidOf, type Deployment, type DeploymentEventMessage, fold, siteGuidOf } from '@trunkline/contracts';
import { Story } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { Refused } from '../problem/refused.js';
import type { WaitingResult } from '../waiting/waiter.js';
import { createAnswer, deleteAnswer } from './answers.js';

const deploymentId = '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11';
const guid = customerGuidOf(deploymentId);
const story = new Story(deploymentId, 'Northwind7');
const asked = { deploymentId, door: '/tenantui', shortName: 'Northwind7', hasKey: true };
const task = `wst_${deploymentId}`;
const ended = (events: readonly DeploymentEventMessage[]): WaitingResult => ({ kind: 'ended', deployment: fold(events) as Deployment });
const problemOf = (give: () => unknown): Refused => {
  try {
    give();
  } catch (error) {
    if (error instanceof Refused) return error;
  }
  throw new Error('nothing was refused');
};
const fourSteps = '(Information, MsTenantid is valid);(Information, Customer data created!);(Information, SBC sbc-onboarding done for site Northwind7.);(Information, Site created in Ovoc)';

describe('the answer to a create request', () => {
  it('has exactly the seven documented fields', () => {
    expect(createAnswer(ended(story.deployed()), asked)).toEqual({
      status: 200,
      body: {
        id: guid, customerGuid: guid, customerId: 'Northwind7', siteLocationIds: [siteGuidOf(deploymentId)],
        deploymentState: 'Deployed', errorDetails: null, progressDetails: fourSteps,
      },
    });
  });

  it.each([
    ['a failure', story.failed('SBC unreachable')],
    ['a hold', [story.accepted(), story.created(), story.completed('Held', 3, 'SBC unreachable')]],
    ['a clean-up that goes on', [story.accepted(), story.created(), story.completed('CleanupRequired', 3, 'SBC unreachable')]],
    ['a cancellation', [story.accepted(), story.created(), story.completed('Cancelled', 3, 'SBC unreachable')]],
  ])('tells the reason of %s with 200', (_name, events) => {
    expect(createAnswer(ended(events), asked)).toMatchObject({ status: 200, body: { deploymentState: 'Unknown', errorDetails: 'SBC unreachable' } });
  });

  it('is 202 with a task while it runs, with what is known so far', () => {
    const deployment = fold([story.accepted(), story.created()]);
    expect(createAnswer({ kind: 'accepted', deployment }, asked)).toEqual({
      status: 202, headers: { location: `/tenantui/api/v2/task/${task}` },
      body: {
        id: guid, customerGuid: guid, customerId: 'Northwind7', siteLocationIds: [siteGuidOf(deploymentId)], deploymentState: 'Unknown', errorDetails: null,
        progressDetails: '(Information, MsTenantid is valid);(Information, Customer data created!)', taskId: task,
      },
    });
  });

  it('is the same 202 when nothing is known so far', () => {
    expect(createAnswer({ kind: 'accepted', deployment: undefined }, asked)).toMatchObject({
      status: 202, body: { id: guid, customerId: 'Northwind7', siteLocationIds: [siteGuidOf(deploymentId)], progressDetails: '', taskId: task },
    });
  });

  it('never tells a result in a 202', () => {
    const deployment = fold([story.accepted(), story.rejected(400, [])]);
    expect(createAnswer({ kind: 'accepted', deployment }, asked)).toMatchObject({ status: 202, body: { deploymentState: 'Unknown', errorDetails: null } });
  });

  it.each([[400], [409], [503]] as const)('is the problem a rejection has, with %s', (status) => {
    const errors = [{ field: 'siteLocation.sbcId', code: 'SBC_NOT_FOUND', message: 'SBC 9 is not known.' }, { field: 'x', code: 'UNKNOWN_PROPERTY', message: 'no' }];
    const refused = problemOf(() => createAnswer(ended([story.accepted(), story.rejected(status, errors)]), asked));
    expect(refused).toMatchObject({ status, errorCode: 'SBC_NOT_FOUND', detail: 'SBC 9 is not known.', options: { errors } });
    expect(refused.options.headers?.['retry-after'] !== undefined).toBe(status === 503);
  });

  it('is 422 when the key belongs to another request', () => {
    const refusal = story.refusal('m', 422, 'IDEMPOTENCY_KEY_REUSED', 'Use a new key.').data;
    expect(problemOf(() => createAnswer({ kind: 'refused', refusal }, asked))).toMatchObject({ status: 422, errorCode: 'IDEMPOTENCY_KEY_REUSED', detail: 'Use a new key.' });
  });

  it.each([[true, /same Idempotency-Key/], [false, /refused as a duplicate/]])('says how to go on when nobody confirmed it (key: %s)', (hasKey, advice) => {
    const refused = problemOf(() => createAnswer({ kind: 'unconfirmed' }, { ...asked, hasKey }));
    expect(refused).toMatchObject({ status: 503, errorCode: 'ACCEPTANCE_UNKNOWN', options: { extensions: { deploymentId, taskId: task }, headers: { 'retry-after': '5' } } });
    expect(refused.detail).toMatch(/may still run/);
    expect(refused.detail).toMatch(advice);
  });
});

describe('the answer to a removal', () => {
  const cleanupRequired = [story.deleteAccepted(), story.completed('CleanupRequired', 2, 'SBC unreachable')];

  it.each([
    ['1 when everything is removed', ended(story.deleted()), { status: 200, body: 1 }],
    ['a task when something is left', ended(cleanupRequired), { status: 202, headers: { location: `/tenantui/api/v2/task/${task}` }, body: { taskId: task } }],
    ['a task when it takes longer', { kind: 'accepted', deployment: undefined }, { status: 202, headers: { location: `/tenantui/api/v2/task/${task}` }, body: { taskId: task } }],
    ['the documented sentence when there is no such customer',
      { kind: 'refused', refusal: story.refusal('m', 404, 'CUSTOMER_NOT_FOUND', '').data }, { status: 404, body: 'Customer with ABC not found' }],
  ] as const)('is %s', (_name, result, expected) => {
    expect(deleteAnswer(result, asked, 'ABC')).toEqual(expected);
  });

  it('is 503 when nobody confirmed it', () => {
    expect(problemOf(() => deleteAnswer({ kind: 'unconfirmed' }, asked, 'ABC'))).toMatchObject({ status: 503, errorCode: 'ACCEPTANCE_UNKNOWN' });
  });
});
