import { DeploymentAbandoned, type DeploymentEventMessage, services } from '@trunkline/contracts';
import { deadLetterQueue, topology } from '@trunkline/messaging';
import { type BrokerWindow, withClient } from '@trunkline/testing';
import { Client } from 'pg';

import type { CustomerRow, DeadLetter, DeploymentRow, Facts } from '../checker/facts.js';
import { within } from './within.js';

const schemas = services.map(({ schema }) => schema);
const onBroker = 'on the broker';
/** A reading that takes longer has met a server that is away. */
const queryWithinMs = 30_000;

interface LetterRow { message_id: string; reason?: string; state: string; times_returned: number }

type Books = Pick<Facts, 'deployments' | 'events' | 'customers' | 'outboxes' | 'openJobs'>;

/** What the services have written down, read by SQL as the superuser. */
export class ServiceTables {
  constructor(private readonly superuserUrl: string) {}

  async read(): Promise<Books> {
    const deployments = await this.rows<DeploymentRow>('SELECT id, kind, customer_guid AS "customerGuid", short_name AS "shortName", state FROM provisioner.deployment ORDER BY created_at');
    const customers = await this.rows<CustomerRow>('SELECT guid, short_name AS "shortName", sbc_id AS "sbcId", closed_at IS NOT NULL AS "isClosed" FROM provisioner.customer');
    const events: Record<string, DeploymentEventMessage[]> = {};
    for (const { body, id } of await this.rows<{ id: string; body: string }>('SELECT deployment_id AS id, body FROM provisioner.deployment_event ORDER BY recorded_at, event_id')) {
      (events[id] ??= []).push(JSON.parse(body) as DeploymentEventMessage);
    }
    const openJobs = Object.fromEntries(await Promise.all(schemas.map(async (schema) => [schema, await this.openJobs(schema)] as const)));
    return { deployments, customers, events, openJobs, outboxes: await this.outboxes() };
  }

  /** What is still on its way, one short text each; empty when nothing is. */
  async unfinished(): Promise<readonly string[]> {
    const deployments = await this.rows<{ text: string }>(`
      SELECT kind || ' ' || short_name || ' ' || state AS text FROM provisioner.deployment WHERE state NOT IN ('Deployed', 'Failed', 'Cancelled', 'Deleted', 'Rejected')`);
    const rest = Object.entries(await this.outboxes()).filter(([, count]) => count > 0).map(([schema, count]) => `${count} to publish in ${schema}`);
    const jobs = await Promise.all(schemas.map(async (schema) => ({ schema, count: await this.openJobs(schema) })));
    return [...deployments.map(({ text }) => text), ...rest, ...jobs.filter(({ count }) => count > 0).map(({ count, schema }) => `${count} jobs in ${schema}`)];
  }

  /** Deployments for which an operator may have something to do; `isFar`: they go on by themselves, but not soon. */
  async resting(): Promise<readonly { readonly id: string; readonly state: string; readonly isFar: boolean }[]> {
    return this.rows<{ id: string; state: string; isFar: boolean }>(`
      SELECT id, state, coalesce(due_at > now() + interval '20 seconds', false) AS "isFar" FROM provisioner.deployment
      WHERE state IN ('Held', 'CleanupRequired') ORDER BY created_at`);
  }

  /** Deployments whose customers are an operator's to take off. */
  async abandoned(): Promise<readonly { readonly id: string; readonly customerGuid: string; readonly shortName: string; readonly sbcId: number | null }[]> {
    return this.rows<{ id: string; customerGuid: string; shortName: string; sbcId: number | null }>(`
      SELECT d.id, d.customer_guid AS "customerGuid", d.short_name AS "shortName", c.sbc_id AS "sbcId" FROM provisioner.deployment d
      LEFT JOIN provisioner.customer c ON c.guid = d.customer_guid
      WHERE EXISTS (SELECT 1 FROM provisioner.deployment_event e WHERE e.deployment_id = d.id AND e.type = $1)`, [DeploymentAbandoned.type]);
  }

  /** How many deployments have begun, and how many of them have ended. */
  async progress(): Promise<{ readonly accepted: number; readonly ended: number }> {
    const [row] = await this.rows<{ accepted: number; ended: number }>(`
      SELECT count(*)::int AS accepted, count(*) FILTER (WHERE state IN ('Deployed', 'Failed', 'Cancelled', 'Deleted', 'Rejected'))::int AS ended FROM provisioner.deployment`);
    return row ?? { accepted: 0, ended: 0 };
  }

  /** SBCs that this agent holds and that have work. */
  async busySbcsOf(holder: string): Promise<readonly number[]> {
    const rows = await this.rows<{ id: number }>(`
      SELECT sbc_id AS id FROM sbc_agent.device_lease WHERE holder = $1 AND expires_at > now()
        AND EXISTS (SELECT 1 FROM sbc_agent.job WHERE lane = sbc_id::text AND (state = 'running' OR (state = 'waiting' AND run_at <= now())))`, [holder]);
    return rows.map(({ id }) => id);
  }

  /** SBCs that have work, whoever holds them. */
  async busySbcs(): Promise<readonly number[]> {
    const rows = await this.rows<{ id: number }>(`
      SELECT DISTINCT lane::int AS id FROM sbc_agent.job WHERE state = 'running' OR (state = 'waiting' AND run_at <= now())`);
    return rows.map(({ id }) => id);
  }

