import { randomUUID } from 'node:crypto';

import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, expectDeployed, fullProgress, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';

export interface TaskBody {
  readonly status: string;
  readonly details: readonly unknown[];
  readonly executionMessages: readonly { readonly level: string; readonly message: string }[];
  readonly errors?: readonly { readonly code: string }[];
}

/** The task once it has come to an end. */
export async function endedTask(stage: Stage, location: string): Promise<TaskBody> {
  return eventually(`${location} to end`, async () => {
    const { json } = await stage.app.http.get(location);
    const task = json as TaskBody;
    return ['Queued', 'InProgress'].includes(task.status) ? undefined : task;
  }, 30_000);
}

export function waiting(stage: Stage): void {
  describe('a caller who prefers not to wait', () => {
    it('gets 202 and a task that is followed until CompletedSuccess', async () => {
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest();
      const answer = await create(stage, request, { Prefer: 'respond-async' });
      const body = createdBy(answer);
      expect(answer.status).toBe(202);
      expect(answer.headers['preference-applied']).toBe('respond-async');
      expect(answer.headers.location).toBe(`/api/v2/task/${body.taskId}`);
      expect(body).toMatchObject({ customerId: request.shortName, deploymentState: 'Unknown', errorDetails: null });
      await stage.simulators.waitForCall({ peer: 'sbc', method: 'PUT', path: '/incremental' });
      expect((await stage.app.http.get(`/api/v2/task/${body.taskId}`)).json).toMatchObject({ status: 'InProgress' });
      await stage.simulators.release();
      const task = await endedTask(stage, String(answer.headers.location));
      expect(task).toMatchObject({ status: 'CompletedSuccess', outputData: { umpCustomerGuid: body.id } });
      expect(task.executionMessages).toHaveLength(4);
      expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(oneOfEach);
    });

    it('finds a refusal that needs data on the task', async () => {
      const answer = await create(stage, aRequest({ msTenantId: randomUUID() }), { Prefer: 'respond-async' });
      expect(answer.status).toBe(202);
      const task = await endedTask(stage, String(answer.headers.location));
      expect(task).toMatchObject({ status: 'CompletedFailed', details: [expect.stringContaining('tenant') as string], errors: [{ code: 'MS_TENANT_ID_NOT_FOUND' }] });
    });
  });
}

/** Changes the settings of the process that serves callers: the last of the suite. */
export function exhaustedBudget(stage: Stage): void {
  describe('a caller whose patience ends', () => {
    it('gets 202 with a task, and the answer later under the same key', async () => {
      await stage.app.restartWith('gateway', { SYNC_WAIT_MS: '4000' });
      // What has just started takes its time for the first one.
      const first = await create(stage, aRequest());
      if (first.status === 202) await endedTask(stage, String(first.headers.location));
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest();
      const headers = { 'Idempotency-Key': randomUUID() };
      const answer = await create(stage, request, headers);
      expect(answer.status, answer.text).toBe(202);
      expect(answer.tookMs).toBeGreaterThan(3_900);
      expect(createdBy(answer)).toMatchObject({
        customerId: request.shortName, deploymentState: 'Unknown', errorDetails: null,
        progressDetails: '(Information, MsTenantid is valid);(Information, Customer data created!)',
      });
      await stage.simulators.release();
      expect(await endedTask(stage, String(answer.headers.location))).toMatchObject({ status: 'CompletedSuccess' });
      const { id, progressDetails } = expectDeployed(await create(stage, request, headers));
      expect(id).toBe(createdBy(answer).id);
      expect(progressDetails).toBe(fullProgress(request.shortName));
    });
  });
}
