import { randomUUID } from 'node:crypto';

import { DeadLetterTables1764000005000, InProcessBroker, InProcessTransport, MessagingTables1764000000000, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { eventually, type FreshDatabase, freshDatabase } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PermanentError, TransientError } from './errors.js';
import { type JobHandler, JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { JobTables1764000001000 } from './job-tables.migration.js';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('job runner', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 5, entities: [], migrations: [MessagingTables1764000000000, JobTables1764000001000, DeadLetterTables1764000005000],
    });
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
  });
  afterAll(async () => {
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  /** Runs one job whose attempts end as given, and answers how often it ran and why it was given up. */
  async function play(
    attempts: readonly (Error | undefined)[], failedThrows = false, startBy?: string,
  ): Promise<{ ran: number; givenUp: string[]; state: string }> {
    let ran = 0;
    const givenUp: string[] = [];
    const kind = randomUUID();
    const handler: JobHandler = {
      limits: () => ({ maxAttempts: Infinity, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 2, lookAfterMs: 1, maxBugs: 3 }),
      run: async () => {
        const error = attempts[ran++];
        if (error) throw error;
        return undefined;
      },
      failed: async (_job, { code }) => {
        givenUp.push(code);
        if (failedThrows && givenUp.length === 1) throw new Error('could not be told');
        return undefined;
      },
    };
    const store = new JobStore(database, new Outbox(database, transport, logger));
    const runner = new JobRunner(store, new Map([[kind, handler]]), { holder: kind, concurrency: 4, claimMs: 300, drainMs: 1_000, random: () => 0.5 }, logger);
    runner.start();
    const messageId = randomUUID();
    await store.accept({
      messageId, body: '{}', isRedrive: false, origins: [],
      job: { kind, isUndo: false, deploymentId: randomUUID(), customerGuid: randomUUID(), round: 1, lane: '', ...(startBy === undefined ? {} : { startBy }) },
    });
    const state = await eventually('the job to end', async () => {
      const [row] = await database.run<{ state: string }>({ name: '', text: 'SELECT state FROM job WHERE message_id = $1', values: [messageId] });
      return row?.state === 'done' && row.state;
    });
    await runner.stop();
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

  it('survives an outcome that could not be told, and tells it later', async () => {
    const never = new PermanentError('NEVER', 'never');
    expect(await play([never, never], true)).toMatchObject({ ran: 2, givenUp: ['NEVER', 'NEVER'] });
  });
});
