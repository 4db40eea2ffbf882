import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { customerGuidOf, keyedDeploymentId } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, type CreateBody, documentedRequest, expectDeployed, nothing, oneOfEach, path, standing } from './customers.js';
import type { Stage } from './stage.js';

const script = { peer: 'sbc', method: 'PUT', path: '/incremental' } as const;
const sbcIds = [3, 4, 5] as const;
const sbcOf = (index: number): number => sbcIds[index % 3] ?? 5;
const onAllSbcs = (count: number): CreateBody[] => (
  Array.from({ length: count }, (_each, index) => aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: sbcOf(index) } }))
);

/** What only separate processes bring: more of them, and an end of each by itself. */
export function instances(stage: Stage): void {
  describe('services stopped and started one after the other under load', () => {
    it.each(['provisioner', 'sbc-agent', 'ovoc-sync'] as const)('lose nothing: the %s', async (service) => {
      const requests = onAllSbcs(12);
      const since = await stage.simulators.mark();
      const pending = requests.map((request) => create(stage, request));
      await stage.simulators.waitForCall(script, { isHeld: false, since });
      expect(await stage.app.ask(service)).toEqual({ code: 0, signal: null });
      await stage.app.restart(service);
      const bodies = (await Promise.all(pending)).map(expectDeployed);
      for (const [index, { customerId, id }] of bodies.entries()) expect(await standing(stage.simulators, customerId, id, sbcOf(index))).toEqual(oneOfEach);
    });

    it('answer who waits: the gateway', async () => {
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest();
      const headers = { 'Idempotency-Key': randomUUID() };
      const pending = create(stage, request, headers);
      await stage.simulators.waitForCall(script);
      const stopping = stage.app.ask('gateway');
      await stage.simulators.release();
      expect([200, 202]).toContain((await pending).status);
      expect(await stopping).toEqual({ code: 0, signal: null });
      await stage.app.restart('gateway');
      const { customerId, id } = expectDeployed(await create(stage, request, headers));
      expect(await standing(stage.simulators, customerId, id)).toEqual(oneOfEach);
    });
  });

  describe('two agents and two gateways', () => {
    it('share the work: one writer an SBC at a time, and every caller his own answer', async () => {
      const [agent, second] = await Promise.all([stage.app.startAnother('sbc-agent'), stage.app.startAnother('gateway')]);
      const since = await stage.simulators.mark();
      const requests = onAllSbcs(18);
      const answers = await Promise.all(requests.map((request, index) => (index % 2 === 0 ? create(stage, request) : second.http.post(path, request))));
      for (const [index, answer] of answers.entries()) {
        const { customerId, id } = expectDeployed(answer);
        expect(customerId).toBe(requests[index]?.shortName);
        expect(await standing(stage.simulators, customerId, id, sbcOf(index))).toEqual(oneOfEach);
      }
      expect((await stage.simulators.calls({ peer: 'sbc' }, since)).filter(({ overlap }) => overlap === true)).toEqual([]);

      const request = aRequest();
      const headers = { 'Idempotency-Key': randomUUID() };
      const [here, there] = await Promise.all([create(stage, request, headers), second.http.post(path, request, headers)]);
      expectDeployed(here);
      expect(there.json).toEqual(here.json);
      expect(await Promise.all([agent.stop(), second.stop()])).toEqual([{ code: 0, signal: null }, { code: 0, signal: null }]);
    });
  });

  describe('a script that a killed agent has left running on the SBC', () => {
    it('is waited for: the next agent reads, and writes nothing until it must have ended', async () => {
      // Long enough for a restart; an SBC that takes longer than this has broken the contract.
      await stage.app.restartWith('sbc-agent', { SBC_RESPONSE_TIMEOUT_MS: '15000' });
      await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
      const request = aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: 4 } });
      const pending = create(stage, request);
      const { seq } = await stage.simulators.waitForCall(script);
      await stage.app.kill('sbc-agent');
      await stage.app.restart('sbc-agent');
      const readings = { peer: 'sbc', id: 4, method: 'GET', path: '/cliScript' } as const;
      await eventually('the next agent to look more than once', async () => (await stage.simulators.calls(readings, seq)).filter(({ status }) => status === 200).length > 2);
      expect(await stage.simulators.calls(script, seq)).toEqual([]);
      await stage.simulators.release();
      const { customerId, id } = expectDeployed(await pending);
      expect(await standing(stage.simulators, customerId, id, 4)).toEqual(oneOfEach);
      expect((await stage.simulators.calls({ peer: 'sbc', id: 4 }, seq - 1)).filter(({ method, overlap }) => method === 'PUT' || overlap === true)).toHaveLength(1);
    });
  });
  describe('an agent that is stopped in the very moment in which it sends a script', () => {
    const sbcId = 3;
    const onThatSbc = () => aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId } });
    /** Agents that a fault point has stopped (Linux). */
    const standingStill = (): number[] => [...stage.app.pids().values()].filter((pid) => /^\d+ \(.*\) T/s.test(statusOf(pid)));
    const wake = (pids: readonly number[]): void => { for (const pid of pids) process.kill(pid, 'SIGCONT'); };

    it('leaves nothing of a customer that was deleted before it woke up, and all of the others', async () => {
      const other = expectDeployed(await create(stage, onThatSbc()));
      // Either may get the job, so both are armed; the other one is woken at once when it comes to a script of its own.
      await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: 'sbc-agent.before-script-bytes:stop' });
      const second = await stage.app.startAnother('sbc-agent');
      const key = randomUUID();
      const guid = customerGuidOf(keyedDeploymentId('default', key));
      const request = onThatSbc();
      const creating = create(stage, request, { 'Idempotency-Key': key });
      const stopped = await eventually('an agent to stand still', () => {
        const pids = standingStill();
        return pids.length > 0 && pids;
      });
      // As if it had stood for longer than its lease and its script could last: really waiting would let the SBC close the connection.
      await stage.app.rows(`UPDATE sbc_agent.device_lease SET expires_at = now() - interval '1 s', write_until = now() - interval '1 s' WHERE sbc_id = $1`, [sbcId]);
      const goesOn = setInterval(() => { wake(standingStill().filter((pid) => !stopped.includes(pid))); }, 25);
      const removed = await stage.app.http.delete(`/api/v2/customer/${guid}`).finally(() => { clearInterval(goesOn); });
      expect([removed.status, removed.text]).toEqual([200, '1']);
      expect(await creating).toMatchObject({ status: 200, json: { deploymentState: 'Unknown' } });
      expect(await standing(stage.simulators, request.shortName, guid, sbcId)).toEqual(nothing);

      wake(stopped);
      await eventually('the SBC to be swept after the late script', async () => {
        wake(standingStill());
        // The sweep is owed before the line is written: in the other order, the lease could be read before and the line after.
        if (!stage.app.logLines().some((line) => line.includes('the lease of the SBC was lost after a script had begun'))) return false;
        const [lease] = await stage.app.rows<{ is_swept: boolean }>('SELECT sweep_owed_from IS NULL AND holder IS NULL AS is_swept FROM sbc_agent.device_lease WHERE sbc_id = $1', [sbcId]);
        return lease?.is_swept;
      }, 30_000);
      expect(await standing(stage.simulators, request.shortName, guid, sbcId)).toEqual(nothing);
      expect(await standing(stage.simulators, other.customerId, other.id, sbcId)).toEqual(oneOfEach);
      expect(await second.stop()).toEqual({ code: 0, signal: null });
      await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: '' });
    });
  });
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
