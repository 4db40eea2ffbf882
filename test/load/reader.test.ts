import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApplicationUnderTest, Simulators } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { devicePrint, namesOnDevice } from './device-print.js';

const emptySbc = 4;
const fullSbc = 5;
const customers = 5_000;
const creates = 100;
/** Until then the first readings of a process are slow: nothing is compiled yet. */
const warmUp = 40;
const printsACreate = 2;
const mostTimes = 2;
const readings = 30;
const longestTurnMs = 5;

type Kind = 'empty' | 'full';

describe('an SBC with 5,000 customers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-reader-'));
  const helpers: ChildProcess[] = [];
  let simulators: Simulators;
  let count = 0;

  beforeAll(async () => {
    const prints = Object.fromEntries(([[emptySbc, 0], [fullSbc, customers]] as const).map(([id, size]) => {
      const file = join(folder, `${size}.txt`);
      writeFileSync(file, devicePrint(size));
      return [id, file];
    }));
    simulators = await Simulators.start({
      SIM_DEVICE_PRINT: JSON.stringify(prints), SIM_SBC_PRINT: JSON.stringify({ [emptySbc]: 'A', [fullSbc]: 'A' }),
      SIM_SBC_SIZES: JSON.stringify({ 'ip-group': 2 * customers, 'sbc routing ip2ip-routing': 2 * customers }), SIM_SCRIPT_TIME_MS: '1',
    });
  });
  afterAll(async () => {
    for (const helper of helpers) helper.disconnect();
    await simulators.stop();
    rmSync(folder, { recursive: true });
  });

  it('costs a create at most twice what receiving its prints does', async () => {
    const application = await ApplicationUnderTest.start({ mode: 'one process per service on RabbitMQ', simulators, settings: { LOG_LEVEL: 'info', REDRIVE_AFTER_MS: '60000' } });
    const agent = application.pids().get('sbc-agent') ?? 0;
    const receiver = helper('receiver.mjs');
    const spent: Record<Kind | 'receiving', number[]> = { empty: [], full: [], receiving: [] };

    const one = async (kind: Kind): Promise<Record<'create' | 'receiving', number>> => {
      const before = cpuMsOf(agent);
      await create(application, kind === 'full' ? fullSbc : emptySbc);
      // While it receives, the agent comes to rest.
      const { cpuMs } = await ask<{ cpuMs: number }>(receiver, { baseUrl: addressOf(kind), count: printsACreate });
      return { create: cpuMsOf(agent) - before, receiving: cpuMs };
    };

    try {
      for (let index = 0; index < warmUp; index += 1) for (const kind of ['empty', 'full'] as const) await one(kind);
      for (let index = 0; index < creates; index += 1) {
        for (const kind of ['empty', 'full'] as const) {
          const { create: ofCreate, receiving } = await one(kind);
          spent[kind].push(ofCreate);
          if (kind === 'full') spent.receiving.push(receiving);
        }
      }
    } finally {
      await application.stop();
    }
    const extra = spread(spent.full).median - spread(spent.empty).median;
    const receiving = spread(spent.receiving).median;
    process.stdout.write(`processor time of a create, ms: ${textOf(spent.full)} with ${customers} customers on the SBC, ${textOf(spent.empty)} with none; `
      + `${textOf(spent.receiving)} to receive ${printsACreate} prints: extra ${extra.toFixed(2)} ms, ${(extra / receiving).toFixed(2)} times (${creates} creates on each)\n`);
    expect(extra / receiving).toBeLessThanOrEqual(mostTimes);
  });

  it.each([
    ['the names of one customer', ['Newcomer', 'Newcomer-in'], 0],
    ['10,000 names, as a sweep has', namesOnDevice(customers), 2 * customers],
  ])('is read in short turns of the event loop: %s', async (what, names, rows) => {
    const reader = helper('turn-watch.mjs');
    await ask(reader, { baseUrl: addressOf('full'), names, readings });
    const seen = await ask<{ longest: number[]; rows: number }>(reader, { baseUrl: addressOf('full'), names, readings });
    process.stdout.write(`longest turn of a reading for ${what}, ms: ${textOf(seen.longest)} (${readings} readings)\n`);
    expect(seen.rows).toBe(rows);
    // A median: what a reading causes itself it causes each time, and a busy machine makes some of them long.
    expect(spread(seen.longest).median).toBeLessThanOrEqual(longestTurnMs);
  });

  const addressOf = (kind: Kind): string => simulators.addresses.sbcs[kind === 'full' ? fullSbc : emptySbc] ?? '';

  async function create(application: ApplicationUnderTest, sbcId: number): Promise<void> {
    const siteLocation = { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 };
    const body = { shortName: `Reader${count++}`, fullName: 'Reader Ltd', siteLocation, ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de' };
    const { status, text } = await application.http.post('/api/v2/customer', body);
    expect(status, text).toBe(200);
  }

  function helper(file: string): ChildProcess {
    const child = fork(join(import.meta.dirname, file), { env: { PATH: process.env.PATH } });
    helpers.push(child);
    return child;
  }
});

/** One question to a process beside us, and its answer. */
function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => { reject(new Error(`${child.spawnargs.at(-1)} ended (${code}) before it had answered`)); };
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.removeListener('exit', onExit);
      resolve(answer as Answer);
    });
    child.send(question);
  });
}

/** Processor time of all threads of a process (Linux). */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]));
  return threads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1_000_000;
}

function spread(values: readonly number[]): Record<'least' | 'median' | 'most', number> {
  const sorted = [...values].sort((one, other) => one - other);
  return { least: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}

function textOf(values: readonly number[]): string {
  const { least, median, most } = spread(values);
  return [least, median, most].map((value) => value.toFixed(2)).join(' / ');
}
