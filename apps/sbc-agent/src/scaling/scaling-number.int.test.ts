import { InProcessBroker, InProcessTransport, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { JobStore } from '@trunkline/steps';
import { type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Liveness } from '../lease/liveness.js';
import { sbcAgentMigrations } from '../persistence/sbc-agent-migrations.js';
import { ScalingNumber } from './scaling-number.js';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('what agents are scaled by', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const alive: Liveness[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({ url: fresh.sbc_agent, schema: 'sbc_agent', applicationName: 'test', poolSize: 5, entities: [], migrations: sbcAgentMigrations });
  });
  beforeEach(async () => { await sql('TRUNCATE job, device_lease'); });
  afterEach(async () => { await Promise.all(alive.splice(0).map((liveness) => liveness.close())); });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  const sql = (text: string) => database.run<Record<string, unknown>>({ name: '', text, values: [] });
  const scaler = <T>(work: (client: Client) => Promise<T>): Promise<T> => withClient(fresh.trunkline_scaler, work);
  const read = () => scaler(async (client) => (await client.query('SELECT * FROM sbc_agent.scaling')).rows[0] as Record<string, number>);
  /** Of several times, the one that was disturbed least. */
  const explained = async (client: Client): Promise<{ plan: string; leastMs: number }> => {
    const plans: string[] = [];
    for (let time = 0; time < 7; time += 1) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>('EXPLAIN ANALYZE SELECT * FROM sbc_agent.scaling');
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return { plan: plans.at(-1) ?? '', leastMs: Math.min(...plans.map((plan) => Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]))) };
  };
  const addJobs = (from: number, to: number, state: string, runAt = 'now()') => sql(`
    INSERT INTO job (message_id, kind, is_undo, deployment_id, customer_guid, round, lane, payload, state, run_at, finished_at)
    SELECT gen_random_uuid()::text, 'sbc-onboarding', false, gen_random_uuid(), gen_random_uuid(), 1, (1 + n % 1000)::text, repeat('x', 200), '${state}', ${runAt},
      CASE WHEN '${state}' IN ('done', 'dropped') THEN now() END
    FROM generate_series(${from}, ${to}) n`);
  const addLease = (sbcId: number, set: string) => sql(`INSERT INTO device_lease (sbc_id) VALUES (${sbcId}); UPDATE device_lease SET ${set} WHERE sbc_id = ${sbcId}`);
  const newAgent = async (): Promise<Liveness> => {
    const liveness = new Liveness(new SystemClock(), { holder: 'agent', databaseUrl: fresh.sbc_agent }, logger);
    alive.push(liveness);
    await liveness.ensureAlive();
    return liveness;
  };

  it('is nothing while nothing is to be done', async () => {
    await addJobs(1, 20, 'done');
    expect(await read()).toEqual({ busy_devices: 0, waiting_jobs: 0, oldest_wait_seconds: 0 });
  });

  it.each([
    ['a job that is due', () => addJobs(1, 1, 'waiting', `now() - interval '7 s'`), { busy_devices: 1, waiting_jobs: 1, oldest_wait_seconds: 7 }],
    ['a job that is due within 30 s', () => addJobs(1, 1, 'waiting', `now() + interval '29 s'`), { busy_devices: 1, waiting_jobs: 1, oldest_wait_seconds: 0 }],
    ['a job that is due later', () => addJobs(1, 1, 'waiting', `now() + interval '40 s'`), { busy_devices: 0, waiting_jobs: 0, oldest_wait_seconds: 0 }],
    ['nothing but jobs that run', () => addJobs(1, 1, 'running', `now() - interval '1 minute'`), { busy_devices: 1, waiting_jobs: 0, oldest_wait_seconds: 0 }],
    ['a lease that is held', () => addLease(2, `holder = 'a', expires_at = now() + interval '9 s'`), { busy_devices: 1, waiting_jobs: 0, oldest_wait_seconds: 0 }],
    ['a lease that has run out', () => addLease(2, `holder = 'a', expires_at = now() - interval '9 s'`), { busy_devices: 0, waiting_jobs: 0, oldest_wait_seconds: 0 }],
    ['a lease for a probe', () => addLease(2, `holder = 'a', expires_at = now() + interval '9 s', opened_at = now()`), { busy_devices: 0, waiting_jobs: 0, oldest_wait_seconds: 0 }],
  ])('counts rightly: %s', async (_name, arrange, expected) => {
    await arrange();
    expect(await read()).toEqual(expected);
  });

  it('leaves out devices whose breaker is open, and counts one with both a lease and jobs once', async () => {
    await addJobs(1, 3, 'waiting', `now() - interval '1 minute'`);
    await addLease(2, 'opened_at = now()');
    await addLease(3, `holder = 'a', expires_at = now() + interval '9 s'`);
    expect(await read()).toEqual({ busy_devices: 2, waiting_jobs: 2, oldest_wait_seconds: 60 });
  });

  it('is read by an index and fast with 100,000 finished jobs: 0, 1 and 500 busy devices', async () => {
    await addJobs(1, 100_000, 'done');
    for (const busy of [0, 1, 500]) {
      await sql(`DELETE FROM job WHERE state = 'waiting'`);
      await addJobs(1, busy, 'waiting', `now() - interval '3 s'`);
      await sql('ANALYZE job');
      expect(await read()).toMatchObject({ busy_devices: busy, waiting_jobs: busy });
      const { plan, leastMs } = await scaler(explained);
      expect(plan).not.toMatch(/Seq Scan on job/);
      expect(plan).toMatch(/Index (Only )?Scan (using|on) job_/);
      expect(leastMs, plan).toBeLessThan(5);
    }
  });

  it('is told with the agents that it asks for, and those that take devices', async () => {
    await addJobs(1, 17, 'waiting');
    const number = new ScalingNumber(database, 16);
    expect(await number.now()).toEqual({ busyDevices: 17, devicesPerAgent: 16, agentsWanted: 2, agentsSeen: 0, oldestWaitSeconds: 0 });
    await newAgent();
    const leaving = await newAgent();
    expect((await number.now()).agentsSeen).toBe(2);
    await leaving.leave();
    expect((await number.now()).agentsSeen).toBe(1);
  });

  it('counts a job as soon as it is taken in', async () => {
    const transport = new InProcessTransport(new InProcessBroker(topology));
    const jobs = new JobStore(database, new Outbox(database, transport, logger));
    await jobs.accept({
      messageId: 'm1', body: '{}', isRedrive: false, origins: [],
      job: { kind: 'sbc-onboarding', isUndo: false, deploymentId: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a11', round: 1, lane: '5' },
    });
    expect((await read()).busy_devices).toBe(1);
  });
});
