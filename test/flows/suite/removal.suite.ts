import { randomUUID } from 'node:crypto';

import { customerGuidOf, deleteDeploymentId, keyedDeploymentId } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, expectDeployed, nothing, oneOfEach, standing } from './customers.js';
import { taskFor, taskOf } from './reads.suite.js';
import type { Stage } from './stage.js';
import { endedTask } from './waiting.suite.js';

export function removal(stage: Stage): void {
  const remove = (guid: string) => stage.app.http.delete(`/api/v2/customer/${guid}`);

  describe('a delete', () => {
    it('answers 200 and 1 when all is gone on both peers, then 404 with the documented sentence', async () => {
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
      const answer = await remove(id);
      expect([answer.status, answer.text]).toEqual([200, '1']);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
      expect((await stage.simulators.savedRows(5, 'ip-group')).some(({ name }) => name === request.shortName)).toBe(false);
      expect((await stage.app.http.get('/api/v2/customer')).text).not.toContain(id);
      const again = await remove(id);
      expect([again.status, again.json]).toEqual([404, `Customer with ${id} not found`]);
    });

    it('frees the name', async () => {
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      await remove(id);
      const second = expectDeployed(await create(stage, request));
      expect(second.id).not.toBe(id);
      expect(await standing(stage.simulators, request.shortName, second.id)).toEqual(oneOfEach);
    });

    it.each(['6f13ccee-d21d-5a72-8226-81e9e84470fd', 'nonsense'])('of %s, which is no customer, answers 404 with the documented sentence', async (guid) => {
      const answer = await remove(guid);
      expect([answer.status, answer.json]).toEqual([404, `Customer with ${guid} not found`]);
    });

    it('asked for twice at once is one removal with two equal answers', async () => {
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      await stage.simulators.fault({ peer: 'ovoc', kind: 'hold-before', match: { method: 'DELETE' }, times: 1 });
      const first = remove(id);
      await stage.simulators.waitForCall({ peer: 'ovoc', method: 'DELETE' });
      const second = remove(id);
      await stage.simulators.release();
      expect((await Promise.all([first, second])).map(({ status, text }) => [status, text])).toEqual([[200, '1'], [200, '1']]);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
    });

    it('during a create ends the create and takes back what it did', async () => {
      const request = aRequest();
      const key = randomUUID();
      const guid = customerGuidOf(keyedDeploymentId('default', key));
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-after', match: { method: 'PUT' }, times: 1 });
      const creating = create(stage, request, { 'Idempotency-Key': key });
      await stage.simulators.waitForCall({ peer: 'sbc', method: 'PUT', path: '/incremental' });
      const removing = remove(guid);
      await eventually('the delete to be accepted', async () => (await stage.app.http.get(taskOf(deleteDeploymentId(guid)))).status === 200);
      await stage.simulators.release();
      const [created, removed] = await Promise.all([creating, removing]);
      expect([removed.status, removed.text]).toEqual([200, '1']);
      expect(created.status).toBe(200);
      expect(createdBy(created)).toMatchObject({ id: guid, deploymentState: 'Unknown', errorDetails: expect.stringMatching(/^Cancelled/) as string });
      expect(await standing(stage.simulators, request.shortName, guid)).toEqual(nothing);
      expect((await stage.app.http.get(await taskFor(stage, guid))).json).toMatchObject({ status: 'Cancelled' });
    });

    it('that can\'t be finished says so with 202, and is finished later without being asked', async () => {
      const request = aRequest();
      const { id } = expectDeployed(await create(stage, request));
      await stage.simulators.fault({ peer: 'sbc', id: 5, kind: 'script-failure' });
      const answer = await remove(id);
      expect(answer.status, answer.text).toBe(202);
      const location = String(answer.headers.location);
      expect((await stage.app.http.get(`/api/v2/customer/${id}`)).json).toMatchObject({ SiteLocation: [{ sbcDeploymentState: expect.stringMatching(/^(CleanupRequired|Deleting)$/) as string }] });
      await stage.simulators.clearFaults();
      await eventually('the cleanup to be finished', async () => (await endedTask(stage, location)).status === 'CompletedSuccess', 30_000);
      expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
      expect((await remove(id)).status).toBe(404);
    });
  });
}
