import { ConfigurationError } from '@trunkline/runtime';

import { GuardedClient } from './guarded-client.js';

interface Limits {
  readonly role: string;
  readonly database: string;
  /** -1: none. */
  readonly role_limit: number;
  readonly database_limit: number;
  readonly server_limit: number;
}

const limits = `
  SELECT session_user AS role, current_database() AS database,
    CASE WHEN rolsuper THEN -1 ELSE rolconnlimit END AS role_limit, CASE WHEN rolsuper THEN -1 ELSE datconnlimit END AS database_limit,
    current_setting('max_connections')::int - coalesce(current_setting('reserved_connections', true)::int, 0)
      - CASE WHEN rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int END AS server_limit
  FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()`;

/**
 * With fewer sessions than it needs a process starts, and stands still as soon as there is work: so it does not start.
 * @throws ConfigurationError when PostgreSQL can never give the account as many sessions as are needed
 */
export async function checkSessions(url: string, needed: number, applicationName: string): Promise<void> {
  const client = new GuardedClient({ connectionString: url, application_name: applicationName, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<Limits>(limits);
    const problems = rows.flatMap((found) => problemsOf(found, needed));
    if (problems.length > 0) throw new ConfigurationError(problems);
  } catch (error) {
    // They may be those of a process that has just ended.
    if ((error as { code?: string }).code === '53300') throw new Error(`PostgreSQL has no session left for this process, which needs ${needed}: ${(error as Error).message}`, { cause: error });
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function problemsOf({ role, database, role_limit: ofRole, database_limit: ofDatabase, server_limit: ofServer }: Limits, needed: number): string[] {
  const means = `and this process needs ${needed}: raise that to ${needed} for each process that shares them`;
  return [
    ...ofRole >= 0 && ofRole < needed ? [`DATABASE_URL: the role ${role} may have ${ofRole} sessions (its CONNECTION LIMIT), ${means}`] : [],
    ...ofDatabase >= 0 && ofDatabase < needed ? [`DATABASE_URL: the database ${database} allows ${ofDatabase} sessions (its CONNECTION LIMIT), ${means}`] : [],
    ...ofServer < needed ? [`DATABASE_URL: the server has ${ofServer} sessions for the role ${role} (max_connections less those reserved), ${means}`] : [],
  ];
}
