import { randomBytes } from 'node:crypto';

import { ConfigurationError } from '@trunkline/runtime';
import { type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Database } from './database.js';
import { checkSessions } from './session-need.js';

describe('the sessions that an account may have', () => {
  let fresh: FreshDatabase;
  let url: string;
  const role = `test_${randomBytes(6).toString('hex')}`;
  const administer = (sql: string) => withClient(fresh.superuserUrl, (client) => client.query(sql));
  beforeAll(async () => {
    fresh = await freshDatabase();
    const database = new URL(fresh.superuserUrl).pathname.slice(1);
    await administer(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT CONNECT, CREATE ON DATABASE ${database} TO ${role}`);
    const own = new URL(fresh.superuserUrl);
    own.username = role;
    own.password = 'secret';
    url = own.href;
  });
  afterEach(async () => {
    await administer(`ALTER ROLE ${role} NOSUPERUSER CONNECTION LIMIT -1`);
    await administer(`ALTER DATABASE ${new URL(url).pathname.slice(1)} CONNECTION LIMIT -1`);
  });
  afterAll(async () => {
    await administer(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await fresh.drop();
  });

  const outcome = (needed: number) => checkSessions(url, needed, 'test').then(() => 'enough', (error: unknown) => error as Error);

  it.each([
    ['more than are needed', 10], ['as many as are needed', 9], ['any number', -1],
  ])('are enough when they are %s', async (_name, limit) => {
    await administer(`ALTER ROLE ${role} CONNECTION LIMIT ${limit}`);
    expect(await outcome(9)).toBe('enough');
  });

  it.each([
    ['the role', () => `ALTER ROLE ${role} CONNECTION LIMIT 8`, () => `the role ${role} may have 8 sessions (its CONNECTION LIMIT), and this process needs 9: raise that to 9 for each process that shares them`],
    ['the database', () => `ALTER DATABASE ${new URL(url).pathname.slice(1)} CONNECTION LIMIT 8`, () => `the database ${new URL(url).pathname.slice(1)} allows 8 sessions (its CONNECTION LIMIT), and this process needs 9: raise that to 9 for each process that shares them`],
  ])('are a problem of the configuration when %s allows fewer than are needed', async (_name, limit, problem) => {
    await administer(limit());
    const error = await outcome(9);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).problems).toEqual([`DATABASE_URL: ${problem()}`]);
  });

  it('are a problem of the configuration when the server has fewer than are needed', async () => {
    const { rows } = await administer(`SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS free`);
    const { free } = rows[0] as { free: number };
    expect(await outcome(free)).toBe('enough');
    expect(String(await outcome(free + 1))).toContain(`the server has ${free} sessions for the role ${role} (max_connections less those reserved), and this process needs ${free + 1}`);
  });

  it('are not limited for a superuser', async () => {
    await administer(`ALTER ROLE ${role} SUPERUSER CONNECTION LIMIT 1`);
    expect(await outcome(9)).toBe('enough');
  });

  it('may all be in use, which is no problem of the configuration: the need is told', async () => {
    await administer(`ALTER ROLE ${role} CONNECTION LIMIT 1`);
    await withClient(url, async () => {
      const error = await outcome(9);
      expect(error).not.toBeInstanceOf(ConfigurationError);
      expect(String(error)).toMatch(/PostgreSQL has no session left for this process, which needs 9: too many connections/);
    });
  });

  it('are counted with those that a service opens beside its pool', async () => {
    await administer(`ALTER ROLE ${role} CONNECTION LIMIT 3`);
    const options = { url, schema: 'counted', applicationName: 'test', poolSize: 3, entities: [], migrations: [] };
    await expect(Database.open({ ...options, sessionsBeside: 1 })).rejects.toThrow(/needs 4/);
    await (await Database.open(options)).close();
  });
});
