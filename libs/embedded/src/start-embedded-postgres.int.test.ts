import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { isRoot, unprivilegedAccount } from './account.js';
import { installedBinaries } from './binaries.js';
import { accountFor } from './cluster.js';
import { identify, isRunning } from './processes.js';
import { withClient } from './roles.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.js';

const childScript = fileURLToPath(new URL('../test/embedded-child.mjs', import.meta.url));

interface StartedInChild {
  readonly pid: number;
  readonly port: number;
  readonly superuserUrl: string;
  readonly urls: Readonly<Record<string, string>>;
  readonly error?: string;
}

// One cluster serves every test that does not need its own: making one is most of the work.
let sharedDir: string;
let home: string;
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  sharedDir = await mkdtemp(join(tmpdir(), 'trunkline-embedded-shared-'));
  await chmod(sharedDir, 0o711);
});

afterAll(() => rm(sharedDir, { recursive: true, force: true }));

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'trunkline-embedded-'));
  await chmod(home, 0o755);
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.stdin?.end();
      await once(child, 'exit');
    }
  }
  await rm(home, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: sharedDir, ...options });
  servers.push(server);
  return server;
}

async function startInChild(options: Partial<EmbeddedPostgresOptions> = {}, how: { readonly path?: string; readonly ids?: object } = {}) {
  const child = spawn(process.execPath, [childScript, JSON.stringify({ dataDir: sharedDir, ...options })], {
    cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PATH: how.path ?? process.env['PATH'] }, ...how.ids,
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, started: JSON.parse(line) as StartedInChild };
  throw new Error('the child ended without a word');
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

const query = (url: string, statement: string) => withClient(url, async (client) => (await client.query<Record<string, unknown>>(statement)).rows);
const isUp = (pid: number) => identify(pid) !== undefined;
const uidOf = (pid: number) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function occupy(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

/** The binaries as npm leaves them when install scripts are denied. */
async function withoutLinks(folder: string): Promise<string> {
  const native = join(folder, 'native');
  await cp(installedBinaries(), native, { recursive: true, verbatimSymlinks: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
  await cp(join(installedBinaries(), '..', 'package.json'), join(folder, 'package.json'));
  return native;
}

describe('the embedded PostgreSQL', () => {
  it('answers to every role until it is stopped, and leaves its port free', async () => {
    const server = await start();
    expect(await query(server.url('sbc_agent'), 'SELECT current_user AS name, current_schema() AS place')).toEqual([{ name: 'sbc_agent', place: 'sbc_agent' }]);
    await server.stop();
    await server.stop();
    expect(isUp(server.pid)).toBe(false);
    const port = createServer().listen(server.port, '127.0.0.1');
    await once(port, 'listening');
    port.close();
  });

  it('is a durable server in UTF-8 that listens on 127.0.0.1 alone', async () => {
    const server = await start();
    const shown = await query(server.superuserUrl, `SELECT name, setting FROM pg_settings WHERE name IN
      ('listen_addresses', 'unix_socket_directories', 'max_connections', 'fsync', 'server_encoding', 'password_encryption') ORDER BY name`);
    expect(Object.fromEntries(shown.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on', listen_addresses: '127.0.0.1', max_connections: '120', password_encryption: 'scram-sha-256', server_encoding: 'UTF8', unix_socket_directories: '',
    });
  });

  it('keeps data and URLs from one start to the next', async () => {
    const first = await start();
    await query(first.url('provisioner'), 'CREATE TABLE over_restart AS SELECT 42 AS value');
    await first.stop();
    const second = await start({ port: first.port });
    expect(second.url('provisioner')).toBe(first.url('provisioner'));
    expect(await query(second.url('provisioner'), 'SELECT value FROM over_restart')).toEqual([{ value: 42 }]);
  });

  it('keeps the password of the superuser where its own user alone can read it', async () => {
    await start();
    const { mode, uid } = await stat(join(sharedDir, 'postgres', 'superuser.password'));
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o600, uid: process.getuid?.() });
    expect((await stat(join(sharedDir, 'postgres', 'cluster'))).mode & 0o777).toBe(0o700);
  });

  it('runs beside another one', async () => {
    const [one, other] = await Promise.all([start(), start({ dataDir: join(home, 'other') })]);
    await query(one.url('ovoc_sync'), 'CREATE TABLE only_here (id int)');
    expect(await query(other.url('ovoc_sync'), 'SELECT to_regclass(\'only_here\') AS found')).toEqual([{ found: null }]);
    expect(one.port).not.toBe(other.port);
  });

  it('refuses a data folder that is in use, and names the process', async () => {
    const { child, started } = await startInChild();
    await expect(start()).rejects.toThrow(new RegExp(`in use by process ${child.pid}\\b`));
    expect(isUp(started.pid)).toBe(true);
  });

  it('says so when the port it was told to use is taken', async () => {
    const { port, server } = await occupy();
    await expect(start({ port })).rejects.toThrow(/Address already in use/);
    server.close();
  });

  it('reports a server that dies, and starts again on the same data', async () => {
    const reports: string[] = [];
    const first = await start({ onFailure: (output) => { reports.push(output); } });
    await query(first.url('provisioner'), 'CREATE TABLE before_death AS SELECT 1 AS value');
    process.kill(first.pid, 'SIGKILL');
    await until('the death is reported', () => reports.length > 0);
    const second = await start();
    expect(await query(second.url('provisioner'), 'SELECT value FROM before_death')).toEqual([{ value: 1 }]);
    await Promise.all([first.stop(), second.stop()]);
    expect(reports).toHaveLength(1);
  });
});

describe('a server whose program is killed', () => {
  it('stops by itself, and its data are there for the next start', async () => {
    const { child, started } = await startInChild();
    await query(started.urls['provisioner']!, 'CREATE TABLE before_kill AS SELECT 7 AS value');
    child.kill('SIGKILL');
    await until('the server is gone', () => !isUp(started.pid));
    expect(await query((await start()).url('provisioner'), 'SELECT value FROM before_kill')).toEqual([{ value: 7 }]);
  });

  it('does not block a start that follows at once', async () => {
    const { child } = await startInChild();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await start();
    expect(await query(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is stopped by the next start where the system cannot tell it', async () => {
    const { child, started } = await startInChild({}, { path: '/nowhere' });
    await query(started.urls['provisioner']!, 'CREATE TABLE with_orphan AS SELECT 8 AS value');
    const orphan = identify(started.pid)!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(orphan)).toBe(true);
    const server = await start();
    expect(isRunning(orphan)).toBe(false);
    expect(await query(server.url('provisioner'), 'SELECT value FROM with_orphan')).toEqual([{ value: 8 }]);
  });

  it('leaves a lock that stops no start when its number has gone to another program', async () => {
    await (await start()).stop();
    const account = await accountFor(sharedDir);
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...account?.ids });
    const lock = join(sharedDir, 'postgres', 'cluster', 'postmaster.pid');
    await writeFile(lock, `${stranger.pid}\n${dirname(lock)}\n1700000000\n5433\n\n127.0.0.1\n         1         1\nready   \n`);
    if (account) await chown(lock, account.ids.uid, account.ids.gid);
    await start();
    expect(isUp(stranger.pid!)).toBe(true);
    stranger.kill('SIGKILL');
  });
});

describe('the binaries', () => {
  it('get the links that the install script would have made', async () => {
    const native = await withoutLinks(join(home, 'package'));
    const server = await start({ nativeDir: native });
    expect(await query(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(join(native, 'lib', 'libicuuc.so.60'))).isSymbolicLink()).toBe(true);
    expect((await readdir(sharedDir)).filter((name) => name.startsWith('postgres-'))).toEqual([]);
  });
});

// What only root can set up is stated for root only; there is nothing to skip for others.
if (isRoot()) {
  const nobody = unprivilegedAccount(readFileSync('/etc/passwd', 'utf8').replace(/^postgres:.*\n/m, ''))!;

  describe('started by root', () => {
    it('runs as an unprivileged user', async () => {
      expect(uidOf((await start()).pid)).toBe((await accountFor('/nowhere'))?.ids.uid);
    });

    it('runs from a copy when the checkout lies below a folder that its user cannot enter', async () => {
      const closed = join(home, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const native = await withoutLinks(join(closed, 'package'));
      for (const _round of [1, 2]) {
        const server = await start({ dataDir: join(home, 'data'), nativeDir: native });
        expect(await query(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
        await server.stop();
      }
      expect((await readdir(join(home, 'data'))).filter((name) => name.startsWith('postgres-'))).toHaveLength(1);
    });

    it('says which folder its user cannot enter', async () => {
      const closed = join(home, 'closed');
      await mkdir(closed, { mode: 0o700 });
      await expect(start({ dataDir: join(closed, 'data') })).rejects.toThrow(`cannot enter ${join(closed, 'data')}`);
    });

    it('goes on as the user who owns the data', async () => {
      await mkdir(join(home, 'data'));
      await chown(join(home, 'data'), nobody.ids.uid, nobody.ids.gid);
      const { child } = await startInChild({ dataDir: join(home, 'data') }, { ids: nobody.ids });
      child.stdin?.end();
      await once(child, 'exit');
      expect(uidOf((await start({ dataDir: join(home, 'data') })).pid)).toBe(nobody.ids.uid);
    });
  });

  describe('started by an ordinary user', () => {
    it('runs as that user, from a copy when links are missing in a folder it may not write', async () => {
      const native = await withoutLinks(join(home, 'package'));
      await mkdir(join(home, 'data'));
      await chown(join(home, 'data'), nobody.ids.uid, nobody.ids.gid);
      const { started } = await startInChild({ dataDir: join(home, 'data'), nativeDir: native }, { ids: nobody.ids });
      expect(started.error).toBeUndefined();
      expect(uidOf(started.pid)).toBe(nobody.ids.uid);
      expect(await query(started.urls['provisioner']!, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      // Two copies of a whole PostgreSQL.
    }, 90_000);

    it('is told that data of somebody else are not its own', async () => {
      await (await start()).stop();
      const { started } = await startInChild({}, { ids: nobody.ids });
      expect(started.error).toContain('belongs to another user');
    });
  });
}
