import { Clock, createLogger } from '@trunkline/runtime';
import { eventually, FaultProxy, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Liveness } from './liveness.js';

/** Other tests have agents too, in databases of their own. */
const isAliveLock = `locktype = 'advisory' AND classid = 84113 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const logger = createLogger({ service: 'test', level: 'silent' });

class HandClock extends Clock {
  ms = 0;
  now(): Date { return new Date(this.ms); }
  monotonicMs(): number { return this.ms; }
}

describe('the liveness of an agent', () => {
  let fresh: FreshDatabase;
  const started: Liveness[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((liveness) => liveness.close()));
  });
  afterAll(() => fresh.drop());

  const start = (holder: string, databaseUrl = fresh.sbc_agent, clock: Clock = new HandClock()): Liveness => {
    const liveness = new Liveness(clock, { holder, databaseUrl }, logger);
    started.push(liveness);
    return liveness;
  };

  it('costs one database session an agent, however many ask at once and however often that fails', async () => {
    const holder = 'one session';
    const liveness = start(holder);
    const sessions = () => withClient(fresh.superuserUrl, async (client) => (
      await client.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [`${holder} alive`])
    ).rowCount);
    await Promise.all([liveness.ensureAlive(), liveness.ensureAlive(), liveness.ensureAlive()]);
    expect(await sessions()).toBe(1);
    await withClient(fresh.sbc_agent, async (old) => {
      // As the server does with a session whose client has vanished without a word.
      const { rows: [lock] } = await old.query<{ objid: number }>(`SELECT objid::bigint::int AS objid FROM pg_locks WHERE ${isAliveLock}`);
      await withClient(fresh.superuserUrl, (client) => client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [`${holder} alive`]));
      await old.query('SELECT pg_advisory_lock(84113, $1)', [lock?.objid]);
      await eventually('the loss to be noticed', async () => (await liveness.ensureAlive().then(() => undefined, (error: Error) => error.message))?.includes('lock timeout'));
      await eventually('no session to be left', async () => await sessions() === 0);
    });
    await liveness.ensureAlive();
    expect(await sessions()).toBe(1);
  });

  describe('over a link that has died without a word', () => {
    const locks = () => withClient(fresh.superuserUrl, async (client) => (await client.query(`SELECT 1 FROM pg_locks WHERE ${isAliveLock}`)).rowCount);

    it('is proven by another session: the agent notices', async () => {
      const link = await FaultProxy.start(fresh.sbc_agent);
      const clock = new HandClock();
      const liveness = start('half open', link.url, clock);
      await liveness.ensureAlive();
      link.disturb({ kind: 'half-open' });
      await eventually('the server to let go', async () => await locks() === 0);
      await liveness.ensureAlive();
      expect(await locks()).toBe(0);
      clock.ms += 5_000;
      await expect(liveness.ensureAlive()).rejects.toThrow(/timeout/);
      link.calm();
      await liveness.ensureAlive();
      expect(await locks()).toBe(1);
      await link.close();
    }, 20_000);

    it('is over for the others after 15 s: the server notices', async () => {
      const link = await FaultProxy.start(fresh.sbc_agent);
      const liveness = start('vanished', link.url);
      await liveness.ensureAlive();
      link.disturb({ kind: 'black-hole' });
      expect(await locks()).toBe(1);
      await eventually('the server to let go', async () => await locks() === 0, 25_000);
      await link.close();
    }, 40_000);
  });
});
