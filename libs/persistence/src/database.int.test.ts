import { eventually, type FreshDatabase, freshDatabase, FaultProxy, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { Database, isConnectionError, isRowError } from './database.js';

let migrations = 0;
class OneTable1764000000000 {
  readonly name = 'OneTable1764000000000';
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    migrations += 1;
    await runner.query('CREATE TABLE thing (id integer PRIMARY KEY, name varchar(3) NOT NULL)');
  }

  async down(): Promise<void> { /* a test database is dropped as a whole */ }
}

describe('database', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => { fresh = await freshDatabase(); });
  afterEach(() => { vi.useRealTimers(); });
  afterAll(() => fresh.drop());

  const open = (url: string, schema = 'ovoc_sync') => Database.open({
    url, schema, applicationName: 'persistence test', poolSize: 3, entities: [], migrations: [OneTable1764000000000],
  });
  const failureOf = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error);
  const statement = (text: string, values: unknown[] = []) => ({ name: '', text, values });

  it('migrates once, however many processes start at the same time', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => open(fresh.ovoc_sync)));
    expect(migrations).toBe(1);
    await Promise.all(opened.map((database) => database.close()));
  });

  it('makes its schema with a role that may and has none', async () => {
    const database = await open(fresh.superuserUrl, 'made_here');
    const rows = await withClient(fresh.superuserUrl, (client) => client.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'made_here' AND tablename = 'thing'`));
    expect(rows.rowCount).toBe(1);
    await database.close();
  });

  it('keeps nothing of a transaction that fails, and can go on', async () => {
    const database = await open(fresh.ovoc_sync);
    const failure = await failureOf(database.transaction(async (transaction) => {
      await transaction.run(statement(`INSERT INTO thing VALUES (1, 'a')`));
      await transaction.run(statement(`INSERT INTO thing VALUES (1, 'b')`));
    }));
    expect(isRowError(failure)).toBe(true);
    expect(await database.run(statement('SELECT * FROM thing'))).toEqual([]);
    await database.close();
  });

  it('fails a transaction with the failure of a statement that nobody waited for', async () => {
    const database = await open(fresh.ovoc_sync);
    const failure = await failureOf(database.transaction((transaction) => {
      transaction.send(statement(`INSERT INTO thing VALUES (1, 'a')`));
      transaction.send(statement(`INSERT INTO thing VALUES (1, 'b')`));
      return { one: transaction.run(statement('SELECT 1')) };
    }));
    expect([isRowError(failure), (failure as Error | undefined)?.message]).toEqual([true, expect.stringContaining('duplicate key')]);
    expect(await database.run(statement('SELECT * FROM thing'))).toEqual([]);
    await database.close();
  });

  it('answers what was not waited for once all is committed', async () => {
    const database = await open(fresh.ovoc_sync);
    const { before, after } = await database.transaction(async (transaction) => {
      transaction.send(statement(`INSERT INTO thing VALUES (8, 'a')`));
      const before = await transaction.run(statement('SELECT id FROM thing'));
      transaction.send(statement('DELETE FROM thing'));
      return { before, after: transaction.run(statement('SELECT id FROM thing')) };
    });
    expect([before, await after]).toEqual([[{ id: 8 }], []]);
    await database.close();
  });

  it('lets a transaction wait for a lock as long as it says, and that one alone', async () => {
    const database = await open(fresh.ovoc_sync);
    const timeout = statement('SHOW lock_timeout');
    const within = await database.transaction((transaction) => transaction.run(timeout), { lockTimeoutMs: 100 });
    expect([within, await database.run(timeout)]).toEqual([[{ lock_timeout: '100ms' }], [{ lock_timeout: '2s' }]]);
    await database.close();
  });

  it('survives that its session is lost between two statements of a transaction, and can go on', async () => {
    const database = await open(fresh.ovoc_sync);
    const failure = await failureOf(database.transaction(async (transaction) => {
      const [session] = await transaction.run<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid'));
      await withClient(fresh.superuserUrl, (client) => client.query('SELECT pg_terminate_backend($1, 5000)', [session?.pid]));
      await eventually('the session to be known as lost', () => transaction.run(statement('SELECT 1')).then(() => false, () => true));
      await transaction.run(statement('SELECT 1'));
    }));
    expect(isConnectionError(failure)).toBe(true);
    expect(await database.run(statement('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await database.close();
  });

  it.each([
    ['a value that is too long', `INSERT INTO thing VALUES (2, 'long')`],
    ['a value that is no number', `INSERT INTO thing VALUES ('x', 'a')`],
    ['a missing value', 'INSERT INTO thing (id) VALUES (3)'],
  ])('tells %s from a database that is away', async (_name, text) => {
    const database = await open(fresh.ovoc_sync);
    const failure = await failureOf(database.run(statement(text)));
    expect([isRowError(failure), isConnectionError(failure)]).toEqual([true, false]);
    await database.close();
  });

  it('tells a lost session from a refused row, and gets another', async () => {
    const database = await open(fresh.ovoc_sync);
    const failure = await failureOf(database.run(statement('SELECT pg_terminate_backend(pg_backend_pid())')));
    expect([isRowError(failure), isConnectionError(failure)]).toEqual([false, true]);
    expect(await database.run(statement('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('says that the database is away, and that it is back', async () => {
    const proxy = await FaultProxy.start(fresh.ovoc_sync);
    const database = await open(proxy.url);
    expect(database.reasons()).toEqual([]);
    proxy.refuse();
    await eventually('it is seen to be away', () => database.reasons().length > 0);
    proxy.allow();
    await eventually('it is seen to be back', () => database.reasons().length === 0);
    await database.close();
    await proxy.close();
  });

  describe('that takes no writes', () => {
    const readOnly = 'PostgreSQL takes no writes: its sessions are read-only';
    let own: FreshDatabase;
    let database: Database;
    beforeEach(async () => {
      own = await freshDatabase();
      // Time goes by for what is done again and again, for no time-out.
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      database = await open(own.ovoc_sync);
    });
    afterEach(async () => {
      await database.close();
      await own.drop();
    });
    const settings = () => Promise.all([1, 2, 3].map(() => database.run<{ setting: string }>(statement(`SELECT current_setting('transaction_read_only') AS setting, pg_sleep(0.05)`))))
      .then((answers) => answers.map(([row]) => row?.setting));
    const oneLook = async (reasons: readonly string[]) => {
      vi.advanceTimersByTime(2_000);
      await eventually(`its look to find ${reasons.join() || 'nothing'}`, () => String(database.reasons()) === String(reasons));
    };

    it('is seen by one look, and by the first look after its end no session is left read-only', async () => {
      await own.takeNoWrites();
      await oneLook([readOnly]);
      expect(await settings()).toEqual(['on', 'on', 'on']);
      await own.takeWrites();
      await oneLook([]);
      expect(await settings()).toEqual(['off', 'off', 'off']);
    });

    it('is away for who writes, and the session that said so is not kept', async () => {
      await own.takeNoWrites();
      await oneLook([readOnly]);
      const write = () => database.transaction((transaction) => transaction.run(statement(`INSERT INTO thing VALUES (7, 'a')`)));
      const failure = await failureOf(write());
      expect([isRowError(failure), isConnectionError(failure)]).toEqual([false, true]);
      await own.takeWrites();
      await write();
      expect(await database.run(statement('SELECT id FROM thing'))).toEqual([{ id: 7 }]);
    });
  });

  it('gives up a link that has died without a word, and gets another', async () => {
    const proxy = await FaultProxy.start(fresh.ovoc_sync);
    const database = await open(proxy.url);
    proxy.disturb({ kind: 'half-open' });
    const isNoticed = eventually('it is seen to be away', () => database.reasons().length > 0);
    const [alone, inTransaction] = await Promise.all([
      failureOf(database.run(statement('SELECT 1'))), failureOf(database.transaction((transaction) => transaction.run(statement('SELECT 1')))),
    ]);
    expect([isConnectionError(alone), isConnectionError(inTransaction)]).toEqual([true, true]);
    await isNoticed;
    proxy.calm();
    expect(await database.run(statement('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await database.close();
    await proxy.close();
  }, 25_000);

  it('leaves its other sessions to work while a look is not answered, however long that takes', async () => {
    const proxy = await FaultProxy.start(fresh.ovoc_sync);
    // Time goes by for what is done again and again, for no time-out.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const database = await open(proxy.url);
    await Promise.all([1, 2, 3].map(() => database.run(statement('SELECT 1'))));
    expect(proxy.connectionCount).toBe(3);
    proxy.holdReplies();
    vi.advanceTimersByTime(6_000);
    const work = `SELECT 'work'`;
    const working = failureOf(database.run(statement(work)));
    await withClient(fresh.superuserUrl, (client) => eventually('work to reach the server', async () => (
      await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = $1', [work])).rowCount === 1));
    proxy.releaseReplies();
    expect(await working).toBeUndefined();
    await database.close();
    await proxy.close();
  });

  it('asks the server to end a session 25 s after its client has vanished', async () => {
    const database = await open(fresh.ovoc_sync);
    const setting = (name: string) => `current_setting('tcp_keepalives_${name}')::int`;
    // As the server has set them for this session's connection.
    expect(await database.run(statement(`SELECT ${setting('idle')} + ${setting('count')} * ${setting('interval')} AS seconds`))).toEqual([{ seconds: 25 }]);
    await database.close();
  });

  it.each([['lock_timeout', '2s'], ['statement_timeout', '10s'], ['idle_in_transaction_session_timeout', '5s']])('limits each session by %s', async (name, value) => {
    const database = await open(fresh.superuserUrl, 'made_here');
    expect(await database.run(statement(`SHOW ${name}`))).toEqual([{ [name]: value }]);
    await database.close();
  });
});
