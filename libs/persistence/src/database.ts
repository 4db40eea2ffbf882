import { type FaultPoint, isFaultPointArmed, reachFaultPoint } from '@trunkline/runtime';
import type { QueryResult, QueryResultRow } from 'pg';
import { DataSource, type MixedList, type EntitySchema } from 'typeorm';

import { GuardedClient } from './guarded-client.js';
import { checkSessions } from './session-need.js';

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own schema; made when the role may and it is not there. Lower-case letters and underscores. */
  readonly schema: string;
  /** Shown by PostgreSQL for each session. */
  readonly applicationName: string;
  readonly poolSize: number;
  /** Sessions of the same account that the process opens elsewhere. */
  readonly sessionsBeside?: number;
  // TypeORM's own way to name a class.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
  readonly entities: MixedList<Function | EntitySchema>;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
  readonly migrations: readonly Function[];
  /** Called when an idle session is lost; the pool replaces it by itself. */
  readonly onSessionError?: (error: Error) => void;
}

type TimedStatement = Statement & { readonly query_timeout?: number };

interface PoolClient {
  query<Row extends QueryResultRow>(statement: TimedStatement): Promise<QueryResult<Row>>;
  release(error?: Error | boolean): void;
}
interface Pool {
  readonly idleCount: number;
  connect(): Promise<PoolClient>;
  query<Row extends QueryResultRow>(statement: TimedStatement): Promise<QueryResult<Row>>;
}

/** A named statement: PostgreSQL parses and plans it once a session. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Takes a value of a statement, and answers its name in the text. */
export type Parameter = (value: unknown) => string;

/** A statement that is put together from parts, each of which takes its values as it is written. The same name wants the same text. */
export function statementOf(name: string, write: (parameter: Parameter) => string): Statement {
  const values: unknown[] = [];
  return { name, text: write((value) => `$${values.push(value)}`), values };
}

/** Runs statements inside the one transaction it belongs to. */
export interface Transaction {
  /**
   * Sends it at once, behind what was sent before and not answered yet: what is not awaited inside of the transaction travels with what follows it, the last
   * ones with COMMIT. A statement that reads what a lock guards comes after the one that takes the lock: a snapshot is older than the lock it waits for.
   */
  run<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]>;
  /** The same, of which no answer is wanted. */
  send(statement: Statement): void;
}

interface TransactionOptions {
  /** While this point is armed COMMIT is sent apart, once all before it has been answered. */
  readonly beforeCommit?: FaultPoint;
  /** How long a statement waits for a lock; as long as the session allows when left out. */
  readonly lockTimeoutMs?: number;
}

const watchIntervalMs = 2_000;
const lookWithinMs = 5_000;

/** The server lets go of a session whose client has vanished without a word. */
export const serverKeepAlive = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

const sessionLimits = /* safeguard: session-limits */ '-c lock_timeout=2000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=5000';

/**
 * Statements ask for rows by their keys, whatever the tables hold: one plan each, by indexes. Else a plan that was made while a table was empty reads all of it
 * later, until statistics come, and arrays of messages are planned for anew at each call.
 */
const plans = /* safeguard: plans-by-keys */ '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/** Longer than the server lets any statement take: what is not answered by then has met a dead link. */
const unansweredMs = 15_000;
const migrationWaitMs = 60_000;

/** The lock that lets one process at a time migrate a schema. */
const migrationLock = 7_264_331;

/** A service's own schema. TypeORM holds entities, migrations and ordinary reads; batch statements go straight to its pool. */
export class Database {
  private lastFailure: string | undefined;
  private isLooking = false;
  private readonly watch: NodeJS.Timeout;

  private constructor(readonly dataSource: DataSource, private readonly pool: Pool) {
    this.watch = setInterval(() => { void this.look(); }, watchIntervalMs).unref();
  }

