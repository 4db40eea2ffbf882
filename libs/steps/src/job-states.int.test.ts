import { randomUUID } from 'node:crypto';

import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { drawnTransitions, type FreshDatabase, freshDatabase, hasRun, SeenTransitions, statementsWriting } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Housekeeping } from './housekeeping.js';
import type { ClaimedJob } from './job.js';
import { jobMigrations } from './job-migrations.js';
import { endJobs, JobStore } from './job-store.js';
import { LaneJobs } from './lane-jobs.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const customerGuid = randomUUID();
const lane = 'lane';
const fence = { name: 'mine', holds: () => 'true' };
const beside = { name: 'nothing', of: () => 'NULL' };
const nothingToUndo = { name: 'silent', of: () => 'false' };

describe('the states of a job', () => {
  const seen = new SeenTransitions();
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;
  let store: JobStore;
  let claiming: JobStore;
  let lanes: LaneJobs;
  let housekeeping: Housekeeping;

  const sql = (text: string) => database.run<Record<string, string>>({ name: '', text, values: [] });
  const accept = (into: JobStore) => into.accept({
    messageId: randomUUID(), body: '{}', isRedrive: false, origins: [],
    job: { kind: 'test', isUndo: false, deploymentId: randomUUID(), customerGuid, round: 1, lane },
  });
  const claim = async (): Promise<ClaimedJob | undefined> => (await store.claim({ holder: 'me', limit: 1, claimMs: 60_000 }))[0];
  const close = () => store.close(randomUUID(), { customerGuid, round: 1 });
  const running = async () => { await accept(store); return claim(); };
  const runOut = () => sql(`UPDATE job SET claimed_until = now() - interval '1 second'`);
  const finish = (kind: 'done' | 'again' | 'released') => async (job: ClaimedJob | undefined) => {
    if (job) await store.finish(kind === 'again' ? { kind, job, afterMs: 0, note: 'TEST: again' } : { kind, job });
  };

  /** How a job can stand; answers it where this process has claimed it. */
  const situations: readonly (() => Promise<ClaimedJob | undefined>)[] = [
    async () => undefined,
    async () => { await accept(store); return undefined; },
    running,
    async () => { const job = await running(); await runOut(); return job; },
    async () => { const job = await running(); await close(); return job; },
    async () => { const job = await running(); await close(); await runOut(); return job; },
    async () => { const job = await running(); await finish('done')(job); return job; },
    async () => { await accept(store); await close(); return undefined; },
  ];

  const operations: readonly (readonly [cause: string, run: (job: ClaimedJob | undefined) => Promise<unknown>])[] = [
    ['taken in', () => accept(store)],
    ['taken in', () => accept(claiming)],
    ['claimed', claim],
    ['claimed', () => lanes.claim(database, [lane], { limit: 1, fence, beside })],
    ['claimed', () => lanes.claimEnding(database, [{ lane, since: new Date(0) }], { nothingToUndo, longestMs: 0, limit: 1 })],
    ['claimed', async (job) => { if (job) await store.renew([job], 60_000); }],
    ['done', finish('done')],
    ['done', async (job) => { if (job) await database.transaction((transaction) => { endJobs(transaction, [job]); }); }],
    ['tried again', finish('again')],
    ['tried again', () => lanes.wakeLane(lane, ['TEST'])],
    ['given back', finish('released')],
    ['given back', () => database.transaction((transaction) => { lanes.returnLane(transaction, lane, fence); })],
    ['closed', close],
    ['after 7 days', async () => { await sql(`UPDATE job SET finished_at = finished_at - interval '8 days'`); await housekeeping.forgetOld(); }],
  ];

  /** Everything that is done with jobs, to a job in every situation; a trigger notes what becomes of it. */
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 2, entities: [], migrations: [...messagingMigrations, ...jobMigrations],
    });
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    const outbox = new Outbox(database, transport, logger);
    store = new JobStore(database, outbox);
    claiming = new JobStore(database, outbox);
    claiming.claimFor({ holder: 'me', claimMs: 60_000, reserve: (most) => most, adopt: () => undefined });
    lanes = new LaneJobs(database);
    housekeeping = new Housekeeping(database, logger);
    await sql('CREATE TABLE change (was text NOT NULL, became text NOT NULL)');
    await sql(`
      CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO change VALUES (coalesce(OLD.state, '[*]'), coalesce(NEW.state, '[*]')); RETURN NULL; END $$`);
    await sql('CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON job FOR EACH ROW EXECUTE FUNCTION note_change()');
    for (const situation of situations) {
      for (const [cause, run] of operations) {
        await sql('TRUNCATE job, closed_customer, inbox, outbox');
        const job = await situation();
        await sql('TRUNCATE change');
        await run(job);
        for (const { became, was } of await sql('SELECT was, became FROM change')) seen.add(was!, became!, became === 'dropped' ? 'closed' : cause);
      }
    }
  });
  afterAll(async () => {
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  it('are drawn as the statements make them', () => {
    expect(drawnTransitions('A job')).toEqual(seen.lines);
  });

  it('were shown by every statement that writes jobs', () => {
    expect(statementsWriting('job', 'libs/steps/src').filter((name) => !hasRun(database, name))).toEqual([]);
  });
});
