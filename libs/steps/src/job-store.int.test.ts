import { randomUUID } from 'node:crypto';

import { messageOf, SbcOnboarded } from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database, type Transaction } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { eventually, type FreshDatabase, freshDatabase, wholeScansOf, withClient } from '@trunkline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Housekeeping } from './housekeeping.js';
import type { ClaimedJob } from './job.js';
import { doneWith } from './job-runner.js';
import { type IntakeItem, JobStore } from './job-store.js';
import { jobMigrations } from './job-migrations.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const blockedByMe = 'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))';
const claim = { holder: 'me', limit: 1000, claimMs: 60_000 };

describe('job store', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;
  let store: JobStore;
  const broker = new InProcessBroker(topology);
  const heard: { id: string; redrive: boolean }[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await open();
    transport = new InProcessTransport(broker);
    await transport.start();
    await transport.consume('provisioner', { prefetch: 100 }, (delivery) => {
      heard.push({ id: delivery.message.messageId, redrive: delivery.message.headers['x-trunkline-redrive'] === true });
      delivery.ack();
    });
    store = new JobStore(database, new Outbox(database, transport, logger));
  });
  afterAll(async () => {
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  const open = () => Database.open({
    url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 5, entities: [],
    migrations: [...messagingMigrations, ...jobMigrations],
  });
  const count = async (sql: string, values: unknown[] = []): Promise<number> => {
    const [row] = await database.run<{ n: number }>({ name: '', text: sql, values });
    return row?.n ?? 0;
  };
  const item = (change: Partial<IntakeItem> & { customerGuid?: string; round?: number; isUndo?: boolean } = {}): IntakeItem => {
    const { customerGuid = randomUUID(), isUndo = false, round = 1, ...rest } = change;
    return {
      messageId: randomUUID(), body: '{}', isRedrive: false, origins: [],
      job: { kind: 'test', isUndo, deploymentId: randomUUID(), customerGuid, round, lane: '' }, ...rest,
    };
  };
  const outcomeOf = (job: ClaimedJob, quietAfterMs = 0) => doneWith(job, {
    origins: [],
    message: messageOf(SbcOnboarded, {
      id: randomUUID(), source: 'test', subject: job.deploymentId, time: new Date().toISOString(), round: job.round, sequence: job.attempt, step: 'test',
      data: { progress: [], ticket: {} as never }, // the store does not look into a message
    }),
  }, quietAfterMs);
  const only = (jobs: readonly ClaimedJob[], messageId: string): ClaimedJob => {
    const found = jobs.find((job) => job.messageId === messageId);
    if (!found) throw new Error('the job was not claimed');
    return found;
  };

  it('commits 200 messages that come at once in at most 40 transactions', async () => {
    const transactions = () => withClient(fresh.superuserUrl, async (client) => {
      // Sessions report what they did when they become idle; asking makes none of ours.
      await client.query('SELECT pg_stat_force_next_flush()').catch(() => undefined);
      const { rows } = await client.query<{ n: string }>('SELECT count(DISTINCT xmin::text) AS n FROM ovoc_sync.inbox');
      return Number(rows[0]?.n);
    });
    const before = await transactions();
    await Promise.all(Array.from({ length: 200 }, () => store.accept(item())));
    expect(await transactions() - before).toBeLessThanOrEqual(40);
    expect(await count('SELECT count(*)::int AS n FROM inbox')).toBeGreaterThanOrEqual(200);
  });

  it('keeps one job of a message that comes many times', async () => {
    const twice = item();
    await Promise.all([store.accept(twice), store.accept(twice)]);
    await store.accept(twice);
    expect(await count('SELECT count(*)::int AS n FROM job WHERE message_id = $1', [twice.messageId])).toBe(1);
  });

  it('keeps of a note what PostgreSQL takes', async () => {
    const one = item();
    await store.accept(one);
    const job = only(await store.claim(claim), one.messageId);
    expect(await store.finish({ kind: 'again', job, afterMs: 0, note: `X: a\0${'b'.repeat(600)}` })).toBe(true);
    expect(only(await store.claim(claim), one.messageId).lastNote).toBe(`X: a${'b'.repeat(496)}`);
  });

  it('asks for jobs by their keys alone', async () => {
    const one = item();
    await store.accept(one);
    const job = only(await store.claim(claim), one.messageId);
    await store.renew([job], claim.claimMs);
    await store.finish(outcomeOf(job));
    await store.close(randomUUID(), { customerGuid: job.customerGuid, round: 1 });
    // A claim reads the open jobs in their order, as far as it needs.
    expect((await wholeScansOf(database)).filter((scan) => !scan.startsWith('job-claim: '))).toEqual([]);
  });

  it('locks jobs in the order of their ids, when it stores results and when it closes', async () => {
    // The customer of the older job comes last.
    const items = ['f', '0'].map((first) => item({ customerGuid: first + randomUUID().slice(1) }));
    for (const each of items) await store.accept(each);
    const claimed = await store.claim(claim);
    const [older, newer] = items.map(({ messageId }) => only(claimed, messageId));
    const ended = (job: ClaimedJob | undefined) => store.finish({ kind: 'released', job: job! });
    const closed = (job: ClaimedJob | undefined) => store.close(randomUUID(), { customerGuid: job!.customerGuid, round: 1 });
    for (const change of [ended, closed]) {
      await withClient(fresh.superuserUrl, async (client) => {
        const lock = (job: ClaimedJob | undefined, how = '') => client.query(`SELECT 1 FROM ovoc_sync.job WHERE id = $1 FOR UPDATE ${how}`, [job?.id]);
        await client.query('BEGIN');
        await lock(older);
        const stored = Promise.all([newer, older].map((job) => change(job)));
        await eventually('the store to wait', async () => (await client.query(blockedByMe)).rowCount !== 0);
        await lock(newer, 'NOWAIT');
        await client.query('COMMIT');
        await stored;
      });
    }
    expect(await count(`SELECT count(*)::int AS n FROM job WHERE id = ANY($1::bigint[]) AND state = 'dropped'`, [[older?.id, newer?.id]])).toBe(2);
  });

  it('keeps the end of a job that ended while its customer was closed', async () => {
    const ending = item();
    await store.accept(ending);
    const job = only(await store.claim(claim), ending.messageId);
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`UPDATE ovoc_sync.job SET state = 'done', finished_at = now() WHERE id = $1`, [job.id]);
      const closed = store.close(randomUUID(), { customerGuid: job.customerGuid, round: 1 });
      await eventually('the close to wait', async () => (await client.query(blockedByMe)).rowCount !== 0);
      await client.query('COMMIT');
      await closed;
    });
    expect(await count(`SELECT count(*)::int AS n FROM job WHERE id = $1 AND state = 'done' AND finished_at IS NOT NULL AND NOT is_closing`, [job.id])).toBe(1);
  });

  describe('with a runner that has room', () => {
    const ran: ClaimedJob[] = [];
    let room = 0;
    let woken = 0;
    let claiming: JobStore;
    beforeAll(() => {
      claiming = new JobStore(database, new Outbox(database, transport, logger));
      claiming.onWork(() => { woken += 1; });
      claiming.claimFor({
        holder: 'at once', claimMs: 60_000,
        reserve: (most) => {
          const reserved = Math.min(most, room);
          room -= reserved;
          return reserved;
        },
        adopt: (reserved, jobs) => {
          room += reserved - jobs.length;
          ran.push(...jobs);
        },
      });
    });
    beforeEach(() => { [room, woken] = [10, 0]; ran.splice(0); });
    const states = async (items: readonly IntakeItem[]) => Promise.all(items.map(async ({ messageId }) => (
      await database.run<{ state: string }>({ name: '', text: 'SELECT state FROM job WHERE message_id = $1', values: [messageId] }))[0]?.state));

    it('claims a job in the commit that stores it', async () => {
      const accepted = item();
      await claiming.accept(accepted);
      expect([await states([accepted]), ran.map(({ attempt, messageId }) => [attempt, messageId]), woken, room]).toEqual([['running'], [[1, accepted.messageId]], 0, 9]);
      expect(await claiming.finish(outcomeOf(ran[0]!))).toBe(true);
    });

    it('claims no more than it has room for, and says that others wait', async () => {
      room = 2;
      const all = Array.from({ length: 5 }, () => item());
      await Promise.all(all.map((each) => claiming.accept(each)));
      expect([(await states(all)).sort(), ran.length, room]).toEqual([['running', 'running', 'waiting', 'waiting', 'waiting'], 2, 0]);
      expect(woken).toBeGreaterThan(0);
    });

    it('claims one job a customer, the undo first, and none while another of it is open', async () => {
      const customerGuid = randomUUID();
      const [forward, undo] = [item({ customerGuid }), item({ customerGuid, isUndo: true })];
      await Promise.all([claiming.accept(forward), claiming.accept(undo)]);
      expect(await states([forward, undo])).toEqual(['waiting', 'running']);
      const later = item({ customerGuid });
      await claiming.accept(later);
      expect([await states([later]), ran.length]).toEqual([['waiting'], 1]);
    });

    it('claims nothing while what was begun for the customer may still come to light', async () => {
      const customerGuid = randomUUID();
      await claiming.accept(item({ customerGuid }));
      await claiming.finish(outcomeOf(ran[0]!, 60_000));
      const undo = item({ customerGuid, isUndo: true });
      await claiming.accept(undo);
      expect([await states([undo]), ran.length]).toEqual([['waiting'], 1]);
    });

    it('gives its room back when nothing was committed, and for copies', async () => {
      const accepted = item();
      await claiming.accept(accepted);
      await claiming.accept(accepted);
      await expect(claiming.accept(item({ customerGuid: 'nobody' }))).rejects.toThrow();
      expect([ran.length, room]).toEqual([1, 9]);
    });

    it('runs what it has claimed once its room is used by a process that dies', async () => {
      const accepted = item();
      await claiming.accept(accepted);
      await database.run({ name: '', text: 'UPDATE job SET claimed_until = now() WHERE message_id = $1', values: [accepted.messageId] });
      expect(only(await eventually('the claim to run out', async () => {
        const jobs = await store.claim(claim);
        return jobs.some(({ messageId }) => messageId === accepted.messageId) && jobs;
      }), accepted.messageId)).toMatchObject({ attempt: 2, isTakenOver: true });
    });
  });

  it('says that the end of a job that is just being closed leaves work: its undo', async () => {
    let woken = 0;
    const own = new JobStore(database, new Outbox(database, transport, logger));
    own.onWork(() => { woken += 1; });
    const [forward, undo] = [item(), item()];
    const customerGuid = forward.job!.customerGuid;
    await own.accept(forward);
    const job = only(await own.claim(claim), forward.messageId);
    woken = 0;
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('UPDATE ovoc_sync.job SET is_closing = true WHERE id = $1', [job.id]);
      await client.query(
        `INSERT INTO ovoc_sync.job (message_id, kind, is_undo, deployment_id, customer_guid, round, lane, payload) VALUES ($1, 'test', true, $2, $3, 1, '', '{}')`,
        [undo.messageId, job.deploymentId, customerGuid]);
      const ending = own.finish(outcomeOf(job));
      await eventually('the end to wait for the close', async () => (await client.query(blockedByMe)).rowCount === 1);
      await client.query('COMMIT');
      await ending;
    });
    expect(woken).toBe(1);
    only(await own.claim(claim), undo.messageId);
  });

  it('calls a job too late that is first claimed after its time to begin', async () => {
    const [late, early] = ['2020-01-01T00:00:00.000Z', '2120-01-01T00:00:00.000Z'].map((startBy) => {
      const asked = item();
      return { ...asked, job: { ...asked.job!, startBy } };
    }) as [IntakeItem, IntakeItem];
    await Promise.all([store.accept(late), store.accept(early)]);
    const claimed = await store.claim(claim);
    expect([late, early].map(({ messageId }) => only(claimed, messageId).isTooLate)).toEqual([true, false]);
  });

  it('hands a job to one of two that claim at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => store.accept(item())));
    const [mine, yours] = await Promise.all([store.claim(claim), store.claim({ ...claim, holder: 'you' })]);
    const ids = [...mine, ...yours].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not store the result of a claim that was taken over', async () => {
    const accepted = item();
    await store.accept(accepted);
    const first = only(await store.claim({ ...claim, claimMs: 0 }), accepted.messageId);
    const second = only(await eventually('the claim runs out', async () => {
      const jobs = await store.claim(claim);
      return jobs.some(({ id }) => id === first.id) && jobs;
    }), accepted.messageId);
    expect(second).toMatchObject({ attempt: 2, isTakenOver: true });
    expect(await store.finish(outcomeOf(first))).toBe(false);
    expect(await store.finish(outcomeOf(second))).toBe(true);
  });

  it('tells of several results that it is given at once the outcomes of those that it stores', async () => {
    const items = Array.from({ length: 4 }, () => item());
    for (const each of items) await store.accept(each);
    const claimed = await store.claim(claim);
    const jobs = items.map(({ messageId }) => only(claimed, messageId));
    const closed = jobs[2]!.customerGuid;
    await store.close(randomUUID(), { customerGuid: closed, round: 1 });
    const results = [
      outcomeOf({ ...jobs[0]!, epoch: '7' }), { kind: 'again', job: jobs[1]!, afterMs: 0, note: 'X: away' } as const, outcomeOf(jobs[2]!), outcomeOf(jobs[3]!),
    ];
    const ids = results.flatMap((result) => (result.kind === 'done' && result.outcome ? [result.outcome.id] : []));
    expect(await Promise.all(results.map((result) => store.finish(result)))).toEqual([false, true, true, true]);
    const stored = await database.run<{ message_id: string }>({ name: '', text: 'SELECT message_id FROM outbox WHERE message_id = ANY($1)', values: [ids] });
    expect(stored).toEqual([{ message_id: ids[2] }]);
    await eventually('the outcome is heard', () => heard.some(({ id }) => id === ids[2]));
  });

  it('drops forward work that waits when its customer is closed, and keeps the undo', async () => {
    const customerGuid = randomUUID();
    const forward = item({ customerGuid });
    await store.accept(forward);
    const undo = item({ customerGuid, round: 2, isUndo: true, closes: { customerGuid, round: 1 } });
    await store.accept(undo);
    const claimed = await store.claim(claim);
    expect(claimed.map(({ messageId }) => messageId)).toContain(undo.messageId);
    expect(claimed.map(({ messageId }) => messageId)).not.toContain(forward.messageId);
    // Nor when the undo, which goes first, is done.
    await store.finish(outcomeOf(only(claimed, undo.messageId)));
    expect((await store.claim(claim)).map(({ messageId }) => messageId)).not.toContain(forward.messageId);
  });

  it('starts nothing for a forward message that comes elsewhere while its customer is closed', async () => {
    const customerGuid = randomUUID();
    const [forward, undo] = [item({ customerGuid }), item({ customerGuid, round: 2, isUndo: true, closes: { customerGuid, round: 1 } })];
    const other = await open();
    const blocked = (what: string, count: number) => withClient(fresh.superuserUrl, (client) => eventually(what, async () => (await client.query(
      'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0',
    )).rowCount === count));
    const started: Promise<void>[] = [];
    await withClient(fresh.superuserUrl, async (gate) => {
      await gate.query('SELECT pg_advisory_lock(1)');
      const atTheGate = { withIntake: (transaction: Transaction) => { transaction.send({ name: '', text: 'SELECT pg_advisory_xact_lock(1)', values: [] }); } };
      started.push(new JobStore(other, new Outbox(other, transport, logger), atTheGate).accept(forward));
      await blocked('the forward message to be before its commit', 1);
      const closing = store.accept(undo);
      started.push(closing);
      await Promise.race([closing, blocked('the close to wait', 2)]);
    });
    await Promise.all(started);
    const own = async () => (await store.claim(claim)).filter((job) => job.customerGuid === customerGuid);
    const [cleanup] = await own();
    expect(cleanup?.isUndo).toBe(true);
    if (cleanup) await store.finish(outcomeOf(cleanup));
    expect(await own()).toEqual([]);
    await other.close();
  });

  it('starts nothing for a forward message that comes after its customer was closed', async () => {
    const customerGuid = randomUUID();
    await store.accept(item({ customerGuid, round: 2, isUndo: true, closes: { customerGuid, round: 1 } }));
    const late = item({ customerGuid, round: 1 });
    await store.accept(late);
    expect(await count('SELECT count(*)::int AS n FROM job WHERE message_id = $1', [late.messageId])).toBe(0);
  });

  it('begins nothing more of a customer that is abandoned, not even an undo that comes late', async () => {
    const customerGuid = randomUUID();
    const [waiting, late] = [item({ customerGuid, round: 2, isUndo: true }), item({ customerGuid, round: 2, isUndo: true })];
    await store.accept(waiting);
    await store.close(randomUUID(), { customerGuid, round: 3, isAbandoned: true });
    await store.accept(late);
    expect((await store.claim(claim)).filter((job) => job.customerGuid === customerGuid)).toEqual([]);
    expect(await count(`SELECT count(*)::int AS n FROM job WHERE customer_guid = $1 AND state <> 'dropped'`, [customerGuid])).toBe(0);
  });

  it.each([
    ['as far as the further one goes', [{ round: 2 }, { round: 1 }], false],
    ['for good when one of them abandons it', [{ round: 2, isAbandoned: true }, { round: 1 }], true],
  ])('closes a customer of whom two closes come at once %s', async (_name, closes, isUndo) => {
    // A commit takes messages in by their ids.
    for (const [at, inOrder] of [closes, [...closes].reverse()].entries()) {
      const customerGuid = randomUUID();
      const ids = inOrder.map((_close, index) => `${index} ${randomUUID()}`);
      await store.accept(item({ customerGuid, round: 2, isUndo }));
      await Promise.all(inOrder.map((close, index) => store.close(ids[index]!, { ...close, customerGuid })));
      expect(await count('SELECT count(DISTINCT xmin::text)::int AS n FROM inbox WHERE message_id = ANY($1)', [ids]), 'commits').toBe(1);
      await store.accept(item({ customerGuid, round: 2, isUndo }));
      expect(await count(`SELECT count(*)::int AS n FROM job WHERE customer_guid = $1 AND state <> 'dropped'`, [customerGuid]), `order ${at}`).toBe(0);
    }
  });

  it('does nothing for a customer while an attempt of his that has ended may still come to light', async () => {
    const customerGuid = randomUUID();
    const [forward, undo] = [item({ customerGuid }), item({ customerGuid, round: 2, isUndo: true })];
    await store.accept(forward);
    const claimed = async () => (await store.claim(claim)).filter((job) => job.customerGuid === customerGuid);
    const [running] = await claimed();
    await store.finish(outcomeOf(running!, 60_000));
    await store.accept(undo);
    expect(await claimed()).toEqual([]);
    await database.run({ name: '', text: `UPDATE job SET quiet_at = now() WHERE message_id = $1`, values: [forward.messageId] });
    expect((await claimed()).map(({ messageId }) => messageId)).toEqual([undo.messageId]);
  });

  it('lets the undo wait for the forward job that runs, whose outcome is then not told', async () => {
    const customerGuid = randomUUID();
    const forward = item({ customerGuid });
    await store.accept(forward);
    const running = only(await store.claim(claim), forward.messageId);
    const undo = item({ customerGuid, round: 2, isUndo: true, closes: { customerGuid, round: 1 } });
    await store.accept(undo);
    expect((await store.claim(claim)).map(({ messageId }) => messageId)).not.toContain(undo.messageId);
    const outcome = outcomeOf(running);
    await store.finish(outcome);
    only(await store.claim(claim), undo.messageId);
    expect(await count(`SELECT count(*)::int AS n FROM job WHERE message_id = $1 AND state = 'dropped' AND outcome IS NULL`, [forward.messageId])).toBe(1);
  });

  it('undoes a closed job whose holder is gone and whose claim has expired, and takes none over', async () => {
    const customerGuid = randomUUID();
    const [forward, undo] = [item({ customerGuid }), item({ customerGuid, round: 2, isUndo: true, closes: { customerGuid, round: 1 } })];
    await store.accept(forward);
    only(await store.claim({ ...claim, claimMs: 0 }), forward.messageId);
    await store.accept(undo);
    const taken = await eventually('the undo to be claimed', async () => {
      const jobs = (await store.claim({ ...claim, holder: 'heir' })).filter((job) => job.customerGuid === customerGuid);
      return jobs.length > 0 && jobs;
    });
    expect(taken.map(({ messageId }) => messageId)).toEqual([undo.messageId]);
    expect(await store.finish(outcomeOf(taken[0]!))).toBe(true);
    expect((await store.claim(claim)).filter((job) => job.customerGuid === customerGuid)).toEqual([]);
    expect(await count(`SELECT count(*)::int AS n FROM job WHERE message_id = $1 AND state = 'dropped' AND outcome IS NULL`, [forward.messageId])).toBe(1);
  });

  it('claims one job of a customer at a time, also of several that wait', async () => {
    const customerGuid = randomUUID();
    const undos = [2, 3, 4].map((round) => item({ customerGuid, round, isUndo: true }));
    for (const undo of undos) await store.accept(undo);
    for (const undo of undos) {
      const mine = (await Promise.all([store.claim(claim), store.claim({ ...claim, holder: 'you' })])).flat().filter((job) => job.customerGuid === customerGuid);
      expect(mine.map(({ messageId }) => messageId)).toEqual([undo.messageId]);
      await store.finish(outcomeOf(only(mine, undo.messageId)));
    }
  });

  it('tells a stored outcome again, under its old id and marked, when the message is re-driven', async () => {
    const accepted = item();
    await store.accept(accepted);
    const outcome = outcomeOf(only(await store.claim(claim), accepted.messageId));
    await store.finish(outcome);
    const id = outcome.kind === 'done' ? outcome.outcome?.id : undefined;
    await eventually('the outcome is heard', () => heard.some((message) => message.id === id && !message.redrive));
    await store.accept({ ...accepted, isRedrive: true });
    await eventually('it is heard again', () => heard.some((message) => message.id === id && message.redrive));
  });

  it('sends an outcome that could not leave as soon as the transport is there', async () => {
    const late = new InProcessTransport(broker);
    const outbox = new Outbox(database, late, logger);
    const unheard = new JobStore(database, outbox);
    const accepted = item();
    await unheard.accept(accepted);
    const outcome = outcomeOf(only(await unheard.claim(claim), accepted.messageId));
    await unheard.finish(outcome);
    const id = outcome.kind === 'done' ? outcome.outcome?.id : undefined;
    outbox.start();
    await late.start();
    expect(heard.map((message) => message.id)).not.toContain(id);
    await eventually('it is heard', () => heard.some((message) => message.id === id), 20_000);
    await outbox.stop();
    await late.close();
  });

  it('says that a message is taken only when its job is on disk', async () => {
    const accepted = item();
    let isTaken = false;
    let accepting: Promise<void> = Promise.resolve();
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE ovoc_sync.inbox IN EXCLUSIVE MODE');
      accepting = store.accept(accepted).then(() => { isTaken = true; });
      await eventually('the commit waits', async () => (await client.query(blockedByMe)).rowCount === 1);
      expect(isTaken).toBe(false);
      await client.query('COMMIT');
    });
    await accepting;
    expect(await count('SELECT count(*)::int AS n FROM job WHERE message_id = $1', [accepted.messageId])).toBe(1);
  });

  it('removes messages from the outbox once they have left', async () => {
    await eventually('the outbox is empty', async () => (await count('SELECT count(*)::int AS n FROM outbox')) === 0);
  });

  it('forgets messages and finished jobs after a week, and nothing that is younger or waits', async () => {
    const old = item();
    const young = item();
    const waiting = item();
    await Promise.all([old, young, waiting].map((each) => store.accept(each)));
    await database.run({ name: '', text: `UPDATE inbox SET received_at = now() - interval '8 days' WHERE message_id = $1`, values: [old.messageId] });
    await database.run({ name: '', text: `UPDATE job SET state = 'done', finished_at = now() - interval '8 days' WHERE message_id = $1`, values: [old.messageId] });
    await database.run({ name: '', text: `UPDATE job SET state = 'done', finished_at = now() WHERE message_id = $1`, values: [young.messageId] });
    await new Housekeeping(database, logger).forgetOld();
    const kept = (table: string) => database.run<{ message_id: string }>({
      name: '', text: `SELECT message_id FROM ${table} WHERE message_id = ANY($1) ORDER BY 1`, values: [[old.messageId, young.messageId, waiting.messageId]],
    });
    const expected = [young.messageId, waiting.messageId].sort();
    expect([(await kept('inbox')).map((row) => row.message_id), (await kept('job')).map((row) => row.message_id)]).toEqual([expected, expected]);
  });

  it('gives a released job back as if it had not been claimed', async () => {
    const accepted = item();
    await store.accept(accepted);
    const job = only(await store.claim(claim), accepted.messageId);
    await store.finish({ kind: 'released', job });
    expect(only(await store.claim(claim), accepted.messageId).attempt).toBe(1);
  });

  it('waits as long as it was told before it tries again', async () => {
    const accepted = item();
    await store.accept(accepted);
    const job = only(await store.claim(claim), accepted.messageId);
    await store.finish({ kind: 'again', job, afterMs: 3_600_000, note: 'X: away' });
    expect((await store.claim(claim)).map(({ messageId }) => messageId)).not.toContain(accepted.messageId);
  });
});