  /** SBCs that nobody visits for a while. */
  async restingSbcs(): Promise<readonly number[]> {
    const rows = await this.rows<{ id: number }>('SELECT sbc_id AS id FROM sbc_agent.device_lease WHERE opened_at IS NOT NULL OR rest_until > now()');
    return rows.map(({ id }) => id);
  }

  /** SBCs whose lease stands in this name, run out or not. */
  async heldSbcsOf(holder: string): Promise<readonly number[]> {
    const rows = await this.rows<{ id: number }>('SELECT sbc_id AS id FROM sbc_agent.device_lease WHERE holder = $1', [holder]);
    return rows.map(({ id }) => id);
  }

  /** Who holds the lease of this SBC. */
  async holderOf(sbcId: number): Promise<string | undefined> {
    return (await this.rows<{ holder: string | null }>('SELECT holder FROM sbc_agent.device_lease WHERE sbc_id = $1', [sbcId]))[0]?.holder ?? undefined;
  }

  /** What each service has refused and written down. */
  async deadLetters(): Promise<readonly DeadLetter[]> {
    const found = await Promise.all(services.map(async ({ name: service, schema }) => {
      if (!await this.has(`${schema}.dead_letter`)) return [];
      const rows = await this.rows<Record<string, unknown>>(`SELECT to_jsonb(d) AS letter FROM ${schema}.dead_letter d`);
      return rows.map(({ letter }) => {
        const { message_id: messageId, reason, state, times_returned: timesReturned } = letter as LetterRow;
        return { service, messageId, state, timesReturned, ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }) };
      });
    }));
    return found.flat();
  }

  /** Texts of all events told so far. */
  async told(): Promise<readonly string[]> {
    return (await this.rows<{ body: string }>('SELECT body FROM provisioner.deployment_event ORDER BY deployment_id, event_id')).map(({ body }) => body);
  }

  /** Ends every database session of the services, but those of this name. */
  async endSessions(but = ''): Promise<void> {
    await this.rows(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = ANY($1) AND application_name <> $2`, [[...schemas], but]);
  }

  /** Sessions of each of the services, held by somebody else until there is room for no more; the function returned lets them go. */
  async occupy(urls: readonly string[]): Promise<{ readonly held: number; readonly release: () => Promise<void> }> {
    const clients: Client[] = [];
    const release = async (): Promise<void> => { await Promise.all(clients.map((client) => client.end().catch(() => undefined))); };
    for (const url of urls) {
      for (let isFull = false; !isFull;) {
        const client = new Client({ connectionString: url, application_name: 'occupied', connectionTimeoutMillis: 5_000 });
        client.on('error', () => undefined);
        try {
          await client.connect();
          clients.push(client);
        } catch {
          // Too many: that is what was wanted.
          isFull = true;
        }
      }
    }
    return { held: clients.length, release };
  }

  /** Locks a table so that nobody else gets at it, for so long. */
  async lockFor(table: string, ms: number): Promise<void> {
    await withClient(this.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      await client.query('SELECT pg_sleep($1)', [ms / 1_000]);
      await client.query('ROLLBACK');
    });
  }

  private async outboxes(): Promise<Record<string, number>> {
    return Object.fromEntries(await Promise.all(schemas.map(async (schema) => [schema, await this.count(`SELECT count(*)::int AS n FROM ${schema}.outbox`)] as const)));
  }

  private async openJobs(schema: (typeof schemas)[number]): Promise<number> {
    return await this.has(`${schema}.job`) ? this.count(`SELECT count(*)::int AS n FROM ${schema}.job WHERE state IN ('waiting', 'running')`) : 0;
  }

  private async has(table: string): Promise<boolean> {
    return (await this.rows<{ has: boolean }>('SELECT to_regclass($1) IS NOT NULL AS has', [table]))[0]?.has === true;
  }

  private async count(sql: string): Promise<number> {
    return (await this.rows<{ n: number }>(sql))[0]?.n ?? 0;
  }

  private async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return within('an answer of the database', queryWithinMs, withClient(this.superuserUrl, async (client) => (
      (await client.query<Row & Record<string, unknown>>(sql, [...values])).rows
    )));
  }
}

/** How many messages wait, by queue and type of message; dead letters are told apart. */
export async function queueLengths(broker: BrokerWindow): Promise<Record<string, number>> {
  const lengths: Record<string, number> = {};
  for (const { name } of topology.queues) {
    for (const text of await broker.waiting(name)) {
      const what = `${name} ${/"type":"([^"]+)"/.exec(text)?.[1] ?? 'of no type'} ${/"subject":"([^"]+)"/.exec(text)?.[1] ?? ''} ${text.slice(0, 120)}`;
      lengths[what] = (lengths[what] ?? 0) + 1;
    }
  }
  return lengths;
}

/** Dead letters that no service has fetched from the broker yet. */
export async function brokerDeadLetters(broker: BrokerWindow): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (const { kind, name } of topology.queues) {
    if (kind !== 'work') continue;
    for (const { messageId, reason } of await broker.waitingIds(deadLetterQueue(name))) {
      found.push({ service: name, messageId, state: onBroker, ...(reason === undefined ? {} : { reason }) });
    }
  }
  return found;
}
