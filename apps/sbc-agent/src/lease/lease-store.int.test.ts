import { Database, locked } from '@trunkline/persistence';
import { Clock, createLogger } from '@trunkline/runtime';
import { eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { HealthVerdict } from '../device/breaker.decide.js';
import { sbcAgentMigrations } from '../persistence/sbc-agent-migrations.js';
import type { Lease } from './lease.js';
import { type Announcement, type LeaseEnd, LeaseStore } from './lease-store.js';
import { Liveness } from './liveness.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const leaseMs = 15_000;
const well: HealthVerdict = { faults: 0, failedVisits: 0, isOpen: false, change: 'none', restMs: 0 };
const end = (isQuiet: boolean, health: Partial<HealthVerdict> = {}): LeaseEnd => (
  { isQuiet, isSaved: false, health: { ...well, ...health }, lastFault: undefined });
const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
const announce = async (store: LeaseStore, lease: Lease, announced: Announcement) => (
  (await store.announceIn(database, [{ lease, script: announced }], { isAlone: true }))().get(lease));
const waiting = async (store: LeaseStore) => (await store.waitingDevices(1000)).sbcIds;
const release = async (store: LeaseStore, lease: Lease, ended: LeaseEnd) => (await store.releaseIn(database, [{ lease, end: ended }])).has(lease);
const script = (writeForMs: number): Announcement => ({ customerGuid, isUndo: true, jobId: undefined, writeForMs });

class HandClock extends Clock {
  ms = 0;
  now(): Date { return new Date(this.ms); }
  monotonicMs(): number { return this.ms; }
}

let database: Database;

describe('device leases', () => {
  let fresh: FreshDatabase;
  const alive = new Map<LeaseStore, Liveness>();
  let nextSbc = 1;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.sbc_agent, schema: 'sbc_agent', applicationName: 'test', poolSize: 5, entities: [],
      migrations: sbcAgentMigrations,
    });
  });
  afterEach(async () => {
    await Promise.all([...alive.values()].map((liveness) => liveness.close()));
    alive.clear();
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  const agent = (holder: string, ms = leaseMs): LeaseStore => {
    const clock = new HandClock();
    const liveness = new Liveness(clock, { holder, databaseUrl: fresh.sbc_agent }, logger);
    const store = new LeaseStore(database, liveness, clock, { holder, leaseMs: ms });
    alive.set(store, liveness);
    return store;
  };
  const newSbc = (): number => nextSbc++;
  const acquire = async (store: LeaseStore, sbc: number, isProbe = false): Promise<Lease | undefined> => {
    await alive.get(store)?.ensureAlive();
    const lease = (await database.transaction((transaction) => store.acquireIn(transaction, [sbc], { isAlone: true, isProbe }))).get(sbc);
    return lease === locked ? undefined : lease;
  };
  const taken = (lease: Lease | undefined): Lease => {
    if (!lease) throw new Error('the lease was not given');
    return lease;
  };

  it('are given to one of several agents that ask at once', async () => {
    const sbc = newSbc();
    const asked = await Promise.all(['a', 'b', 'c', 'd'].map((name) => acquire(agent(name), sbc)));
    expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('are given again once they are given back, under a higher epoch', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const first = taken(await acquire(store, sbc));
    await release(store, first, end(true));
    const second = taken(await acquire(agent('b'), sbc));
    expect(Number(second.grant.epoch)).toBeGreaterThan(Number(first.grant.epoch));
    expect(second.grant.quietForMs).toBe(0);
  });

  it('pass to another agent as soon as the holder\'s database session is gone', async () => {
    const sbc = newSbc();
    taken(await acquire(agent('dead'), sbc));
    const heir = agent('heir');
    expect(await acquire(heir, sbc)).toBeUndefined();
    await withClient(fresh.superuserUrl, (client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dead alive'`));
    await eventually('the heir gets the lease', () => acquire(heir, sbc), 2_000);
  });

  it('pass on when they run out, however alive the holder is', async () => {
    const sbc = newSbc();
    taken(await acquire(agent('slow', 50), sbc));
    await eventually('the lease runs out', () => acquire(agent('next'), sbc));
  });

  it('can\'t be prolonged by an agent that has lost them', async () => {
    const sbc = newSbc();
    const slow = agent('slow', 50);
    const lost = taken(await acquire(slow, sbc));
    await eventually('the lease runs out', () => acquire(agent('next'), sbc));
    await slow.renew([lost]);
    expect(lost.isValid).toBe(false);
    expect(await announce(slow, lost, script(1))).toBe('lost');
  });

  it('tell the next holder how long a script of the last one may still run', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const lease = taken(await acquire(store, sbc));
    expect(await announce(store, lease, script(60_000))).toBe('announced');
    await release(store, lease, end(false));
    const { grant } = taken(await acquire(agent('b'), sbc));
    expect(grant.inFlight).toEqual({ customerGuid, isUndo: true });
    expect(grant.quietForMs).toBeGreaterThan(55_000);
    expect(grant.saveOwed).toBe(true);
  });

  it('owe a save until one of the same epoch has gone through', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const old = taken(await acquire(store, sbc));
    await announce(store, old, script(1_000));
    await release(store, old, end(true));
    const lease = taken(await acquire(store, sbc));
    expect(await release(store, old, { ...end(true), isSaved: true })).toBe(false);
    await release(store, lease, end(true));
    const last = taken(await acquire(store, sbc));
    expect(last.grant.saveOwed).toBe(true);
    await release(store, last, { ...end(true), isSaved: true });
    expect(taken(await acquire(store, sbc)).grant.saveOwed).toBe(false);
  });

  it('name a device whose save is owed as one with work', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const lease = taken(await acquire(store, sbc));
    await announce(store, lease, script(1_000));
    expect(await waiting(agent('b'))).not.toContain(sbc);
    expect((await store.waitingDevices(1000, [sbc])).sbcIds).not.toContain(sbc);
    await release(store, lease, end(true));
    expect(await waiting(store)).toContain(sbc);
  });

  it('come to every device in turn, however much work the others have', async () => {
    const store = agent('a');
    const sbcs = [newSbc(), newSbc(), newSbc()];
    for (const sbc of sbcs) {
      const lease = taken(await acquire(store, sbc));
      await announce(store, lease, script(1_000));
      await release(store, lease, end(true));
    }
    const others = (await waiting(store)).filter((sbc) => !sbcs.includes(sbc));
    const served: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const { sbcIds: [sbc = 0] } = await store.waitingDevices(1, others);
      served.push(sbc);
      await release(store, taken(await acquire(store, sbc)), end(true));
    }
    expect(served).toEqual([...sbcs, ...sbcs]);
  });

  it('are neither asked for nor given while a device rests or its breaker allows only a probe', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const isGiven = async (isProbe: boolean) => {
      const one = await acquire(agent('b'), sbc, isProbe);
      await database.run({ name: '', text: 'UPDATE device_lease SET holder = NULL WHERE sbc_id = $1', values: [sbc] });
      return one !== undefined;
    };
    const visit = async (health: Partial<HealthVerdict>, isProbe = false) => {
      const lease = taken(await acquire(store, sbc, isProbe));
      await announce(store, lease, script(1_000));
      await release(store, lease, end(true, health));
      return {
        waiting: (await waiting(store)).includes(sbc), silent: (await store.silentDevices(1000)).some(({ isProbeDue, sbcId }) => sbcId === sbc && isProbeDue),
        given: [await isGiven(false), await isGiven(true)],
      };
    };
    const letGo = () => database.run({ name: '', text: 'UPDATE device_lease SET holder = NULL, rest_until = NULL WHERE sbc_id = $1', values: [sbc] });
    expect(await visit({ restMs: 60_000 })).toEqual({ waiting: false, silent: false, given: [false, false] });
    await letGo();
    expect(await visit({})).toEqual({ waiting: true, silent: false, given: [true, false] });
    await letGo();
    expect(await visit({ faults: 5, isOpen: true })).toEqual({ waiting: false, silent: true, given: [false, true] });
    await letGo();
    expect(await visit({ faults: 6, isOpen: true, restMs: 60_000 }, true)).toEqual({ waiting: false, silent: false, given: [false, false] });
    await letGo();
    expect(taken(await acquire(agent('b'), sbc, true)).grant.health).toEqual({ faults: 6, failedVisits: 0 });
  });

  it('of a device that is silent keep its jobs from being ended by others while it is probed', async () => {
    const sbc = newSbc();
    const silent = async () => (await database.transaction((transaction) => agent('other').lockSilentIn(transaction, [sbc]))).map(({ lastFault, sbcId }) => [sbcId, lastFault]);
    const visit = taken(await acquire(agent('a'), sbc));
    expect(await silent()).toEqual([]);
    await release(agent('a'), visit, { ...end(true, { faults: 5, isOpen: true }), lastFault: 'ECONNREFUSED' });
    expect(await silent()).toEqual([[sbc, 'ECONNREFUSED']]);
    const probe = taken(await acquire(agent('a'), sbc, true));
    expect(await silent()).toEqual([]);
    await release(agent('a'), probe, end(true));
    expect(await silent()).toEqual([]);
  });

  it('that an agent has lost do not let it tell of the device', async () => {
    const sbc = newSbc();
    const slow = agent('slow', 50);
    const lost = taken(await acquire(slow, sbc));
    const next = taken(await eventually('the lease runs out', () => acquire(agent('next'), sbc)));
    expect(await release(slow, lost, end(true, { faults: 5, isOpen: true }))).toBe(false);
    expect((await agent('third').silentDevices(1000)).map(({ sbcId }) => sbcId)).not.toContain(sbc);
    expect(next.grant.health.faults).toBe(0);
  });

  it('can be taken again by the agent that could not give them back', async () => {
    const sbc = newSbc();
    const store = agent('a');
    const left = taken(await acquire(store, sbc));
    const again = taken(await acquire(store, sbc));
    expect(Number(again.grant.epoch)).toBeGreaterThan(Number(left.grant.epoch));
  });

  it.each([
    ['owe a sweep when taken from an agent that may wake up with a script to send', { isDead: false, writes: true }, true],
    ['owe one also when its session has ended, which a paused agent outlives', { isDead: true, writes: true }, true],
    ['owe none when it had nothing to send', { isDead: false, writes: false }, false],
  ])('%s', async (_name, { isDead, writes }, isOwed) => {
    const sbc = newSbc();
    const holder = agent('holder', 100);
    const lease = taken(await acquire(holder, sbc));
    if (writes) await announce(holder, lease, script(1));
    if (isDead) await alive.get(holder)?.close();
    const heir = await eventually('the lease to be given', () => acquire(agent('heir'), sbc));
    expect(heir.grant.sweepDue !== undefined).toBe(isOwed);
  });
});

describe('a lease by its holder\'s own clock', () => {
  const clock = new HandClock();
  const lease = async (): Promise<Lease> => {
    const { Lease: LeaseClass } = await import('./lease.js');
    clock.ms = 0;
    return new LeaseClass({ sbcId: 1, epoch: '1', quietForMs: 0, inFlight: undefined, saveOwed: false, health: { faults: 0, failedVisits: 0 }, sweepDue: undefined }, 0, leaseMs, () => clock.ms);
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
