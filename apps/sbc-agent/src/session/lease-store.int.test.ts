import { MessagingTables1764000000000 } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { Clock, createLogger } from '@trunkline/runtime';
import { JobTables1764000001000 } from '@trunkline/steps';
import { eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { SbcAgentTables1764000003000 } from '../persistence/sbc-agent-tables.migration.js';
import type { Lease } from './lease.js';
import { LeaseStore } from './lease-store.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const leaseMs = 15_000;

class HandClock extends Clock {
  ms = 0;
  now(): Date { return new Date(this.ms); }
  monotonicMs(): number { return this.ms; }
}

describe('device leases', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const stores: LeaseStore[] = [];
  let nextSbc = 1;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.sbc_agent, schema: 'sbc_agent', applicationName: 'test', poolSize: 5, entities: [],
      migrations: [MessagingTables1764000000000, JobTables1764000001000, SbcAgentTables1764000003000],
    });
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  const agent = (holder: string, clock: Clock = new HandClock(), ms = leaseMs): LeaseStore => {
    const store = new LeaseStore(database, clock, { holder, databaseUrl: fresh.sbc_agent, schema: 'sbc_agent', leaseMs: ms }, logger);
    stores.push(store);
    return store;
  };
  const newSbc = (): number => nextSbc++;
  const taken = (lease: Lease | undefined): Lease => {
    if (!lease) throw new Error('the lease was not given');
    return lease;
  };

  it('are given to one of several agents that ask at once', async () => {
    const sbc = newSbc();
    const asked = await Promise.all(['a', 'b', 'c', 'd'].map((name) => agent(name).acquire(sbc)));
    expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('are given again once they are given back, under a higher epoch', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const first = taken(await store.acquire(sbc));
    await store.release(first, true);
    const second = taken(await agent('b').acquire(sbc));
    expect(Number(second.grant.epoch)).toBeGreaterThan(Number(first.grant.epoch));
    expect(second.grant.quietForMs).toBe(0);
  });

  it('pass to another agent as soon as the holder\'s database session is gone', async () => {
    const sbc = newSbc();
    taken(await agent('dead').acquire(sbc));
    const heir = agent('heir');
    expect(await heir.acquire(sbc)).toBeUndefined();
    await withClient(fresh.superuserUrl, (client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dead alive'`));
    await eventually('the heir gets the lease', () => heir.acquire(sbc), 2_000);
  });

  it('pass on when they run out, however alive the holder is', async () => {
    const sbc = newSbc();
    taken(await agent('slow', new HandClock(), 50).acquire(sbc));
    await eventually('the lease runs out', () => agent('next').acquire(sbc));
  });

  it('can\'t be prolonged by an agent that has lost them', async () => {
    const sbc = newSbc();
    const slow = agent('slow', new HandClock(), 50);
    const lost = taken(await slow.acquire(sbc));
    await eventually('the lease runs out', () => agent('next').acquire(sbc));
    expect(await slow.renew(lost, undefined)).toBe(false);
    expect(lost.isValid).toBe(false);
  });

  it('tell the next holder how long a script of the last one may still run', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const lease = taken(await store.acquire(sbc));
    const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
    await store.renew(lease, 60_000, { customerGuid, isUndo: true });
    await store.release(lease, false);
    const { grant } = taken(await agent('b').acquire(sbc));
    expect(grant.inFlight).toEqual({ customerGuid, isUndo: true });
    expect(grant.quietForMs).toBeGreaterThan(55_000);
    expect(grant.saveOwed).toBe(true);
  });

  it('owe a save until one of the same epoch has gone through', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const old = taken(await store.acquire(sbc));
    await store.renew(old, 1_000);
    await store.release(old, true);
    const lease = taken(await store.acquire(sbc));
    await store.saved(old);
    await store.release(lease, true);
    expect(taken(await store.acquire(sbc)).grant.saveOwed).toBe(true);
  });

  it('name a device whose save is owed as one with work', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const lease = taken(await store.acquire(sbc));
    await store.renew(lease, 1_000);
    expect(await store.waitingDevices(1000)).not.toContain(sbc);
    await store.release(lease, true);
    expect(await store.waitingDevices(1000)).toContain(sbc);
  });
});

describe('a lease by its holder\'s own clock', () => {
  const clock = new HandClock();
  const lease = async (): Promise<Lease> => {
    const { Lease: LeaseClass } = await import('./lease.js');
    clock.ms = 0;
    return new LeaseClass({ sbcId: 1, epoch: '1', quietForMs: 0, inFlight: undefined, saveOwed: false }, 0, leaseMs, () => clock.ms);
  };

  it('allows no script before the others know of it', async () => {
    expect((await lease()).mayWriteFor(1)).toBe(false);
  });

  it('allows a script only when the time the others wait covers all of it', async () => {
    const held = await lease();
    held.renewed(0, leaseMs, 5_000);
    expect(held.mayWriteFor(5_000)).toBe(true);
    clock.ms = 1;
    expect(held.mayWriteFor(5_000)).toBe(false);
  });

  it('ends when it was not renewed in time, whatever the others were told', async () => {
    const held = await lease();
    held.renewed(0, leaseMs, 60_000);
    clock.ms = leaseMs;
    expect(held.isValid).toBe(false);
    expect(held.mayWriteFor(1)).toBe(false);
  });

  it('allows nothing once it is lost', async () => {
    const held = await lease();
    held.renewed(0, leaseMs, 60_000);
    held.lost();
    expect(held.mayWriteFor(1)).toBe(false);
  });
});
