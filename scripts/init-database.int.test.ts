import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '@trunkline/embedded';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let dataDir: string;
let server: EmbeddedPostgres;

// A server of its own: roles belong to a whole server, and their passwords change here.
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trunkline-init-'));
  await chmod(dataDir, 0o711);
  server = await startEmbeddedPostgres({ dataDir });
});

afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'init-database.mjs')], { env: { PATH: process.env['PATH'], ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const [code] = await once(child, 'close');
  return { code: code as number | null, output };
}

async function schemaOf(role: string, password: string): Promise<unknown> {
  const url = new URL(server.superuserUrl);
  [url.username, url.password, url.pathname] = [role, password, '/trunkline'];
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<{ name: string }>('SELECT current_schema() AS name')).rows[0]?.name;
  } finally {
    await client.end();
  }
}

const passwords = { PROVISIONER_DB_PASSWORD: 'p1', SBC_AGENT_DB_PASSWORD: 's1', OVOC_SYNC_DB_PASSWORD: 'o1' };

describe('the command that prepares a database', () => {
  it('makes roles with the passwords it is given, also when it runs again', async () => {
    for (const _round of [1, 2]) expect(await run({ DATABASE_URL: server.superuserUrl, ...passwords })).toMatchObject({ code: 0 });
    expect(await Promise.all([schemaOf('provisioner', 'p1'), schemaOf('sbc_agent', 's1'), schemaOf('ovoc_sync', 'o1')])).toEqual(['provisioner', 'sbc_agent', 'ovoc_sync']);
  });

  it('makes the role of autoscalers, with a password when it is given one', async () => {
    expect(await run({ DATABASE_URL: server.superuserUrl, ...passwords, TRUNKLINE_SCALER_DB_PASSWORD: 't1' })).toMatchObject({ code: 0 });
    expect(await schemaOf('trunkline_scaler', 't1')).toBe('sbc_agent');
  });

  it('reads a setting from a file', async () => {
    const file = join(dataDir, 'password');
    await writeFile(file, 'from a file\n');
    expect(await run({ DATABASE_URL: server.superuserUrl, ...passwords, OVOC_SYNC_DB_PASSWORD: '', OVOC_SYNC_DB_PASSWORD_FILE: file })).toMatchObject({ code: 0 });
    expect(await schemaOf('ovoc_sync', 'from a file')).toBe('ovoc_sync');
  });

  it('names all that is missing and ends with 78', async () => {
    const { code, output } = await run({ DATABASE_URL: server.superuserUrl });
    expect(code).toBe(78);
    expect(output.trim().split('\n')).toEqual(Object.keys(passwords).map((name) => `${name} is missing`));
  });

  it('fails when the server refuses, without showing a password', async () => {
    const wrong = new URL(server.superuserUrl);
    wrong.password = 'not-this-one';
    const { code, output } = await run({ DATABASE_URL: wrong.href, ...passwords });
    expect(code).toBe(1);
    expect(output).toContain('password authentication failed');
    expect(output).not.toContain('not-this-one');
  });
});
