import { randomInt } from 'node:crypto';

import { serverKeepAlive } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import { Client } from 'pg';

export interface LivenessOptions {
  /** The name of this process. */
  readonly holder: string;
  readonly databaseUrl: string;
}

const advisoryClass = 84_113;
/** Of a second lock, which an agent gives back as soon as it takes no more devices. */
const takingClass = 84_115;
const lockTimeoutMs = 2_000;
/** A session that is not used for so long is ended by the server, and its lock is free. */
const sessionIdleMs = 15_000;
/** Twice within that time, with room for a slow answer. */
const proofEveryMs = 5_000;

/** SQL condition: the process with this lock is alive. `lock` is a column. */
export function isAlive(lock: string): string {
  return `EXISTS (
    SELECT 1 FROM pg_locks p WHERE p.locktype = 'advisory' AND p.classid = ${advisoryClass}::oid AND p.objid = ${lock}::oid AND p.objsubid = 2)`;
}

/** SQL expression: how many agents take devices. */
export const takingAgents = `(
  SELECT count(*)::int FROM pg_locks p WHERE p.locktype = 'advisory' AND p.classid = ${takingClass}::oid AND p.objsubid = 2
    AND p.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/** The database session that proves this process alive: it holds an advisory lock, and when that lock is free the process is dead. */
export class Liveness {
  /** Random, so that no two instances share one; small, so that it fits PostgreSQL's two-part advisory locks. */
  readonly lock = randomInt(1, 2_147_483_647);
  private session: Client | undefined;
  private provenAtMs = 0;
  private reviving: Promise<void> | undefined;
  private isLeaving = false;
  private isClosing = false;

  constructor(private readonly clock: Clock, private readonly options: LivenessOptions, private readonly logger: Logger) {}

  /** Makes sure that the session is there; rejects when it can't be had. Leases are taken only with it. */
  async ensureAlive(): Promise<void> {
    const isProven = this.session !== undefined && /* safeguard: session-proof */ this.clock.monotonicMs() - this.provenAtMs < proofEveryMs;
    if (isProven || this.isClosing) return;
    // Asked for by many at once; each further session would wait for the lock of the first.
    this.reviving ??= this.prove().finally(() => { this.reviving = undefined; });
    await this.reviving;
  }

  /** The others count on this process for no further device. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    // A session that is gone has no lock either.
    await this.session?.query('SELECT pg_advisory_unlock($1, $2)', [takingClass, this.lock]).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.reviving?.catch(() => undefined);
    await this.session?.end();
  }

  /** A link can be dead without a word from either side. */
  private async prove(): Promise<void> {
    const askedAtMs = this.clock.monotonicMs();
    const { session } = this;
    try {
      await session?.query('SELECT 1');
    } catch (err) {
      this.lose(session, err);
      await session?.end().catch(() => undefined);
    }
    if (!this.session) await this.revive();
    this.provenAtMs = askedAtMs;
  }

  private lose(session: Client | undefined, err: unknown): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.logger.warn({ err }, 'the session that holds this agent\'s leases was lost');
  }

  private async revive(): Promise<void> {
    const session = new Client({
      connectionString: this.options.databaseUrl, application_name: `${this.options.holder} alive`, keepAlive: true, lock_timeout: lockTimeoutMs,
      connectionTimeoutMillis: proofEveryMs, query_timeout: proofEveryMs, options: `-c idle_session_timeout=${/* safeguard: idle-session-timeout */ sessionIdleMs} ${serverKeepAlive}`,
    });
    session.on('error', (err) => { this.lose(session, err); });
    session.on('end', () => { if (this.session === session) this.session = undefined; });
    try {
      await session.connect();
      await session.query('SELECT pg_advisory_lock($1, $2)', [advisoryClass, this.lock]);
      if (!this.isLeaving) await session.query('SELECT pg_advisory_lock($1, $2)', [takingClass, this.lock]);
    } catch (error) {
      /* safeguard: one-lease-session */
      await session.end().catch(() => undefined);
      throw error;
    }
    this.session = session;
    // Asked for while the lock was waited for.
    if (this.isLeaving) await this.leave();
  }
}
