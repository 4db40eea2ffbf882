import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { eventually, type FreshDatabase, freshDatabase } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PermanentError, TransientError } from './errors.js';
import type { ClaimedJob } from './job.js';
import { type JobHandler, JobRunner } from './job-runner.js';
import { endJobs, JobStore } from './job-store.js';
import { jobMigrations } from './job-migrations.js';

const logger = createLogger({ service: 'test', level: 'silent' });

/** Its database is away whenever a claim is to be renewed. */
class UnrenewedStore extends JobStore {
  override async renew(): Promise<Set<string>> {
    throw new Error('terminating connection');
  }
}

/** Somebody else has had every job for a moment. */
class LostStore extends JobStore {
  override async renew(): Promise<Set<string>> {
    return new Set();
  }
}

describe('job runner', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 5, entities: [], migrations: [...messagingMigrations, ...jobMigrations],
    });
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
  });
  afterAll(async () => {
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  const ended = async (job: ClaimedJob): Promise<undefined> => {
    await database.transaction((transaction) => { endJobs(transaction, [job]); });
  };

  /** Runs one job whose attempts end as given, and answers how often it ran and why it was given up. */
  async function play(
    attempts: readonly (Error | undefined)[], failedThrows = false, startBy?: string,
  ): Promise<{ ran: number; givenUp: string[]; state: string }> {
    let ran = 0;
    const givenUp: string[] = [];
    const kind = randomUUID();
    const handler: JobHandler = {
      limits: () => ({ maxAttempts: Infinity, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 2, lookAfterMs: 1, maxBugs: 3 }),
      run: async (job) => {
        const error = attempts[ran++];
        if (error) throw error;
        return ended(job);
      },
      failed: async (job, { code }) => {
        givenUp.push(code);
        if (failedThrows && givenUp.length === 1) throw new Error('could not be told');
        return ended(job);
      },
    };
    const store = new JobStore(database, new Outbox(database, transport, logger));
    const options = { holder: kind, concurrency: 4, claimMs: 300, callMs: 0, random: () => 0.5 };
    const runner = new JobRunner(store, new Map([[kind, handler]]), options, logger);
    const stateAtEnd = async (more: { readonly startBy?: string }): Promise<string> => {
      const messageId = randomUUID();
      await store.accept({
        messageId, body: '{}', isRedrive: false, origins: [], job: { kind, isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane: '', ...more },
      });
      return eventually('the job to end', async () => {
        const [row] = await database.run<{ state: string }>({ name: '', text: 'SELECT state FROM job WHERE message_id = $1', values: [messageId] });
        return row?.state === 'done' && row.state;
      });
    };
    runner.start();
    if (startBy !== undefined) {
      // After the runner's first look, which keeps all room, a job is claimed as it is stored.
      await stateAtEnd({});
      ran = 0;
    }
    const state = await stateAtEnd(startBy === undefined ? {} : { startBy });
    await runner.stop(AbortSignal.timeout(1_000));
    return { ran, givenUp, state };
  }

  it('tries again what may pass, until it passes', async () => {
    expect(await play([new TransientError('BUSY', 'busy'), new TransientError('BUSY', 'busy'), undefined])).toMatchObject({ ran: 3, givenUp: [] });
  });

  it('begins nothing whose time to begin has passed', async () => {
    expect(await play([undefined], false, '2020-01-01T00:00:00.000Z')).toMatchObject({ ran: 0, givenUp: ['START_BY_PASSED'] });
  });

  it('gives up at a final no', async () => {
    expect(await play([new PermanentError('NEVER', 'never')])).toMatchObject({ ran: 1, givenUp: ['NEVER'] });
  });

  it('gives up after a few bugs, and tells nothing of them', async () => {
    const bug = new Error('x is undefined');
    expect(await play([bug, bug, bug, bug])).toMatchObject({ ran: 3, givenUp: ['INTERNAL'] });
  });

  it('never takes a lost database for a bug', async () => {
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
    expect(await play([away, away, away, away, away, undefined])).toMatchObject({ ran: 6, givenUp: [] });
  });

  it.each([
    ['can not be renewed while its last call can still end before somebody else has the job', UnrenewedStore, 2_000],
    ['is somebody else\'s already', LostStore, 0],
  ] as const)('gives up an attempt whose claim %s', async (_name, Store, callMs) => {
    const [kind, messageId] = [randomUUID(), randomUUID()];
    const isLeft: boolean[] = [];
    const handler: JobHandler = {
      limits: () => ({ maxAttempts: Infinity, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 2, lookAfterMs: 1, maxBugs: 3 }),
      run: async (job, signal) => {
        if (isLeft.length > 0) return ended(job);
        await Promise.race([once(signal, 'abort'), delay(10_000)]);
        const [row] = await database.run<{ is_left: boolean }>({
          name: '', text: `SELECT claimed_until > now() + interval '1 second' AS is_left FROM job WHERE message_id = $1`, values: [messageId],
        });
        isLeft.push(row?.is_left ?? false);
        throw new Error('given up');
      },
      failed: ended,
    };
    const store = new Store(database, new Outbox(database, transport, logger));
    const options = { holder: kind, concurrency: 4, claimMs: 3_000, callMs, random: () => 0.5 };
    const runner = new JobRunner(store, new Map([[kind, handler]]), options, logger);
    runner.start();
    await store.accept({
      messageId, body: '{}', isRedrive: false, origins: [], job: { kind, isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane: '' },
    });
    await eventually('the job to be done in another attempt', async () => {
      const [row] = await database.run<{ attempts: number; state: string }>({ name: '', text: 'SELECT state, attempts FROM job WHERE message_id = $1', values: [messageId] });
      return row?.state === 'done' && row.attempts === 2;
    });
    await runner.stop(AbortSignal.timeout(1_000));
    expect(isLeft).toEqual([true]);
  });

  it.each([
    ['keeps a claim that it renews for as long as the attempt takes', 1_500, undefined, ['done', 1, false]],
    ['hands back what does not end before it stops, for when its last call is over', 20_000, 'stops', ['waiting', 1, true]],
  ] as const)('%s', async (_name, tookMs, stops, expected) => {
    const [kind, messageId] = [randomUUID(), randomUUID()];
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => { begin = resolve; });
    const handler: JobHandler = {
      limits: () => ({ maxAttempts: Infinity, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 2, lookAfterMs: 1, maxBugs: 3 }),
      run: async (job, signal) => {
        begin();
        await delay(tookMs, undefined, { signal });
        return ended(job);
      },
      failed: ended,
    };
    const store = new JobStore(database, new Outbox(database, transport, logger));
    const options = { holder: kind, concurrency: 4, claimMs: 30_600, callMs: 30_000, random: () => 0.5 };
    const runner = new JobRunner(store, new Map([[kind, handler]]), options, logger);
    runner.start();
    await store.accept({
      messageId, body: '{}', isRedrive: false, origins: [], job: { kind, isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane: '' },
    });
    await begun;
    const seen = async () => (await database.run<{ attempts: number; is_quiet: boolean; state: string }>({
      name: '', text: `SELECT state, attempts, coalesce(quiet_at > now() AND run_at > now(), false) AS is_quiet FROM job WHERE message_id = $1`, values: [messageId],
    }))[0];
    if (!stops) await eventually('the job to be done', async () => (await seen())?.state === 'done');
    await runner.stop(AbortSignal.timeout(100));
    const { attempts, is_quiet: isQuiet, state } = await seen() ?? {};
    expect([state, attempts, isQuiet]).toEqual(expected);
  });

  it('says that it has claimed what another process has stored, before it runs that', async () => {
    const [kind, messageId] = [randomUUID(), randomUUID()];
    const seen: string[] = [];
    const handler: JobHandler = {
      limits: () => ({ maxAttempts: 1, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 2, lookAfterMs: 1, maxBugs: 3 }),
      run: (job) => {
        seen.push('run');
        return ended(job);
      },
      failed: ended,
    };
    const other = new JobStore(database, new Outbox(database, transport, logger));
    await other.accept({
      messageId, body: '{}', isRedrive: false, origins: [], job: { kind, isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane: '' },
    });
    const options = { holder: kind, concurrency: 4, claimMs: 3_000, callMs: 0, random: () => 0.5, afterClaim: async () => { seen.push('claimed'); } };
    const runner = new JobRunner(new JobStore(database, new Outbox(database, transport, logger)), new Map([[kind, handler]]), options, logger);
    runner.start();
    await eventually('the job to run', () => seen.includes('run'));
    await runner.stop(AbortSignal.timeout(100));
    expect(seen).toEqual(['claimed', 'run']);
  });

  it('survives an outcome that could not be told, and tells it later', async () => {
    const never = new PermanentError('NEVER', 'never');
    expect(await play([never, never], true)).toMatchObject({ ran: 2, givenUp: ['NEVER', 'NEVER'] });
  });
});