  /**
   * Connects and brings the schema up to date.
   * @throws ConfigurationError when the account may not have as many sessions as are needed
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    if (!/^[a-z_]+$/.test(options.schema)) throw new Error(`not a schema name: ${options.schema}`);
    await checkSessions(options.url, options.poolSize + /* safeguard: session-count */ (options.sessionsBeside ?? 0), options.applicationName);
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      poolSize: options.poolSize,
      connectTimeoutMS: 5_000,
      entities: options.entities,
      migrations: [...options.migrations],
      migrationsTransactionMode: 'each',
      migrationsTableName: 'migration',
      synchronize: false,
      poolErrorHandler: (error: Error) => { options.onSessionError?.(error); },
      // Time-outs are set here as well as on the role: a paused instance must never hold the others, whatever role it was given.
      extra: {
        options: `-c search_path=${options.schema} ${plans} ${sessionLimits} ${/* safeguard: server-keepalive */ serverKeepAlive}`,
        query_timeout: /* safeguard: query-timeout */ unansweredMs, keepAlive: true, Client: GuardedClient, pipeline: true,
      },
    });
    await dataSource.initialize();
    // The pool below TypeORM's driver: plain results, named statements, no query builder on the hot path.
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    const database = new Database(dataSource, pool);
    try {
      await database.migrate(options.schema);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
    return database;
  }

  /** Why the database can't be used right now; empty when it can. */
  reasons(): readonly string[] {
    return this.lastFailure === undefined ? [] : [`PostgreSQL ${this.lastFailure}`];
  }

  /** One statement, committed when it resolves. */
  async run<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]> {
    const result = await this.pool.query<Row>(statement);
    return result.rows;
  }

  /**
   * Between BEGIN and COMMIT nothing may be awaited but the transaction's own statements. What was not awaited is answered when this resolves; when it rejects,
   * with the first failure of a statement.
   */
  async transaction<T>(work: (transaction: Transaction) => T | Promise<T>, { beforeCommit, lockTimeoutMs }: TransactionOptions = {}): Promise<T> {
    const client = await this.pool.connect();
    const sent: Promise<unknown>[] = [];
    const run = <Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]> => {
      const rows = client.query<Row>(statement).then((answer) => answer.rows);
      sent.push(heard(rows));
      return rows;
    };
    const send = (statement: Statement): void => { void run(statement); };
    let isOver = false;
    let failure: Error | undefined;
    try {
      send(plain(lockTimeoutMs === undefined ? 'BEGIN' : `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}`));
      const result = await work({ run, send });
      if (beforeCommit !== undefined) {
        if (isFaultPointArmed(beforeCommit)) await firstFailureOf(sent);
        reachFaultPoint(beforeCommit);
      }
      send(plain('COMMIT'));
      isOver = true;
      failure = await firstFailureOf(sent);
      /* safeguard: failed-statement */
      if (failure) throw failure;
      return result;
    } catch (error) {
      failure = await firstFailureOf(sent) ?? errorOf(error);
      // A failed statement turns COMMIT into a ROLLBACK. On a dead link nothing more is said: the session is thrown away, and the server ends its transaction.
      if (!isOver && !isUnanswered(failure)) await client.query(plain('ROLLBACK')).then(() => { isOver = true; }, () => undefined);
      throw failure;
    } finally {
      client.release(failure && (!isOver || (await failuresOf(sent)).some(isConnectionError)) ? failure : undefined);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /** One at a time: a dead link must not take more than one session of the pool. */
  private async look(): Promise<void> {
    /* safeguard: one-database-look */
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      this.lastFailure = await this.takesWrites() ? undefined : 'takes no writes: its sessions are read-only';
    } catch (error) {
      this.lastFailure = `does not answer: ${codeOf(error) ?? (error instanceof Error ? error.message : 'unknown')}`;
    } finally {
      this.isLooking = false;
    }
  }

  /** A session may be read-only longer than the server is: each is thrown away until one may write, or one that was not idle may not. */
  private async takesWrites(): Promise<boolean> {
    for (let idle = this.pool.idleCount; ; idle -= 1) {
      const isReadOnly = await this.isNextReadOnly();
      if (!isReadOnly || idle <= 0) return !isReadOnly;
    }
  }

  private async isNextReadOnly(): Promise<boolean> {
    const client = await this.pool.connect();
    let isOver = true;
    try {
      const { rows } = await client.query<{ is_read_only: boolean }>({
        name: '', text: `SELECT current_setting('transaction_read_only')::boolean AS is_read_only`, values: [], query_timeout: lookWithinMs,
      });
      isOver = rows[0]?.is_read_only ?? false;
      return isOver;
    } finally {
      client.release(/* safeguard: read-only-session-closed */ isOver);
    }
  }

  private async migrate(schema: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query({ name: '', text: `SET lock_timeout = ${migrationWaitMs}`, values: [] });
      await client.query({ name: '', text: `SET statement_timeout = ${migrationWaitMs}`, values: [] });
      await client.query({ name: '', text: 'SELECT pg_advisory_lock($1, hashtext($2))', values: [migrationLock, schema], query_timeout: migrationWaitMs + unansweredMs });
      // Asked first: a role that owns its schema need not be allowed to make one.
      const { rows } = await client.query({ name: '', text: 'SELECT 1 FROM pg_namespace WHERE nspname = $1', values: [schema] });
      if (rows.length === 0) await client.query({ name: '', text: `CREATE SCHEMA ${schema}`, values: [] });
      await this.dataSource.runMigrations();
    } finally {
      // A session of its own: closing it gives back the lock and its settings.
      client.release(true);
    }
  }
}

const plain = (text: string): Statement => ({ name: '', text, values: [] });

/**
 * SQL condition: `rows`, a FROM with its WHERE, has one. Looked for once for each row of the statement, by an index: where EXISTS is no condition of the whole
 * statement, PostgreSQL may read all rows of the inner table into memory instead.
 */
export const isThere = (rows: string): string => `((SELECT true FROM ${rows} LIMIT 1) IS NOT NULL)`;

/** SQL condition: this very transaction has written the row that `table` names in its statement. */
export const isWrittenHere = (table: string): string => `${table}.xmin = pg_current_xact_id()::xid`;

/** Its failure is no unhandled one: what waits for it, or for what it travels with in a transaction, gets it. */
export function heard<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}

async function firstFailureOf(sent: readonly Promise<unknown>[]): Promise<Error | undefined> {
  return (await failuresOf(sent))[0];
}

async function failuresOf(sent: readonly Promise<unknown>[]): Promise<Error[]> {
  return (await Promise.allSettled(sent)).flatMap((end) => (end.status === 'rejected' ? [errorOf(end.reason)] : []));
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The session or the server is gone or takes no writes, or nothing could be had from the pool: nothing about the values was wrong. */
export function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && (isUnanswered(error) || /connection|timeout exceeded|terminat|pool/i.test(error.message));
  return /^(08|57P|53|55P03|40|57014|25P03)/.test(code) || /* safeguard: read-only-database */ code === '25006' || /^E[A-Z]+$/.test(code);
}

/** `pg` has no code for it. */
const isUnanswered = (error: Error): boolean => error.message === 'Query read timeout';

/** Somebody else holds a lock for too long, or waits for one of ours. */
export function isLockError(error: unknown): boolean {
  return /^(55P03|40P01)$/.test(codeOf(error) ?? '');
}

/** PostgreSQL refused a value (class 22) or a constraint (class 23): one row of the batch is to blame. */
export function isRowError(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
