import { createHmac, randomBytes } from 'node:crypto';

import { services, type ServiceSchema } from '@trunkline/services';
import { Client } from 'pg';

import { scramVerifier } from './scram.js';

export const serviceRoles: readonly ServiceSchema[] = services.map(({ schema }) => schema);
/** Of whoever decides how many agents run: it may read the view made for that, and nothing else. */
export const scalerRole = 'trunkline_scaler' as const;
export type DatabaseRole = ServiceSchema | typeof scalerRole;
export type ServiceUrls = Readonly<Record<DatabaseRole, string>>;

export interface RolesOptions {
  /** Made when it is missing. Lower-case letters, digits and underscores. */
  readonly database?: string;
  /** A role that is not named here gets a password derived from the one in the URL, the same one each time, or a new one when the URL has none. */
  readonly passwords?: Partial<Record<DatabaseRole, string>>;
}

// Several programs may call this at once; PostgreSQL does not queue changes of one role by itself.
const setupLock = 7_264_332;
const roles: readonly DatabaseRole[] = [...serviceRoles, scalerRole];
const roleSettings = { lock_timeout: '2s', statement_timeout: '10s', idle_in_transaction_session_timeout: '5s' } as const;
/** Autoscalers keep a connection a trigger, and have leaked them. */
const scalerSettings = { ...roleSettings, statement_timeout: '2s' } as const;
const scalerConnections = 8;

/**
 * Makes the database, in it for each service a role that owns the schema of its own name and nothing else, and the role of autoscalers. Needs an account that
 * may create roles and databases; safe to repeat and to run several times at once. The answer has one URL per role.
 */
export async function ensureRoles(superuserUrl: string, { database = 'trunkline', passwords = {} }: RolesOptions = {}): Promise<ServiceUrls> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(database)) throw new Error(`not a database name: ${database}`);
  const key = decodeURIComponent(new URL(superuserUrl).password);
  const accounts = roles.map((name) => ({ name, password: passwords[name] ?? derivePassword(key, name) }));
  await withClient(superuserUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [setupLock]);
    for (const { name, password } of accounts) await ensureRole(client, name, password);
    await client.query(`ALTER ROLE ${scalerRole} CONNECTION LIMIT ${scalerConnections}`);
    await ensureDatabase(client, database);
    // Inside the lock as well, so that whoever waited finds all of it done.
    await withClient(withDatabase(superuserUrl, database), ensureSchemas);
  });
  const urls = accounts.map(({ name, password }) => [name, withAccount(withDatabase(superuserUrl, database), name, password)] as const);
  return Object.fromEntries(urls) as unknown as ServiceUrls; // one entry per role, by the line above
}

async function ensureRole(client: Client, name: DatabaseRole, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${name}`);
  await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(scramVerifier(password))}`);
  // An administrator that is no superuser must belong to a role before it can give it a schema.
  const { rows } = await client.query<{ is_superuser: boolean }>('SELECT rolsuper AS is_superuser FROM pg_roles WHERE rolname = current_user');
  if (rows[0]?.is_superuser !== true) await client.query(`GRANT ${name} TO CURRENT_USER`);
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  for (const name of roles) {
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${name}`);
    await client.query(`ALTER ROLE ${name} IN DATABASE ${database} SET search_path = ${name === scalerRole ? 'sbc_agent' : name}`);
    for (const [setting, value] of Object.entries(name === scalerRole ? scalerSettings : roleSettings)) await client.query(`ALTER ROLE ${name} IN DATABASE ${database} SET ${setting} = '${value}'`);
  }
}

async function ensureSchemas(client: Client): Promise<void> {
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  for (const name of serviceRoles) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${name}`);
    await client.query(`ALTER SCHEMA ${name} OWNER TO ${name}`);
  }
  await client.query(`GRANT USAGE ON SCHEMA sbc_agent TO ${scalerRole}`);
  // The agents make it when they first start, and give the role the same then.
  const { rows } = await client.query<{ is_there: boolean }>(`SELECT to_regclass('sbc_agent.scaling') IS NOT NULL AS is_there`);
  if (rows[0]?.is_there === true) await client.query(`GRANT SELECT ON sbc_agent.scaling TO ${scalerRole}`);
}

function derivePassword(key: string, role: DatabaseRole): string {
  return key === '' ? randomBytes(24).toString('base64url') : createHmac('sha256', key).update(`trunkline role ${role}`).digest('base64url');
}

/** Runs as an administrator, free of the limits that a server may set on its accounts. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'trunkline setup', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withAccount(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = encodeURIComponent(password);
  return changed.href;
}
