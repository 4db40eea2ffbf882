import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { checkoutDir, Simulators, testSetting } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Trunkline } from '../contenders/trunkline.js';
import { closedLoop } from '../load/closed-loop.js';
import { Orders } from '../load/orders.js';
import { type Counts, countingIn, countsAtRest, since, totalNames, type Totals, totalsOf, wholeTotalsOf } from './counts.js';

/** A change that makes a deployment exchange more fails; one that makes it exchange less lowers these. */
const ceilings: Readonly<Record<1 | 16, Totals>> = {
  1: { roundTrips: 17, statements: 28, commits: 10, messages: 6, calls: 15 },
  16: { roundTrips: 8.5, statements: 13, commits: 5.5, messages: 6, calls: 15 },
};
/** How many share a statement or a commit depends on times when there are several; beside other tests there are fewer than alone. */
const margin = 1.2;

/** More than work at a time, so that each of sixteen has an SBC of its own. */
const sbcIds = Array.from({ length: 24 }, (_unused, index) => index + 4);
/** Most of it a second while there is something to do, by three outboxes and by the agent: a slow machine makes more of it in a deployment. */
const onTimer: Readonly<Record<string, number>> = { 'outbox-remove': 3, 'outbox-old': 3, 'lease-waiting': 2 };
/** Whole periods of every poll: each is seen as often as it comes. */
const idleMs = 2_000;

/** One transaction, its statements each after the answer to the one before, or all sent at once; then what has been counted. */
const transaction = `
  import { connect } from 'node:net';
  import pg from 'pg';
  const pipeline = process.argv[1] === 'at once';
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, pipeline });
  await client.connect();
  const sent = [];
  for (const text of ['BEGIN', 'SELECT 1', 'SELECT 2', 'COMMIT']) {
    sent.push(client.query(text));
    if (!pipeline) await sent.at(-1);
  }
  await Promise.all(sent);
  await client.end();
  connect(process.env.TRUNKLINE_COUNTS_FOLDER + '/' + process.pid + '.sock').pipe(process.stdout);`;

describe('a transaction of two statements', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counts-'));
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it.each([['one by one', 4], ['at once', 1]])('is counted with its round trips when they are sent %s: %i', (way, roundTrips) => {
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', transaction, way], {
      cwd: checkoutDir, encoding: 'utf8', env: { ...countingIn(folder), DATABASE_URL: testSetting('TRUNKLINE_TEST_DATABASE_SUPERUSER_URL') },
    });
    expect(totalsOf(JSON.parse(text) as Counts, 1)).toEqual({ roundTrips, statements: 2, commits: 1, messages: 0, calls: 0 });
  });
});

describe('what a deployment exchanges with PostgreSQL, RabbitMQ and peers', () => {
  let simulators: Simulators;
  let trunkline: Trunkline;
  let orders: Orders;
  let idle: Counts;

  beforeAll(async () => {
    simulators = await Simulators.start({ SIM_SBC_IDS: [3, ...sbcIds].join(','), SIM_SCRIPT_TIME_MS: '0' });
    orders = new Orders(simulators, sbcIds);
    [trunkline] = await Promise.all([Trunkline.start('standalone', simulators.addresses), orders.prepare(128)]);
    // On each SBC once: afterwards nothing is done for the first time.
    await closedLoop({ concurrency: 8, most: sbcIds.length }, () => trunkline.create(orders.next()));
    const before = await countsAtRest(trunkline);
    await delay(idleMs);
    idle = since(before, await trunkline.counts());
  });
  afterAll(async () => {
    await trunkline.stop();
    await simulators.stop();
  });

  it('is no more than it was when one comes after the other', async () => {
    const { counts, deployments, ms } = await exchanged(1, 12);
    const statements = Object.fromEntries(Object.entries(counts.statements).filter(([name]) => !(name in onTimer)));
    const totals = wholeTotalsOf({ ...counts, statements }, deployments, ms, idle, idleMs);
    expect(excess(totals, ceilings[1]), described(totals, counts, deployments)).toEqual([]);
    for (const [name, perSecond] of Object.entries(onTimer)) expect(counts.statements[name]?.sent ?? 0, name).toBeLessThanOrEqual(perSecond * (ms / 1_000 + 1));
  });

  it('is hardly more than it was when sixteen come at a time', async () => {
    const { counts, deployments } = await exchanged(16, 48);
    const totals = totalsOf(counts, deployments);
    const allowed = Object.fromEntries(totalNames.map((name) => [name, margin * ceilings[16][name]])) as Totals;
    expect(excess(totals, allowed), described(totals, counts, deployments)).toEqual([]);
  });

  async function exchanged(concurrency: number, deployments: number): Promise<{ counts: Counts; deployments: number; ms: number }> {
    const [startedAt, before] = [performance.now(), await trunkline.counts()];
    await closedLoop({ concurrency, most: deployments }, () => trunkline.create(orders.next()));
    return { counts: since(before, await countsAtRest(trunkline)), deployments, ms: performance.now() - startedAt };
  }
});

const excess = (totals: Totals, allowed: Totals): string[] => totalNames.filter((name) => totals[name] > allowed[name]);

function described(totals: Totals, { statements }: Counts, deployments: number): string {
  const all = Object.entries(statements).filter(([, { sent }]) => sent > 0).sort(([, one], [, other]) => other.sent - one.sent);
  return [JSON.stringify(totals), ...all.map(([key, { sent }]) => `${(sent / deployments).toFixed(2)} ${key}`)].join('\n');
}
