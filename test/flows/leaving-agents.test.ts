import { eventually, freePort, HttpClient } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, documentedRequest, expectDeployed, nothing, oneOfEach, standing } from './suite/customers.js';
import { leaveUnderLoad } from './suite/leaving-agents.js';
import { setStage } from './suite/stage.js';

const script = { peer: 'sbc', method: 'PUT', path: '/incremental' } as const;
const done = { code: 0, signal: null };
const sbcId = 4;
const onThatSbc = () => aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId } });

describe('an agent that is asked to end in the middle of its work', () => {
  const stage = setStage('one process per service on RabbitMQ', { DRAIN_MS: '60000' });
  const jobsOf = (shortName: string) => stage.app.rows<{ state: string; attempts: number }>(
    'SELECT state, attempts FROM sbc_agent.job WHERE payload::jsonb #>> \'{data,ticket,shortName}\' = $1 ORDER BY id', [shortName]);

  it.each(['before-script', 'before-script-bytes', 'after-script', 'before-save', 'after-save', 'before-results'] as const)(
    'at the point %s ends what it has begun: one effect, reported before it is gone', async (point) => {
      await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: `sbc-agent.${point}:term` });
      const since = await stage.simulators.mark();
      const request = onThatSbc();
      const pending = create(stage, request);
      expect(await stage.app.processOf('sbc-agent').ended).toEqual(done);
      expect(await jobsOf(request.shortName)).toEqual([{ state: 'done', attempts: 1 }]);
      const { customerId, id } = expectDeployed(await pending);
      expect(await standing(stage.simulators, customerId, id, sbcId)).toEqual(oneOfEach);
      expect(await stage.simulators.calls(script, since)).toHaveLength(1);
    });

  it('in a cleanup brings that to its end', async () => {
    await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: 'sbc-agent.in-cleanup:term' });
    const request = onThatSbc();
    const { id } = expectDeployed(await create(stage, request));
    const removing = stage.app.http.delete(`/api/v2/customer/${id}`);
    expect(await stage.app.processOf('sbc-agent').ended).toEqual(done);
    expect([(await removing).status, await standing(stage.simulators, request.shortName, id, sbcId)]).toEqual([200, nothing]);
  });

  it('when it has only taken the device gives it back untouched, and the next one takes it', async () => {
    await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: 'sbc-agent.after-lease:term' });
    const request = onThatSbc();
    const pending = create(stage, request);
    expect(await stage.app.processOf('sbc-agent').ended).toEqual(done);
    expect(await jobsOf(request.shortName)).toEqual([{ state: 'waiting', attempts: 0 }]);
    await stage.app.restartWith('sbc-agent', { TRUNKLINE_FAULT_POINT: '' });
    const { customerId, id } = expectDeployed(await pending);
    expect(await standing(stage.simulators, customerId, id, sbcId)).toEqual(oneOfEach);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('and by %s once more, is gone at once, and another one goes on with its script', async (signal) => {
    const port = await freePort();
    await stage.app.restartWith('sbc-agent', { HEALTH_PORT: String(port) });
    await stage.simulators.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' }, times: 1 });
    const since = await stage.simulators.mark();
    const request = onThatSbc();
    const pending = create(stage, request);
    await stage.simulators.waitForCall(script, { since });
    const agent = stage.app.processOf('sbc-agent');
    agent.signal('SIGTERM');
    await agent.logged('the SBC that it waits for', ({ msg, sbcId: id }) => (msg === 'stopping: waiting for the SBC' && id === sbcId ? true : undefined));
    const health = new HttpClient(() => `http://127.0.0.1:${port}`);
    expect(await health.get('/drain')).toMatchObject({ status: 200, json: { stopping: true, busyDevices: 1, longestMs: expect.any(Number), drainEndsInMs: expect.any(Number) } });
    expect(await health.get('/health/ready')).toMatchObject({ status: 503, json: { reasons: ['stopping'] } });
    expect((await health.post('/drain', {})).status).toBe(405);
    // Sooner it would be the same request.
    const endsInMs = async () => ((await health.get('/drain')).json as { drainEndsInMs: number }).drainEndsInMs;
    const first = await endsInMs();
    await eventually('half a second of the drain to be over', async () => await endsInMs() < first - 500);
    await health.close();
    const askedAt = performance.now();
    const exit = await agent.stop(signal);
    expect([exit, performance.now() - askedAt < 2_500]).toEqual([signal === 'SIGKILL' ? { code: null, signal } : done, true]);
    await stage.simulators.release();
    await stage.app.restart('sbc-agent');
    const { customerId, id } = expectDeployed(await pending);
    expect(await standing(stage.simulators, customerId, id, sbcId)).toEqual(oneOfEach);
    expect(await stage.simulators.calls(script, since)).toHaveLength(1);
    await eventually('the lease to be given back', async () => (
      await stage.app.rows('SELECT 1 FROM sbc_agent.device_lease WHERE sbc_id = $1 AND holder IS NULL', [sbcId])).length === 1);
  });
});

describe('agents that leave one after the other while every device has work', () => {
  const load = { devices: 9, customersADevice: 4, agents: 3, scriptMs: 800, everyMs: 1_200, withinMs: 60_000 };

  it('cut off no script and leave no device waiting, with a drain that is longer than a script', async () => {
    const seen = await leaveUnderLoad({ ...load, drainMs: 20_000 });
    process.stdout.write(`drain 20 s: ${JSON.stringify(seen)}\n`);
    expect(seen.cut).toBe(0);
    expect(seen.longestIdleMs).toBeLessThan(2_500);
    expect(seen.waitedFor).toBeGreaterThan(0);
  });

  it('cut off scripts with one that is shorter, and nothing is lost or done twice', async () => {
    const seen = await leaveUnderLoad({ ...load, customersADevice: 2, scriptMs: 3_000, drainMs: 1_000 });
    process.stdout.write(`drain 1 s, scripts of 3 s: ${JSON.stringify(seen)}\n`);
    expect(seen.cut).toBeGreaterThan(0);
  });
});
