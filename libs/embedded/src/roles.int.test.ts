import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type DatabaseRole, ensureRoles, scalerRole, serviceRoles, type ServiceUrls, withClient, withDatabase } from './roles.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.js';

let dataDir: string;
let server: EmbeddedPostgres;
let urls: ServiceUrls;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trunkline-roles-'));
  await rm(dataDir, { recursive: true });
  server = await startEmbeddedPostgres({ dataDir });
  urls = await ensureRoles(server.superuserUrl);
  for (const role of serviceRoles) await run(role, 'CREATE TABLE own_row AS SELECT 1 AS value');
});

afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function run(role: DatabaseRole, statement: string, url = urls[role]): Promise<readonly Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(statement)).rows);
}

const insufficientPrivilege = { code: '42501' };
const pairs = serviceRoles.flatMap((role) => serviceRoles.filter((other) => other !== role).map((other) => [role, other] as const));

describe('the role of a service', () => {
  it.each(serviceRoles)('%s has its own schema first in its search path', async (role) => {
    expect(await run(role, 'SELECT schemaname, tableowner FROM pg_tables WHERE tablename = \'own_row\' AND tableowner = current_user')).toEqual([{ schemaname: role, tableowner: role }]);
    expect(await run(role, 'SELECT value FROM own_row')).toEqual([{ value: 1 }]);
  });

  it.each(pairs)('%s cannot read a table of %s', async (role, other) => {
    await expect(run(role, `SELECT * FROM ${other}.own_row`)).rejects.toMatchObject(insufficientPrivilege);
  });

  it.each(pairs)('%s cannot create in the schema of %s', async (role, other) => {
    await expect(run(role, `CREATE TABLE ${other}.intruder (id int)`)).rejects.toMatchObject(insufficientPrivilege);
  });

  it.each([
    ['create in public', 'CREATE TABLE public.intruder (id int)'],
    ['create a schema', 'CREATE SCHEMA intruder'],
    ['create a temporary table', 'CREATE TEMPORARY TABLE intruder (id int)'],
    ['create a database', 'CREATE DATABASE intruder'],
    ['create a role', 'CREATE ROLE intruder'],
    ['become another role', 'SET ROLE ovoc_sync'],
    ['read the passwords', 'SELECT rolpassword FROM pg_authid'],
  ])('cannot %s', async (_name, statement) => {
    await expect(run('provisioner', statement)).rejects.toMatchObject(insufficientPrivilege);
  });

  it.each(['postgres', 'template1'])('cannot enter database %s', async (database) => {
    await expect(run('provisioner', 'SELECT 1', withDatabase(urls.provisioner, database))).rejects.toMatchObject(insufficientPrivilege);
  });

  it.each([
    ['lock_timeout', '2s'],
    ['statement_timeout', '10s'],
    ['idle_in_transaction_session_timeout', '5s'],
  ])('has a %s of %s', async (setting, value) => {
    for (const role of serviceRoles) expect(await run(role, `SHOW ${setting}`)).toEqual([{ [setting]: value }]);
  });

  it('has a password that no other role has', () => {
    expect(new Set([...serviceRoles, scalerRole].map((role) => new URL(urls[role]).password)).size).toBe(serviceRoles.length + 1);
  });
});

describe('the role of autoscalers', () => {
  it.each(serviceRoles)('can read no table of %s', async (other) => {
    await expect(run(scalerRole, `SELECT * FROM ${other}.own_row`)).rejects.toMatchObject(insufficientPrivilege);
  });

  it('can make nothing, gives up soon, and has few connections', async () => {
    for (const statement of ['CREATE TABLE sbc_agent.intruder (id int)', 'CREATE TABLE public.intruder (id int)', 'CREATE TEMPORARY TABLE intruder (id int)']) {
      await expect(run(scalerRole, statement)).rejects.toMatchObject(insufficientPrivilege);
    }
    expect(await run(scalerRole, `SELECT current_setting('statement_timeout') AS timeout, rolconnlimit AS connections FROM pg_roles WHERE rolname = current_user`))
      .toEqual([{ timeout: '2s', connections: 8 }]);
  });

  it('is given the view that it finds when the roles are made again', async () => {
    await run('sbc_agent', 'CREATE VIEW scaling AS SELECT 1 AS busy_devices');
    await expect(run(scalerRole, 'SELECT * FROM sbc_agent.scaling')).rejects.toMatchObject(insufficientPrivilege);
    await ensureRoles(server.superuserUrl);
    expect(await run(scalerRole, 'SELECT busy_devices FROM scaling')).toEqual([{ busy_devices: 1 }]);
  });
});

describe('making the roles', () => {
  it('gives the same URLs each time, also when several programs do it at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => ensureRoles(server.superuserUrl)));
    expect(all).toEqual(Array.from({ length: 6 }, () => urls));
    expect(await run('sbc_agent', 'SELECT value FROM own_row')).toEqual([{ value: 1 }]);
  });

  it('keeps databases apart, with the same roles in each', async () => {
    const other = await ensureRoles(server.superuserUrl, { database: 'second_home' });
    expect(await run('provisioner', 'SELECT current_database() AS name, to_regclass(\'own_row\') AS found', other.provisioner)).toEqual([{ name: 'second_home', found: null }]);
  });

  it('takes the passwords that are given', async () => {
    const given = await ensureRoles(server.superuserUrl, { passwords: { ovoc_sync: 'pässword/with?signs@%41' } });
    expect(await run('ovoc_sync', 'SELECT current_user AS name', given.ovoc_sync)).toEqual([{ name: 'ovoc_sync' }]);
    await expect(run('ovoc_sync', 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await ensureRoles(server.superuserUrl);
    expect(await run('ovoc_sync', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('works for an administrator that is no superuser', async () => {
    await withClient(server.superuserUrl, async (client) => {
      for (const role of [...serviceRoles, scalerRole]) await client.query(`DROP OWNED BY ${role}`);
      await client.query('CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD \'keeper\'');
      await client.query('CREATE DATABASE keeping OWNER keeper');
      for (const database of ['trunkline', 'second_home']) await client.query(`DROP DATABASE IF EXISTS ${database}`);
      for (const role of [...serviceRoles, scalerRole]) await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
    const keeper = new URL(withDatabase(server.superuserUrl, 'keeping'));
    keeper.username = keeper.password = 'keeper';
    for (const round of [1, 2]) {
      const made = await ensureRoles(keeper.href);
      expect(await run('provisioner', `CREATE TABLE round_${round} AS SELECT 1; SELECT current_schema() AS name`, made.provisioner).catch((error: unknown) => error)).not.toBeInstanceOf(Error);
    }
    urls = await ensureRoles(server.superuserUrl);
    expect(await run('provisioner', 'SELECT current_schema() AS name')).toEqual([{ name: 'provisioner' }]);
  });

  it.each(['Trunkline', 'a-b', '', 'x"; DROP ROLE provisioner; --'])('refuses the database name %j', async (database) => {
    await expect(ensureRoles(server.superuserUrl, { database })).rejects.toThrow('not a database name');
  });
});
