import { randomUUID } from 'node:crypto';

import { CustomerCreateRequested, decode, type DeadLetterView, encode, type Message, messageOf, RequestRefused, SbcCleanupRequested, SbcOnboarded } from '@trunkline/contracts';
import {
  deadLetterQueue, type Delivery, type IncomingMessage, InProcessBroker, InProcessTransport, messagingMigrations, Outbox, RabbitMqTransport, returnedHeader,
  topology, type Transport,
} from '@trunkline/messaging';
import { Database, RefusedRowError } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { BrokerWindow, eventually, FaultProxy, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { DeadLetterTables1764000005000 } from './dead-letter-tables.migration.js';
import { deadLetterHousekeeping } from './dead-letter-store.js';
import { DeadLetters } from './dead-letters.js';
import { mostAttempts } from './failed-handling.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const clock = new SystemClock();
const all = { order: 'oldest', offset: 0, limit: 100 } as const;

interface OpenedTransport { readonly transport: Transport; readonly dispose: () => Promise<void> }

const transports: [string, () => OpenedTransport][] = [
  ['in process', () => {
    const transport = new InProcessTransport(new InProcessBroker(topology));
    return { transport, dispose: () => transport.close({ drainMs: 0 }) };
  }],
  ['over RabbitMQ', () => {
    const broker = BrokerWindow.open();
    const transport = new RabbitMqTransport({ url: broker.url, topology, connectionName: 'test', namePrefix: broker.prefix });
    return {
      transport,
      dispose: async () => {
        await transport.close({ drainMs: 0 });
        await broker.close();
      },
    };
  }],
];

const ticket = {
  provider: 'default', origin: 'gateway.test', customerGuid: randomUUID(), siteGuid: randomUUID(), shortName: 'Northwind7', fullName: 'Northwind', ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: randomUUID(), sbc: { id: 5, ovocSbcId: 405, fqdn: 'sbc.example.net' },
} as const;

function aCleanup(): SbcCleanupRequested {
  const envelope = { id: randomUUID(), source: 'test', subject: randomUUID(), time: '2026-01-01T00:00:00Z', round: 1, sequence: 0, step: SbcCleanupRequested.step };
  return messageOf(SbcCleanupRequested, { ...envelope, data: { ticket: { ...ticket }, progress: [], closesRound: 1, cause: 'Failed' } });
}

describe.each(transports)('dead letters of a service %s', (_name, openTransport) => {
  let fresh: FreshDatabase;
  let link: FaultProxy;
  let database: Database;
  let transport: Transport;
  let dispose: () => Promise<void>;
  let deadLetters: DeadLetters;
  const databases: Database[] = [];

  const open = async (url: string): Promise<Database> => {
    const opened = await Database.open({
      url, schema: 'sbc_agent', applicationName: 'test', poolSize: 4, entities: [], migrations: [...messagingMigrations, DeadLetterTables1764000005000],
    });
    databases.push(opened);
    return opened;
  };
  const lettersOf = (service: 'sbc-agent' | 'provisioner' | 'ovoc-sync', on = database) => new DeadLetters(
    { database: on, outbox: new Outbox(on, transport, logger), transport, service, clock, logger },
  );
  const held = async (): Promise<readonly DeadLetterView[]> => (await deadLetters.store.list({ ...all, state: 'held' })).items;

  beforeAll(async () => {
    fresh = await freshDatabase();
    link = await FaultProxy.start(fresh.sbc_agent);
    database = await open(link.url);
  });
  afterAll(async () => {
    await Promise.all(databases.map((each) => each.close()));
    await link.close();
    await fresh.drop();
  });

  beforeEach(async () => {
    await database.run({ name: '', text: 'TRUNCATE dead_letter, failed_handling, inbox, outbox', values: [] });
    ({ transport, dispose } = openTransport());
    await transport.start();
    deadLetters = lettersOf('sbc-agent');
  });
  afterEach(async () => {
    await deadLetters.reader.stop();
    await dispose();
  });

  /** Refuses what arrives, as the strategy does with what it can't read. */
  async function refuseEverything(reason = 'not JSON'): Promise<Delivery[]> {
    const seen: Delivery[] = [];
    await transport.consume('sbc-agent', { prefetch: 10 }, (delivery) => {
      seen.push(delivery);
      delivery.deadLetter(reason);
    });
    return seen;
  }
  const send = (body: string, messageId: string = randomUUID(), headers: Record<string, number> = {}) => transport.publish(
    { exchange: 'events', routingKey: 'customer.created', messageId, contentType: 'application/json', body: Buffer.from(body), mandatory: true, headers },
  );
  const oneHeld = () => eventually('one held dead letter', async () => {
    const found = await held();
    return found.length === 1 ? found[0] : undefined;
  });
  const incomingOf = (message: Message, headers: IncomingMessage['headers'] = {}): IncomingMessage => (
    { messageId: message.id, routingKey: 'sbc.cleanup.requested', contentType: 'application/json', body: encode(message), headers, redelivered: false }
  );
  const poison = new RefusedRowError('violates check constraint');

  describe('kept', () => {
    it('are rows that say where they come from, why, and what they are', async () => {
      await deadLetters.reader.start();
      await refuseEverything();
      const text = JSON.stringify({ type: 'trunkline.customer.created.v9', subject: 'd-1', id: 'e-1', data: { script: { values: { Password: 'hunter2' } } } });
      await send(text, 'm-1');
      const letter = await oneHeld();
      expect(letter).toMatchObject({
        service: 'sbc-agent', messageId: 'm-1', messageType: 'trunkline.customer.created.v9', deploymentId: 'd-1', reason: 'not JSON', attempts: 1, timesReturned: 0,
        origin: { queue: 'sbc-agent', exchange: 'events', routingKey: 'customer.created' }, isReturnable: true, size: text.length, state: 'held',
        envelope: { id: 'e-1', data: { script: { values: '(masked)' } } },
      });
      expect(JSON.stringify(letter)).not.toContain('hunter2');
    });

    it('are one row a message, however often it is refused and whoever reads', async () => {
      const second = lettersOf('sbc-agent');
      await Promise.all([deadLetters.reader.start(), second.reader.start()]);
      const seen = await refuseEverything();
      for (let copy = 0; copy < 20; copy += 1) await send('{}', `m-${copy % 2}`);
      await send('{"other": "text"}', 'm-0');
      await eventually('all to be refused', () => seen.length === 21);
      await eventually('a row of each', async () => (await held()).length === 3);
      await second.reader.stop();
      expect((await held()).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    });

    it.each([
      ['has no id', '{}', '', true],
      ['is no UTF-8', 'ff fe', 'm', false],
      ['holds NUL', '{"id": "\0"}', 'm', false],
      ['is too long', 'x'.repeat(1024 * 1024 + 1), 'm', false],
    ])('may be anything: one that %s', async (_case, body, id, isReturnable) => {
      await deadLetters.reader.start();
      await refuseEverything();
      const bytes = body === 'ff fe' ? Buffer.from([0xff, 0xfe]) : Buffer.from(body);
      await transport.publish({ exchange: 'events', routingKey: 'customer.created', messageId: id, contentType: '', body: bytes, mandatory: true });
      expect(await oneHeld()).toMatchObject({ size: bytes.length, isReturnable });
    });

    it('wait in the broker\'s queue while the database is away, and are rows after it is back', async () => {
      await deadLetters.reader.start();
      const seen = await refuseEverything();
      link.refuse();
      await send('{}', 'm-1');
      await send('{}', 'm-2');
      await eventually('both to be refused', () => seen.length === 2);
      link.allow();
      await eventually('both rows', async () => (await held().catch(() => [])).length === 2);
      await deadLetters.reader.stop();
      const left: string[] = [];
      await transport.consume(deadLetterQueue('sbc-agent'), { prefetch: 5 }, ({ message }) => left.push(message.messageId));
      expect(left).toEqual([]);
    });
  });

  describe('returned', () => {
    it('go to their own queue only, under their own id and with their own bytes', async () => {
      await deadLetters.reader.start();
      const seen: IncomingMessage[] = [];
      let isRepaired = false;
      await transport.consume('sbc-agent', { prefetch: 1 }, (delivery) => {
        if (!isRepaired) return delivery.deadLetter('not yet');
        seen.push(delivery.message);
        return delivery.ack();
      });
      const copies: string[] = [];
      await transport.subscribeCopies('#', ({ messageId }) => copies.push(messageId));
      await send('{"a": "ä"}', 'm-1');
      const { id } = await oneHeld();
      copies.length = 0;
      isRepaired = true;
      expect(await deadLetters.store.giveBack([id], 'anna')).toEqual({ returned: [id], kept: [], remaining: 0 });
      await eventually('the message', () => seen.length === 1);
      expect(seen[0]).toMatchObject({ messageId: 'm-1', headers: { [returnedHeader]: 1 } });
      expect(seen[0]?.body.toString()).toBe('{"a": "ä"}');
      expect(copies).toEqual([]);
      expect(await deadLetters.store.get(id)).toMatchObject({ state: 'returned', timesReturned: 1, actedBy: 'anna' });
    });

    it('are held again when they are refused again, and keep their count', async () => {
      await deadLetters.reader.start();
      await refuseEverything();
      await send('{}', 'm-1');
      for (const times of [1, 2]) {
        const { id } = await oneHeld();
        await deadLetters.store.giveBack([id], 'anna');
        await eventually('it to be held again', async () => {
          const letter = await deadLetters.store.get(id);
          return letter?.state === 'held' && letter.timesReturned === times && letter.attempts === times + 1;
        });
      }
    });

    it('stay returned when an older copy is refused', async () => {
      await deadLetters.reader.start();
      const seen = await refuseEverything();
      await send('{}', 'm-1');
      const { id } = await oneHeld();
      await database.run({ name: '', text: `UPDATE dead_letter SET state = 'returned', times_returned = 2, acted_at = now()`, values: [] });
      await send('{}', 'm-1');
      await send('{}', 'm-1', { [returnedHeader]: 1 });
      await send('{}', 'm-2');
      await eventually('all to be refused', () => seen.length === 4);
      expect((await oneHeld()).messageId).toBe('m-2');
      expect(await deadLetters.store.get(id)).toMatchObject({ state: 'returned', timesReturned: 2 });
    });

    it('are returned once by ten operators at once, and dropped by none of ten others', async () => {
      await deadLetters.reader.start();
      const seen: string[] = [];
      let refuses = true;
      await transport.consume('sbc-agent', { prefetch: 1 }, (delivery) => {
        if (refuses) return delivery.deadLetter('no');
        seen.push(delivery.message.messageId);
        return delivery.ack();
      });
      await send('{}', 'm-1');
      const { id } = await oneHeld();
      refuses = false;
      const names = Array.from({ length: 10 }, (_unused, n) => `operator ${n}`);
      const [returns, drops] = await Promise.all([
        Promise.all(names.map((name) => deadLetters.store.giveBack([id], name))), Promise.all(names.map((name) => deadLetters.store.drop(id, name, 'not needed'))),
      ]);
      const winners = returns.filter(({ returned }) => returned.length === 1).length + drops.filter(({ kind }) => kind === 'done').length;
      expect(winners).toBe(1);
      const letter = await deadLetters.store.get(id);
      if (letter?.state === 'returned') await eventually('it once', () => seen.length === 1);
      expect(letter?.timesReturned).toBe(letter?.state === 'returned' ? 1 : 0);
    });

    it('are not returned again by an operator who came while another one was at it', async () => {
      await deadLetters.reader.start();
      await refuseEverything();
      await send('{}', 'm-1');
      const { id } = await oneHeld();
      await withClient(fresh.superuserUrl, async (first) => {
        await first.query('BEGIN');
        await first.query(`UPDATE sbc_agent.dead_letter SET state = 'returned', times_returned = times_returned + 1 WHERE id = $1`, [id]);
        const second = deadLetters.store.giveBack([id], 'second');
        await eventually('the second one to wait', async () => (
          (await first.query('SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))')).rowCount !== 0));
        await first.query('COMMIT');
        expect(await second).toMatchObject({ returned: [], kept: [{ id, because: 'returned' }] });
      });
      expect(await deadLetters.store.get(id)).toMatchObject({ state: 'returned', timesReturned: 1 });
    });

    it('leave the outbox by its relay when nobody sent them', async () => {
      await deadLetters.reader.start();
      await refuseEverything();
      await send('{}', 'm-1');
      const { id } = await oneHeld();
      // Committed by a process that died before it sent it.
      const silent = new DeadLetters({
        database, outbox: Object.assign(Object.create(new Outbox(database, transport, logger)) as Outbox, { publish: () => undefined }), transport, service: 'sbc-agent', clock, logger,
      });
      await silent.store.giveBack([id], 'anna');
      await database.run({ name: '', text: `UPDATE outbox SET created_at = now() - interval '1 minute'`, values: [] });
      const outbox = new Outbox(database, transport, logger);
      outbox.start();
      await eventually('it to be refused again', async () => (await deadLetters.store.get(id))?.attempts === 2);
      await outbox.stop();
    });

    it('are found by type and deployment, at most as many as asked for', async () => {
      await deadLetters.reader.start();
      await refuseEverything();
      for (let n = 0; n < 5; n += 1) await send(JSON.stringify({ type: n < 3 ? 'a' : 'b', subject: `d-${n}` }), `m-${n}`);
      await eventually('five rows', async () => (await held()).length === 5);
      await deadLetters.reader.stop();
      expect(await deadLetters.store.giveBackFound({ messageType: 'a' }, 2, 'anna')).toMatchObject({ returned: [expect.any(String), expect.any(String)], remaining: 1 });
      expect(await deadLetters.store.giveBackFound({ deploymentId: 'd-4' }, 2, 'anna')).toMatchObject({ returned: [expect.any(String)], remaining: 0 });
      expect(await held()).toHaveLength(2);
    });
  });

  it('are dropped with a reason, and stay dropped when another copy is refused', async () => {
    await deadLetters.reader.start();
    const seen = await refuseEverything();
    await send('{}', 'm-1');
    const { id } = await oneHeld();
    expect(await deadLetters.store.drop(id, 'anna', 'a test of the CRM')).toMatchObject({ kind: 'done', deadLetter: { state: 'dropped', dropReason: 'a test of the CRM' } });
    expect(await deadLetters.store.drop(id, 'bert', 'me too')).toEqual({ kind: 'not-allowed', state: 'dropped' });
    expect(await deadLetters.store.giveBack([id, 'f'.repeat(32)], 'bert')).toEqual(
      { returned: [], kept: [{ id, because: 'dropped' }, { id: 'f'.repeat(32), because: 'unknown' }], remaining: 0 },
    );
    await send('{}', 'm-1');
    await send('{}', 'm-2');
    await eventually('all to be refused', () => seen.length === 3);
    expect((await oneHeld()).messageId).toBe('m-2');
    expect(await deadLetters.store.get(id)).toMatchObject({ state: 'dropped', actedBy: 'anna' });
  });

  describe('of handlers that keep failing', () => {
    const fail = (on: DeadLetters, message: Message, error: unknown = poison, headers: IncomingMessage['headers'] = {}) => (
      on.failures.after({ incoming: incomingOf(message, headers), type: message.type, decoded: message, error })
    );
    const hear = async (): Promise<Message[]> => {
      const heard: Message[] = [];
      await transport.consume('provisioner', { prefetch: 10 }, (delivery) => {
        const decoded = decode(delivery.message.body);
        if (decoded.ok) heard.push(decoded.message);
        delivery.ack();
      });
      return heard;
    };

    it('are given up after eight failures counted by several processes, and the step fails', async () => {
      const heard = await hear();
      const message = aCleanup();
      const processes = [deadLetters, lettersOf('sbc-agent'), lettersOf('sbc-agent')];
      for (let n = 1; n < mostAttempts; n += 1) expect(await fail(processes[n % 3]!, message)).toEqual({ kind: 'again' });
      expect(await held()).toEqual([]);
      expect(await fail(deadLetters, message)).toEqual({ kind: 'given-up', attempts: mostAttempts });
      expect(await oneHeld()).toMatchObject({ attempts: mostAttempts, reason: expect.stringMatching(/failed 8 times.*check constraint/) as string, messageId: message.id });
      await eventually('the failed step', () => heard.length === 1);
      expect(heard[0]).toMatchObject({ type: 'trunkline.sbc.cleanup.failed.v1', subject: message.subject, round: 1, data: { code: 'MESSAGE_NOT_HANDLED', ticket: { shortName: 'Northwind7' } } });
    });

    it('are not counted while database or broker are away', async () => {
      const message = aCleanup();
      for (let n = 0; n < 3 * mostAttempts; n += 1) expect(await fail(deadLetters, message, Object.assign(new Error('gone'), { code: '57P01' }))).toEqual({ kind: 'again' });
      expect(await fail(deadLetters, message)).toEqual({ kind: 'again' });
      expect(await held()).toEqual([]);
    });

    it('tell no failure of a copy whose message was taken in before', async () => {
      const heard = await hear();
      const [message, other] = [aCleanup(), aCleanup()];
      await database.run({ name: '', text: 'INSERT INTO inbox (message_id) VALUES ($1)', values: [message.id] });
      for (let n = 0; n < mostAttempts; n += 1) await fail(deadLetters, message);
      for (let n = 0; n < mostAttempts; n += 1) await fail(deadLetters, other);
      expect(await held()).toHaveLength(2);
      await eventually('the failure of the other', () => heard.length > 0);
      expect(heard.map(({ subject }) => subject)).toEqual([other.subject]);
    });

    it('are counted from the start once they are returned, and forgotten when they succeed', async () => {
      const message = aCleanup();
      for (let n = 0; n < mostAttempts; n += 1) await fail(deadLetters, message);
      const { id } = await oneHeld();
      await deadLetters.store.giveBack([id], 'anna');
      for (let n = 1; n < mostAttempts; n += 1) expect(await fail(deadLetters, message, poison, { [returnedHeader]: 1 })).toEqual({ kind: 'again' });
      await deadLetters.failures.succeeded(incomingOf(message));
      for (let n = 1; n < mostAttempts; n += 1) expect(await fail(deadLetters, message, poison, { [returnedHeader]: 1 })).toEqual({ kind: 'again' });
      expect(await fail(deadLetters, message, poison, { [returnedHeader]: 1 })).toEqual({ kind: 'given-up', attempts: mostAttempts });
      expect(await oneHeld()).toMatchObject({ id, timesReturned: 1, attempts: 2 * mostAttempts });
    });

    it('refuse a request to its caller, and say nothing of a report or a copy of an accepted one', async () => {
      const provisioner = lettersOf('provisioner');
      const refusals: Message[] = [];
      await transport.subscribeCopies('gateway.test', ({ body }) => {
        const decoded = decode(body);
        if (decoded.ok) refusals.push(decoded.message);
      });
      const [request, copy] = [1, 2].map(() => messageOf(CustomerCreateRequested, {
        id: randomUUID(), source: 'test', subject: randomUUID(), time: '2026-01-01T00:00:00Z', data: { caller: 'c', provider: 'p', origin: 'gateway.test', request: {} as never },
      })) as [CustomerCreateRequested, CustomerCreateRequested];
      // Ids of requests are their senders': another one has used the same.
      const taken = [`other ${request.id}`, request.id, `test ${copy.id}`];
      await database.run({ name: '', text: 'INSERT INTO inbox (message_id) SELECT unnest($1::text[])', values: [taken] });
      const { ticket: its, progress } = aCleanup().data;
      const report = messageOf(SbcOnboarded, {
        id: randomUUID(), source: 'test', subject: randomUUID(), time: '2026-01-01T00:00:00Z', round: 1, sequence: 1, step: SbcOnboarded.step, data: { ticket: its, progress },
      });
      for (const message of [report, copy, request]) for (let n = 0; n < mostAttempts; n += 1) await fail(provisioner, message);
      await eventually('the refusal', () => refusals.length === 1);
      expect(refusals[0]).toMatchObject({ type: RequestRefused.type, data: { requestId: request.id, status: 500, errorCode: 'MESSAGE_NOT_HANDLED' } });
      expect(refusals).toHaveLength(1);
      expect(await held()).toHaveLength(3);
    });
  });

  it('are forgotten seven days after they were settled, never while they are held', async () => {
    await deadLetters.reader.start();
    await refuseEverything();
    for (const id of ['held', 'returned', 'dropped']) await send('{}', id);
    await eventually('three rows', async () => (await held()).length === 3);
    await database.run({ name: '', text: `UPDATE dead_letter SET acted_at = now() - interval '8 days', refused_at = now() - interval '8 days', state = message_id`, values: [] });
    await database.run({ name: '', text: `INSERT INTO failed_handling (id, attempts, failed_at) VALUES ('old', 3, now() - interval '8 days'), ('new', 3, now())`, values: [] });
    for (const [name, text] of deadLetterHousekeeping) await database.run({ name, text, values: [7, 100] });
    expect((await deadLetters.store.list(all)).items.map(({ messageId }) => messageId)).toEqual(['held']);
    expect(await database.run({ name: '', text: 'SELECT id FROM failed_handling', values: [] })).toEqual([{ id: 'new' }]);
  });

  it('are listed with a few bodies in memory at a time and short contents, and returned whole', async () => {
    const body = JSON.stringify({ id: 'a', data: { progress: Array.from({ length: 60 }, () => ({ level: 'x'.repeat(500), message: 'y'.repeat(15_000) })) } });
    await database.run({
      name: '', values: [body],
      text: `INSERT INTO dead_letter (id, message_id, queue, body, size, is_returnable, reason, attempts, times_returned)
             SELECT md5(g::text), 'm-' || g, 'sbc-agent', convert_to($1, 'UTF8'), octet_length($1), true, 'r', 1, 0 FROM generate_series(1, 8) g`,
    });
    const read: number[] = [];
    const run = async (statement: Parameters<Database['run']>[0]) => {
      const rows = await database.run<{ body?: Buffer }>(statement);
      read.push(rows.reduce((sum, row) => sum + (row.body?.length ?? 0), 0));
      return rows;
    };
    const { items } = await lettersOf('sbc-agent', Object.assign(Object.create(database) as Database, { run })).store.list(all);
    expect(items.map(({ isEnvelopeCut }) => isEnvelopeCut)).toEqual(Array(8).fill(true));
    expect(Math.max(...read)).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(JSON.stringify(items).length).toBeLessThan(8 * 20 * 1024);

    const seen: string[] = [];
    await transport.consume('sbc-agent', { prefetch: 1 }, ({ ack, message }) => { seen.push(message.body.toString()); ack(); });
    await deadLetters.store.giveBack([items[0]!.id], 'anna');
    await eventually('the message', () => seen.length === 1);
    expect(seen[0] === body).toBe(true);
  });

  it('are peeked at in pages from either end', async () => {
    await deadLetters.reader.start();
    await refuseEverything();
    for (const id of ['a', 'b', 'c']) {
      await send('{}', id);
      await eventually(`${id} to be kept`, async () => (await held()).some(({ messageId }) => messageId === id));
    }
    const ids = async (order: 'newest' | 'oldest', offset: number) => (await deadLetters.store.list({ order, offset, limit: 2 })).items.map(({ messageId }) => messageId);
    expect([await ids('oldest', 0), await ids('oldest', 2), await ids('newest', 0)]).toEqual([['a', 'b'], ['c'], ['c', 'b']]);
    expect(await deadLetters.store.list({ ...all, state: 'dropped' })).toEqual({ total: 0, items: [] });
  });
});
