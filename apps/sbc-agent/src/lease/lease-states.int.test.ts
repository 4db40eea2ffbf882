import { randomUUID } from 'node:crypto';

import { Database, locked } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { drawnTransitions, type FreshDatabase, freshDatabase, hasRun, SeenTransitions, statementsWriting } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sbcAgentMigrations } from '../persistence/sbc-agent-migrations.js';
import type { Lease } from './lease.js';
import { LeaseStore } from './lease-store.js';
import { isAlive, Liveness } from './liveness.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const alone = { isAlone: true };
const health = { faults: 0, failedVisits: 0, isOpen: false, change: 'none', restMs: 0 } as const;

/** `Busy`: a script may be running on the SBC. */
const stateByRow = `
  CASE WHEN holder IS NULL THEN 'Free' WHEN expires_at >= now() AND ${isAlive('holder_lock')} THEN 'Held' ELSE 'Expired' END
    || CASE WHEN write_until > now() THEN 'Busy' ELSE '' END`;

class Agent {
  private readonly liveness: Liveness;
  readonly leases: LeaseStore;

  constructor(private readonly database: Database, databaseUrl: string, holder: string) {
    const clock = new SystemClock();
    this.liveness = new Liveness(clock, { holder, databaseUrl }, logger);
    this.leases = new LeaseStore(database, this.liveness, clock, { holder, leaseMs: 60_000 });
  }

  async take(sbcId: number): Promise<Lease | undefined> {
    await this.liveness.ensureAlive();
    const lease = (await this.database.transaction((transaction) => this.leases.acquireIn(transaction, [sbcId], alone))).get(sbcId);
    return lease === locked ? undefined : lease;
  }

  async announce(lease: Lease): Promise<void> {
    const script = { customerGuid: randomUUID(), isUndo: false, jobId: undefined, writeForMs: 60_000 };
    (await this.leases.announceIn(this.database, [{ lease, script }], alone))();
  }

  async giveBack(lease: Lease, isQuiet: boolean): Promise<void> {
    await this.leases.releaseIn(this.database, [{ lease, end: { isQuiet, isSaved: false, health, lastFault: undefined } }], alone);
  }

  die(): Promise<void> {
    return this.liveness.close();
  }
}

describe('the states of a device lease', () => {
  const seen = new SeenTransitions();
  let fresh: FreshDatabase;
  let database: Database;

  const sql = <Row extends object>(text: string, sbcId: number) => database.run<Row & Record<string, unknown>>({ name: '', text, values: [sbcId] });
  const runOut = (sbcId: number) => sql(`UPDATE device_lease SET expires_at = now() - interval '1 second' WHERE sbc_id = $1`, sbcId);
  const writeUntilPasses = (sbcId: number) => (
    sql(`UPDATE device_lease SET write_until = now() - interval '1 second' WHERE sbc_id = $1 AND write_until IS NOT NULL`, sbcId));
  const stateOf = async (sbcId: number): Promise<string> => (
    (await sql<{ state: string }>(`SELECT ${stateByRow} AS state FROM device_lease WHERE sbc_id = $1`, sbcId))[0]?.state ?? '[*]');

  /** How a device can stand, and the lease that an agent still believes to have. */
  type Situation = (own: Agent, sbcId: number, other: Agent) => Promise<Lease | undefined>;
  const taken: Situation = (own, sbcId) => own.take(sbcId);
  const announced: Situation = async (own, sbcId) => {
    const lease = await own.take(sbcId);
    if (lease) await own.announce(lease);
    return lease;
  };
  const givenBack = (situation: Situation, isQuiet: boolean): Situation => async (own, sbcId, other) => {
    const lease = await situation(own, sbcId, other);
    if (lease) await own.giveBack(lease, isQuiet);
    return undefined;
  };
  const left = (situation: Situation, leave: (own: Agent, sbcId: number) => Promise<unknown>): Situation => async (own, sbcId, other) => {
    const lease = await situation(own, sbcId, other);
    await leave(own, sbcId);
    return lease;
  };
  const dead = (own: Agent): Promise<void> => own.die();
  const late = (_own: Agent, sbcId: number): Promise<unknown> => runOut(sbcId);
  const situations: readonly Situation[] = [
    async () => undefined,
    givenBack(taken, true), givenBack(announced, false),
    taken, announced, left(taken, late), left(announced, late), left(taken, dead), left(announced, dead),
    async (own, sbcId, other) => {
      const lease = await left(announced, late)(own, sbcId, other);
      await other.take(sbcId);
      return lease;
    },
  ];

  interface Parts { readonly own: Agent; readonly other: Agent; readonly sbcId: number; readonly lease: Lease | undefined }
  const operations: readonly (readonly [cause: string, run: (parts: Parts) => Promise<unknown>])[] = [
    ['taken', ({ other, sbcId }) => other.take(sbcId)],
    ['renewed', async ({ lease, own }) => { if (lease) await own.leases.renew([lease]); }],
    ['announced', async ({ lease, own }) => { if (lease) await own.announce(lease); }],
    ['given back', async ({ lease, own }) => { if (lease) await own.giveBack(lease, true); }],
    ['given back', async ({ lease, own }) => { if (lease) await own.giveBack(lease, false); }],
    ['holder dies', async ({ own }) => { await own.die(); }],
    ['runs out', ({ sbcId }) => runOut(sbcId)],
    ['write_until passes', ({ sbcId }) => writeUntilPasses(sbcId)],
  ];

  /** Everything that is done with leases, to a device in every situation. */
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.sbc_agent, schema: 'sbc_agent', applicationName: 'test', poolSize: 3, entities: [], migrations: sbcAgentMigrations,
    });
    let sbcId = 0;
    for (const situation of situations) {
      for (const [cause, run] of operations) {
        sbcId += 1;
        const [own, other] = [new Agent(database, fresh.sbc_agent, 'own'), new Agent(database, fresh.sbc_agent, 'other')];
        const lease = await situation(own, sbcId, other);
        const before = await stateOf(sbcId);
        await run({ own, other, sbcId, lease });
        seen.add(before, await stateOf(sbcId), cause);
        await Promise.all([own.die(), other.die()]);
      }
    }
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('are drawn as the statements make them', () => {
    expect(drawnTransitions('A device lease')).toEqual(seen.lines);
  });

  it('were shown by every statement that writes leases', () => {
    expect(statementsWriting('device_lease', 'apps/sbc-agent/src/lease').filter((name) => !hasRun(database, name))).toEqual([]);
  });
});
