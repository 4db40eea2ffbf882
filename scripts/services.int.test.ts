import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { connect } from 'amqplib';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = resolve(import.meta.dirname, 'services.mjs');

interface Announcement {
  readonly amqpUrl: string;
  readonly superuserUrl: string;
  readonly databaseUrls: Readonly<Record<'provisioner' | 'sbcAgent' | 'ovocSync' | 'scaler', string>>;
  readonly dataDir: string;
  readonly secretsKey: string;
}

class Services {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk: Buffer) => { this.stdout += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { this.stderr += chunk.toString(); });
    this.ended = once(child, 'close').then(([code]) => code as number | null);
  }

  static run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Services {
    const { HOME = '/', PATH = '' } = process.env;
    return new Services(spawn(process.execPath, [script, ...args], { env: { HOME, PATH, ...environment } }));
  }

  /** @throws with what it said when it ends instead of being ready */
  async ready(text = '}\n'): Promise<Announcement> {
    const isEnded = this.ended.then(() => true);
    while (!this.stdout.includes(text)) {
      const hasEnded = await Promise.race([isEnded, once(this.child.stdout, 'data').then(() => false)]);
      if (hasEnded && !this.stdout.includes(text)) throw new Error(`services ended: ${this.stderr}`);
    }
    return (text === '}\n' ? JSON.parse(this.stdout) : {}) as Announcement;
  }
}

let dataDir: string;
let services: Services;
let ready: Announcement;
const forPrograms = () => ['--as-built', '--json', '--until-stdin-ends', '--data-dir', dataDir];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trunkline-services-'));
  await chmod(dataDir, 0o711);
  services = Services.run(forPrograms());
  ready = await services.ready();
});

afterAll(async () => {
  services.child.stdin.end();
  await services.ended;
  await rm(dataDir, { recursive: true, force: true });
});

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((wake) => { setTimeout(wake, 50); });
  }
}

/** Processes that have the data folder among their arguments: server, broker and supervisor. */
function processesOf(folder: string): string[] {
  const commandOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(commandOf).filter((command) => command.includes(folder));
}

async function currentUser(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ name: string }>('SELECT current_user AS name')).rows[0]?.name;
  } finally {
    await client.end();
  }
}

const queue = 'kept';
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

async function withChannel<T>(url: string, work: (channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createConfirmChannel']>>) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

describe('npm run services', () => {
  it('answers programs with one line, and everything in it works', async () => {
    expect(services.stdout.trim().split('\n')).toHaveLength(1);
    expect(ready.dataDir).toBe(dataDir);
    expect(Buffer.from(ready.secretsKey, 'base64')).toHaveLength(32);
    const { ovocSync, provisioner, sbcAgent, scaler } = ready.databaseUrls;
    expect(await Promise.all([provisioner, sbcAgent, ovocSync, scaler].map(currentUser))).toEqual(['provisioner', 'sbc_agent', 'ovoc_sync', 'trunkline_scaler']);
    expect(await currentUser(ready.superuserUrl)).toBe('postgres');
    await withChannel(ready.amqpUrl, (channel) => channel.assertQueue('works', { exclusive: true }));
  });

  it('listens on 127.0.0.1 and not on the usual ports', () => {
    const addresses = [ready.amqpUrl, ready.superuserUrl].map((url) => new URL(url));
    expect(addresses.map(({ hostname }) => hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(addresses.map(({ port }) => port)).not.toContain('5672');
    expect(addresses.map(({ port }) => port)).not.toContain('5432');
  });

  it('refuses a data folder in use, and leaves the servers there alone', async () => {
    const second = Services.run(forPrograms());
    expect(await second.ended).toBe(1);
    expect(second.stderr).toContain(`in use by process ${services.child.pid}`);
    expect(await currentUser(ready.databaseUrls.provisioner)).toBe('provisioner');
    await withChannel(ready.amqpUrl, (channel) => channel.assertQueue('still-works', { exclusive: true }));
  });

  it('takes the servers it is given, prints a line for each service, and stops none of them', async () => {
    const given = Services.run(['--as-built', '--data-dir', join(dataDir, 'given')], { AMQP_URL: ready.amqpUrl, DATABASE_URL: ready.superuserUrl });
    await given.ready('# ovoc-sync\n');
    const exports = given.stdout.split('\n').filter((line) => line.startsWith('export '));
    expect(exports.map((line) => line.replace(/^.*# /, ''))).toEqual(['gateway', 'provisioner', 'sbc-agent', 'ovoc-sync']);
    expect(exports.every((line) => line.includes(`AMQP_URL='${ready.amqpUrl}'`))).toBe(true);
    expect(exports[2]).toContain(`DATABASE_URL='${ready.databaseUrls.sbcAgent}'`);
    given.child.kill('SIGINT');
    expect(await given.ended).toBe(0);
    expect(await currentUser(ready.databaseUrls.ovocSync)).toBe('ovoc_sync');
  });

  it.each([
    ['AMQP_URL', 'amqp://user:hidden@127.0.0.1:1', 'nothing that speaks AMQP answers at amqp://user:***@127.0.0.1:1'],
    ['DATABASE_URL', 'postgres://user:hidden@127.0.0.1:1/db', 'DATABASE_URL: '],
  ])('says what is wrong when %s leads nowhere, without the password', async (name, url, expected) => {
    const both = { AMQP_URL: ready.amqpUrl, DATABASE_URL: ready.superuserUrl, [name]: url };
    const failing = Services.run(['--as-built', '--json', '--data-dir', join(dataDir, 'given')], both);
    expect(await failing.ended).toBe(1);
    expect(failing.stderr).toContain(expected);
    expect(failing.stderr).not.toContain('hidden');
    expect(failing.stdout).toBe('');
  });

  it('explains itself when an option is unknown', async () => {
    const failing = Services.run(['--wrong']);
    expect(await failing.ended).toBe(2);
    expect(failing.stderr).toContain('npm run services');
  });

  it('ends with everything it started when it is killed, and starts again on the same data', async () => {
    await withChannel(ready.amqpUrl, async (channel) => {
      await channel.assertQueue(queue, quorum);
      channel.sendToQueue(queue, Buffer.from('before'), { persistent: true });
      await channel.waitForConfirms();
    });
    services.child.kill('SIGKILL');
    await services.ended;
    // At once, while the servers of the killed start are still on their way out.
    services = Services.run(forPrograms());
    const again = await services.ready();
    expect(again.secretsKey).toBe(ready.secretsKey);
    expect(await withChannel(again.amqpUrl, async (channel) => { const message = await channel.get(queue); return message && message.content.toString(); })).toBe('before');
    expect(await currentUser(again.databaseUrls.provisioner)).toBe('provisioner');
    services.child.kill('SIGKILL');
    await services.ended;
    await until('nothing runs there any more', () => processesOf(dataDir).length === 0);
  }, 90_000);

  it('leaves no process behind when it is told to stop', async () => {
    services = Services.run(forPrograms());
    await services.ready();
    expect(processesOf(dataDir).length).toBeGreaterThan(1);
    services.child.kill('SIGTERM');
    expect(await services.ended).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  }, 60_000);
});
