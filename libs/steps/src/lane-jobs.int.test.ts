import { randomUUID } from 'node:crypto';

import { messageOf, SbcOnboarded } from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { type FreshDatabase, freshDatabase } from '@trunkline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ClaimedJob, NewJob } from './job.js';
import { hasOpenJobs, isCustomerBusy, isCustomerClosing, isCustomerDone, isJobClosing, lanesWithWork } from './job-conditions.js';
import { jobMigrations } from './job-migrations.js';
import { doneWith } from './job-runner.js';
import { JobStore, type LaneFence } from './job-store.js';
import { type EndingJob, type JobColumn, type LaneJob, LaneJobs } from './lane-jobs.js';

const hourMs = 3_600_000;
const mine: LaneFence = { name: 'mine', holds: () => 'true' };
/** The customer, as the service's own tables would know it. */
const beside: JobColumn = { name: 'customer', of: (customerGuid) => `(SELECT 'of ' || ${customerGuid})` };

describe('jobs of a lane', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;
  let store: JobStore;
  let lanes: LaneJobs;
  let lane: string;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 5, entities: [],
      migrations: [...messagingMigrations, ...jobMigrations],
    });
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    store = new JobStore(database, new Outbox(database, transport, createLogger({ service: 'test', level: 'silent' })));
    lanes = new LaneJobs(database);
  });
  beforeEach(() => { lane = randomUUID(); });
  afterAll(async () => {
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  /** Answers the message's id. */
  const accept = async (job: Partial<NewJob> = {}, body = '{}'): Promise<string> => {
    const messageId = randomUUID();
    const whole = { kind: 'test', isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane, ...job };
    await store.accept({ messageId, body, isRedrive: false, origins: [], job: whole });
    return messageId;
  };
  const claim = (): Promise<LaneJob[]> => lanes.claim(database, [lane], { limit: 100, fence: mine, beside });
  const again = async (job: ClaimedJob, code: string): Promise<void> => {
    await store.finish({ kind: 'again', job, afterMs: hourMs, note: `${code}: why` });
  };
  const done = async (job: ClaimedJob): Promise<void> => {
    await store.finish(doneWith(job, {
      origins: [],
      message: messageOf(SbcOnboarded, {
        id: randomUUID(), source: 'test', subject: job.deploymentId, time: new Date().toISOString(), round: job.round, sequence: job.attempt, step: 'test',
        data: { progress: [], ticket: {} as never }, // the store does not look into a message
      }),
    }));
  };
  const states = async (): Promise<string[]> => (
    await database.run<{ state: string }>({ name: '', text: 'SELECT state FROM job WHERE lane = $1 ORDER BY id', values: [lane] })).map(({ state }) => state);
  const holds = async (condition: string, value: string | null): Promise<boolean> => (
    await database.run<{ holds: boolean }>({ name: '', text: `SELECT ${condition} AS holds FROM (SELECT $1::text AS v) given`, values: [value] }))[0]?.holds ?? false;

  it('that others left running can be claimed again at once, and closed ones of them end', async () => {
    const [waits, closed] = [randomUUID(), randomUUID()];
    await accept({ customerGuid: waits });
    await accept({ customerGuid: closed });
    const elsewhere = await accept({ lane: 'elsewhere' });
    await store.claim({ holder: 'somebody', limit: 100, claimMs: 60_000 });
    await store.close(randomUUID(), { customerGuid: closed, round: 1 });
    const returned = (holds: boolean) => database.transaction((transaction) => { lanes.returnLane(transaction, lane, { name: `${holds}`, holds: () => `${holds}` }); });
    await returned(false);
    expect(await states()).toEqual(['running', 'running']);
    await returned(true);
    expect(await states()).toEqual(['waiting', 'dropped']);
    expect(await database.run({ name: '', text: 'SELECT state FROM job WHERE message_id = $1', values: [elsewhere] })).toEqual([{ state: 'running' }]);
    expect((await claim()).map((job) => [job.attempt, job.customerGuid, job.beside])).toEqual([[2, waits, `of ${waits}`]]);
  });

  it('are taken over from whoever held the lane before, but none that was closed meanwhile', async () => {
    const [left, closed] = [await accept(), randomUUID()];
    await accept({ customerGuid: closed });
    expect(await claim()).toHaveLength(2);
    await store.close(randomUUID(), { customerGuid: closed, round: 1 });
    expect((await claim()).map((job) => [job.messageId, job.attempt, job.isTakenOver])).toEqual([[left, 2, true]]);
    expect(await states()).toEqual(['running', 'dropped']);
  });

  it('are too late when their time to begin has passed and no attempt says why it did not end', async () => {
    await accept({ startBy: new Date(Date.now() - 1_000).toISOString() });
    const [first] = await claim();
    const [again1] = await claim();
    expect([first, again1].map((job) => job?.isTooLate)).toEqual([true, true]);
    await again(again1!, 'LATER');
    await lanes.wakeLane(lane, ['LATER']);
    expect((await claim()).map(({ isTooLate }) => isTooLate)).toEqual([false]);
  });

  it('are claimed of lanes for which the fence holds alone, so many of each', async () => {
    const other = randomUUID();
    for (const each of [lane, lane, lane, other]) await accept({ lane: each });
    const fenced = { name: 'fenced', holds: (column: string) => `${column} = '${lane}'` };
    expect((await lanes.claim(database, [lane, other], { limit: 2, fence: fenced, beside })).map((job) => job.lane)).toEqual([lane, lane]);
    expect((await lanes.claim(database, [other], { limit: 2, fence: mine, beside })).map((job) => job.lane)).toEqual([other]);
  });

  it('wait no longer when what they waited for is over, but for that alone', async () => {
    const silent = await accept();
    await accept();
    for (const job of await claim()) await again(job, job.messageId === silent ? 'SILENT' : 'REFUSED');
    await lanes.wakeLane(randomUUID(), ['SILENT']);
    expect(await claim()).toEqual([]);
    await lanes.wakeLane(lane, ['SILENT', 'LOST']);
    expect((await claim()).map(({ messageId }) => messageId)).toEqual([silent]);
  });

  describe('that is blocked', () => {
    let clean: string;
    beforeEach(() => { clean = randomUUID(); });
    const ending = (blockedForMs = 0): Promise<EndingJob[]> => {
      const nothingToUndo = { name: randomUUID(), of: (customerGuid: string) => `${customerGuid} = '${clean}'` };
      return lanes.claimEnding(database, [{ lane, since: new Date(Date.now() - blockedForMs) }], { nothingToUndo, longestMs: hourMs, limit: 100 });
    };

    it('end when they need no attempt, or can wait for none', async () => {
      const nothing = await accept({ isUndo: true, customerGuid: clean });
      const late = await accept({ startBy: new Date(Date.now() - 1_000).toISOString() });
      await accept({ isUndo: true });
      await accept({ customerGuid: clean });
      await accept({ startBy: new Date(Date.now() + hourMs).toISOString() });
      const found = await ending();
      expect(found.map(({ job, why }) => [job.messageId, why])).toEqual([[nothing, 'nothing-to-undo'], [late, 'start-by-passed']]);
      expect(found[0]).toMatchObject({ job: { attempt: 1 } });
      expect(await ending()).toEqual([]);
      expect(await states()).toEqual(['running', 'running', 'waiting', 'waiting', 'waiting']);
    });

    it('end when they have waited too long since the lane is blocked, or since they came', async () => {
      const waiting = await accept();
      expect(await ending(2 * hourMs)).toEqual([]);
      await database.run({ name: '', text: `UPDATE job SET created_at = now() - interval '2 hours' WHERE message_id = $1`, values: [waiting] });
      expect(await ending()).toEqual([]);
      expect((await ending(2 * hourMs)).map(({ why }) => why)).toEqual(['time-passed']);
    });

    it('do not end while another job of the customer runs', async () => {
      await accept({ customerGuid: clean });
      expect(await claim()).toHaveLength(1);
      await accept({ customerGuid: clean, isUndo: true });
      expect(await ending()).toEqual([]);
    });
  });

  it('are told of in statements on other tables', async () => {
    const customerGuid = randomUUID();
    const facts = async (): Promise<Record<string, boolean>> => ({
      isListed: await holds(`v IN (${lanesWithWork})`, lane), hasOpenJobs: await holds(hasOpenJobs('v'), lane), isBusy: await holds(isCustomerBusy('v::uuid'), customerGuid),
      isClosing: await holds(isCustomerClosing('v::uuid'), customerGuid), isDone: await holds(isCustomerDone('v::uuid', `'${SbcOnboarded.type}'`), customerGuid),
    });
    const none = { isListed: false, hasOpenJobs: false, isBusy: false, isClosing: false, isDone: false };
    expect(await facts()).toEqual(none);
    await accept({ customerGuid }, '"first"');
    expect(await facts()).toEqual({ ...none, isListed: true, hasOpenJobs: true, isBusy: true });
    await again((await claim())[0]!, 'LATER');
    expect(await facts()).toEqual({ ...none, hasOpenJobs: true, isBusy: true });
    await lanes.wakeLane(lane, ['LATER']);
    await done((await claim())[0]!);
    expect(await facts()).toEqual({ ...none, isDone: true });
    expect(await store.lastRequest(customerGuid, SbcOnboarded.type)).toBe('"first"');
    expect(await store.lastRequest(customerGuid, 'another')).toBeUndefined();
    await store.close(randomUUID(), { customerGuid, round: 1 });
    expect(await facts()).toEqual(none);
    await accept({ customerGuid, round: 2 });
    const [job] = await claim();
    const isClosing = async () => [await holds(isJobClosing('v::bigint'), job?.id ?? ''), await holds(isJobClosing('v::bigint'), null)];
    expect(await isClosing()).toEqual([false, false]);
    await store.close(randomUUID(), { customerGuid, round: 2 });
    expect(await facts()).toEqual({ ...none, isListed: true, hasOpenJobs: true, isBusy: true, isClosing: true });
    expect(await isClosing()).toEqual([true, false]);
  });
});
