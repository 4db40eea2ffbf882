import type { DeploymentEventMessage } from '@trunkline/contracts';
import { deadLetterQueue, topology } from '@trunkline/messaging';
import { type BrokerWindow, withClient } from '@trunkline/testing';

import type { CustomerRow, DeploymentRow, Facts } from '../checker/facts.js';

const schemas = ['provisioner', 'sbc_agent', 'ovoc_sync'] as const;

type Books = Pick<Facts, 'deployments' | 'events' | 'customers' | 'outboxes' | 'openJobs'>;

/** What the services have written down, read by SQL as the superuser. */
export class Ledgers {
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
      SELECT kind || ' ' || short_name || ' ' || state AS text FROM provisioner.deployment WHERE state NOT IN ('Deployed', 'Failed', 'Cancelled', 'Deleted', 'Rejected', 'Held')`);
    const rest = Object.entries(await this.outboxes()).filter(([, count]) => count > 0).map(([schema, count]) => `${count} to publish in ${schema}`);
    const jobs = await Promise.all(schemas.map(async (schema) => ({ schema, count: await this.openJobs(schema) })));
    return [...deployments.map(({ text }) => text), ...rest, ...jobs.filter(({ count }) => count > 0).map(({ count, schema }) => `${count} jobs in ${schema}`)];
  }

  /** Texts of all events told so far. */
  async told(): Promise<readonly string[]> {
    return (await this.rows<{ body: string }>('SELECT body FROM provisioner.deployment_event ORDER BY deployment_id, event_id')).map(({ body }) => body);
  }

  /** Ends every database session of the services. */
  async endSessions(): Promise<void> {
    await this.rows('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = ANY($1)', [[...schemas]]);
  }

  private async outboxes(): Promise<Record<string, number>> {
    return Object.fromEntries(await Promise.all(schemas.map(async (schema) => [schema, await this.count(`SELECT count(*)::int AS n FROM ${schema}.outbox`)] as const)));
  }

  private async openJobs(schema: (typeof schemas)[number]): Promise<number> {
    const [row] = await this.rows<{ has: boolean }>('SELECT to_regclass($1) IS NOT NULL AS has', [`${schema}.job`]);
    return row?.has === true ? this.count(`SELECT count(*)::int AS n FROM ${schema}.job WHERE state IN ('waiting', 'running')`) : 0;
  }

  private async count(sql: string): Promise<number> {
    return (await this.rows<{ n: number }>(sql))[0]?.n ?? 0;
  }

  private async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return withClient(this.superuserUrl, async (client) => (await client.query<Row & Record<string, unknown>>(sql, [...values])).rows);
  }
}

/** How many messages wait, by queue and type of message. */
export async function queueLengths(broker: BrokerWindow): Promise<Record<string, number>> {
  const lengths: Record<string, number> = {};
  for (const { kind, name } of topology.queues) {
    for (const queue of kind === 'work' ? [name, deadLetterQueue(name)] : [name]) {
      for (const text of await broker.waiting(queue)) {
        const what = `${queue} ${/"type":"([^"]+)"/.exec(text)?.[1] ?? 'of no type'} ${/"subject":"([^"]+)"/.exec(text)?.[1] ?? ''} ${text.slice(0, 120)}`;
        lengths[what] = (lengths[what] ?? 0) + 1;
      }
    }
  }
  return lengths;
}
