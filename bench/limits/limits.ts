import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { eventually, testSetting, withClient } from '@trunkline/testing';
import { connect, type ConsumeMessage } from 'amqplib';
import { Pool } from 'undici';

import { percentile, shown } from '../figures.js';
import type { Options } from '../options.js';
import { cpuMsOf, serversCpu } from '../processes.js';
import type { Report } from '../report.js';

const warmUps = 500;
const bodyBytes = 1_400;
const rowsAtOnce = 32;
const hopsAtOnce = 128;

interface Price {
  readonly what: string;
  /** How many units one call of `work` makes. */
  readonly units: number;
  readonly times: number;
  work(): Promise<unknown>;
}

/** The least that the parts of a deployment cost here: processor time of this process and of the servers, and time of one after the other. */
export async function limits(options: Options, report: Report): Promise<void> {
  const megabyte = Buffer.alloc(1_048_576, 'configure voip\n');
  const server = createServer((request, response) => { response.end(request.url === '/megabyte' ? megabyte : '{"id":1}'); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 16 });
  const call = async (path: string) => { await (await pool.request({ method: 'GET', path })).body.dump({ limit: 2 * megabyte.length }); };
  const broker = await connect(testSetting('TRUNKLINE_TEST_AMQP_URL'), { noDelay: true });
  try {
    await withClient(testSetting('TRUNKLINE_TEST_DATABASE_SUPERUSER_URL'), async (client) => {
      await client.query('CREATE TABLE IF NOT EXISTS bench_price (id uuid PRIMARY KEY, body text NOT NULL)');
      const body = 'x'.repeat(bodyBytes);
      const rows = (count: number) => client.query({
        name: 'price-rows', text: 'INSERT INTO bench_price SELECT * FROM unnest($1::uuid[], $2::text[])', values: [Array.from({ length: count }, () => randomUUID()), Array.from({ length: count }, () => body)],
      });
      const hops = await hopper(broker);
      const prices: Price[] = [
        { what: 'round trip to PostgreSQL (SELECT 1)', units: 1, times: 4_000, work: () => client.query({ name: 'price-one', text: 'SELECT 1' }) },
        { what: `row of ${bodyBytes} bytes committed, alone`, units: 1, times: 1_000, work: () => rows(1) },
        { what: `the same, ${rowsAtOnce} a statement`, units: rowsAtOnce, times: 300, work: () => rows(rowsAtOnce) },
        { what: 'hop over a quorum queue, alone', units: 1, times: 1_000, work: () => hops(1) },
        { what: `the same, ${hopsAtOnce} at a time`, units: hopsAtOnce, times: 50, work: () => hops(hopsAtOnce) },
        { what: 'HTTP call, both ends, alone', units: 1, times: 4_000, work: () => call('/') },
        { what: 'the same, 16 at a time', units: 16, times: 500, work: () => Promise.all(Array.from({ length: 16 }, () => call('/'))) },
        { what: 'a megabyte over HTTP, both ends', units: 1, times: 300, work: () => call('/megabyte') },
      ];
      const table: string[][] = [];
      for (const price of prices) table.push(await priced(price, options, report));
      report.table(['price of', 'ms', 'CPU ms here', 'broker', 'database'], table);
      await client.query('DROP TABLE bench_price');
    });
  } finally {
    await broker.close();
    await pool.destroy();
    await closed(server);
  }
}

async function priced({ times, units, what, work }: Price, { rounds, serversPid }: Options, report: Report): Promise<string[]> {
  for (let index = 0; index < Math.min(warmUps, times); index += 1) await work();
  const figures: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const cpu = () => {
      const { broker, database } = serversCpu(serversPid);
      return [cpuMsOf([process.pid]), broker, database];
    };
    const [before, startedAt] = [cpu(), performance.now()];
    for (let index = 0; index < times; index += 1) await work();
    figures.push([(performance.now() - startedAt) / times / units, ...cpu().map((ms, index) => (ms - (before[index] ?? 0)) / times / units)]);
  }
  const medians = [0, 1, 2, 3].map((index) => percentile(figures.map((round) => round[index] ?? 0), 0.5));
  report.line({ scenario: 'limits', what, ms: medians[0], cpu: medians[1], brokerCpu: medians[2], databaseCpu: medians[3] });
  return [what, ...medians.map(shown)];
}

/** Publishes with confirm to a quorum queue and acknowledges; resolves when so many have come back. */
async function hopper(broker: Awaited<ReturnType<typeof connect>>): Promise<(count: number) => Promise<void>> {
  const [sender, receiver] = [await broker.createConfirmChannel(), await broker.createChannel()];
  const queue = `bench-${randomUUID()}`;
  await receiver.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  let received = 0;
  let arrived = () => undefined as void;
  await receiver.prefetch(256);
  await receiver.consume(queue, (message: ConsumeMessage | null) => {
    if (!message) return;
    receiver.ack(message);
    received += 1;
    arrived();
  });
  const body = Buffer.alloc(bodyBytes, 'x');
  return async (count) => {
    const wanted = received + count;
    const all = new Promise<void>((resolve) => { arrived = () => { if (received >= wanted) resolve(); }; });
    for (let index = 0; index < count; index += 1) sender.publish('', queue, body, { persistent: true });
    await Promise.all([sender.waitForConfirms(), all]);
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  await eventually('the server to close', () => { server.closeAllConnections(); return !server.listening; });
}
