import { randomBytes } from 'node:crypto';

import { ensureRoles, type ServiceUrls } from '@trunkline/embedded';
import { Client } from 'pg';

export interface FreshDatabase extends ServiceUrls {
  /** Of the server's superuser, in this database. */
  readonly superuserUrl: string;
  /** As after a failover to a server that is read-only: all sessions end, and those that follow may only read, for as long as they last. */
  takeNoWrites(): Promise<void>;
  /** Sessions that are made from now on may write; those there are stay as they are. */
  takeWrites(): Promise<void>;
  drop(): Promise<void>;
}

/** A setting that the test command provides. Missing services are a failure, never a skip. */
export function testSetting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by "npm test" (or "npm run test:int"), which starts the services they need`);
  return value;
}

/** A database of a test's own, with the roles and schemas of all services. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const serverUrl = testSetting('TRUNKLINE_TEST_DATABASE_SUPERUSER_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const urls = await ensureRoles(serverUrl, { database: name });
  const superuserUrl = new URL(serverUrl);
  superuserUrl.pathname = `/${name}`;
  return {
    ...urls,
    superuserUrl: superuserUrl.href,
    takeNoWrites: () => withClient(serverUrl, async (client) => {
      await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name]);
    }),
    takeWrites: () => withClient(serverUrl, async (client) => { await client.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`); }),
    drop: () => withClient(serverUrl, async (client) => { await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`); }),
  };
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
