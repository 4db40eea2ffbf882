import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { ServerControl } from '@trunkline/testing';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A broker starts in seconds, on a busy machine in many. */
const startsWithinMs = 120_000;
const queue = 'kept';
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

let folder: string;
let child: ReturnType<typeof start>;
let urls: { readonly amqpUrl: string; readonly superuserUrl: string };
let control: ServerControl;

function start() {
  const args = ['--as-built', '--json', '--until-stdin-ends', '--data-dir', folder, '--control', join(folder, 'control')];
  const { HOME = '/', PATH = '' } = process.env;
  return spawn(process.execPath, [resolve(import.meta.dirname, 'services.mjs'), ...args], { env: { HOME, PATH }, stdio: ['pipe', 'pipe', 'inherit'] });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trunkline-control-'));
  await chmod(folder, 0o711);
  child = start();
  const [line] = await once(createInterface({ input: child.stdout }), 'line') as [string];
  urls = JSON.parse(line) as typeof urls;
  const opened = await ServerControl.open({ TRUNKLINE_TEST_SERVER_CONTROL: join(folder, 'control') });
  if (!opened) throw new Error('there is no control');
  control = opened;
}, startsWithinMs);

afterAll(async () => {
  const ended = once(child, 'close');
  child.stdin.end();
  await ended;
  await rm(folder, { recursive: true, force: true });
});

type Channel = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createConfirmChannel']>>;

async function withChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(urls.amqpUrl);
  connection.on('error', () => undefined);
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function keep(text: string): Promise<void> {
  await withChannel(async (channel) => {
    await channel.assertQueue(queue, quorum);
    channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
  });
}

const kept = () => withChannel(async (channel) => {
  await channel.assertQueue(queue, quorum);
  const message = await channel.get(queue, { noAck: true });
  return message === false ? undefined : message.content.toString();
});

async function rows(sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: urls.superuserUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the control of servers of a run\'s own', { timeout: startsWithinMs }, () => {
  it('can be had for both', () => {
    expect([control.has('broker'), control.has('database')]).toEqual([true, true]);
  });

  it('is not there when the servers are somebody else\'s', async () => {
    expect(await ServerControl.open({})).toBeUndefined();
  });

  it('refuses what it does not know', async () => {
    await expect(control.do('broker sell')).rejects.toThrow('broker sell: no such command: broker sell');
  });

  it.each([['broker start', 'RabbitMQ is running'], ['database start', 'PostgreSQL is running']])('refuses "%s" of what runs', async (command, reason) => {
    await expect(control.do(command)).rejects.toThrow(`${command}: ${reason}`);
  });

  it('restarts the broker politely', async () => {
    await keep('before the restart');
    await control.do('broker restart');
    expect(await kept()).toBe('before the restart');
  });

  // After the polite restart: kill -9 within half a second of its declaration leaves a quorum queue that never answers again (RabbitMQ 3.10).
  it('kills the broker and starts it again on the same port, with what it had confirmed', async () => {
    await keep('before the kill');
    await control.do('broker kill');
    await expect(kept()).rejects.toThrow();
    await control.do('broker start');
    expect(await kept()).toBe('before the kill');
  });

  it('takes all its data from the broker, but not its account', async () => {
    await keep('before the loss');
    await control.do('broker kill');
    await control.do('broker wipe-and-start');
    expect(await kept()).toBeUndefined();
  });

  it.each(['disk', 'memory'])('makes publishers wait while the %s is full', async (what) => {
    await withChannel((channel) => channel.assertQueue(queue, quorum));
    await control.do(`broker ${what}-alarm on`);
    const connection = await connect(urls.amqpUrl);
    connection.on('error', () => undefined);
    const channel = await connection.createConfirmChannel();
    const blocked = once(connection, 'blocked');
    let isConfirmed = false;
    channel.sendToQueue(queue, Buffer.from('late'), { persistent: true }, () => { isConfirmed = true; });
    await blocked;
    expect(isConfirmed).toBe(false);
    await control.do(`broker ${what}-alarm off`);
    await channel.waitForConfirms();
    await connection.close();
    expect(await kept()).toBe('late');
  });

  it.each([['at once', 'database stop-at-once'], ['by kill -9', 'database kill']])('ends PostgreSQL %s and starts it again on the same port and data', async (_how, end) => {
    await rows('CREATE TABLE IF NOT EXISTS kept (id int)');
    await rows('INSERT INTO kept VALUES (1)');
    const before = await rows('SELECT count(*)::int AS n FROM kept');
    await control.do(end);
    await expect(rows('SELECT 1')).rejects.toThrow();
    await control.do('database start');
    expect(await rows('SELECT count(*)::int AS n FROM kept')).toEqual(before);
  });

  it('leaves the servers running, whatever was done to them', async () => {
    expect(child.exitCode).toBeNull();
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
