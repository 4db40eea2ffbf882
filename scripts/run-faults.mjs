// Long runs of the fault suite: `npm run test:faults -- --seed N --deployments N --minutes N --only <fault>`.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { findClockLibrary } from './lib/clock-library.mjs';
import { startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const usage = `npm run test:faults                       every fault at least once and more than 3,000 deployments, about three quarters of an hour
npm run test:faults -- --seed 7           the load and the schedule of a run before
npm run test:faults -- --deployments 300  how many customers are created
npm run test:faults -- --minutes 10       how long load and faults go on, whatever has been met by then
npm run test:faults -- --only ovoc-       only faults whose name begins so
`;

const root = resolve(import.meta.dirname, '..');
const leavesWithinMs = 60_000;
/** @type {{ type: 'string' }} */
const text = { type: 'string' };
const options = readOptions();
/** @type {Awaited<ReturnType<typeof startOwnServices>>} */
let services = undefined;
/** @type {import('node:child_process').ChildProcess | undefined} */
let suite = undefined;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { void interrupt(signal); });

await prepare({ root });
services = await startOwnServices({ name: 'fault-services', root });
if (!services) process.exit(1);
const clockLibrary = await findClockLibrary(join(root, '.cache/faketime'), (line) => { process.stderr.write(`${line}\n`); });
process.stdout.write(`seed ${options.seed}\n`);
const code = isInterrupted ? 130 : await runSuite();
await services.stop();
process.exit(isInterrupted ? 130 : code);

function readOptions() {
  const { values } = parseArgs({ options: { seed: text, deployments: text, minutes: text, only: text, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return { ...values, seed: values.seed ?? String(Math.floor(Math.random() * 1_000_000) + 1) };
}

function runSuite() {
  const environment = {
    ...process.env, ...services?.environment, TRUNKLINE_TEST_CLOCK_LIBRARY: clockLibrary ?? '', TRUNKLINE_FAULTS_FULL: '1', TRUNKLINE_FAULTS_SEED: options.seed,
    TRUNKLINE_FAULTS_DEPLOYMENTS: options.deployments ?? '', TRUNKLINE_FAULTS_MINUTES: options.minutes ?? '', TRUNKLINE_FAULTS_ONLY: options.only ?? '',
  };
  return new Promise((resolveCode) => {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'faults', 'test/faults/whole-system.test.ts'];
    const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: 'inherit' });
    suite = child;
    child.on('error', () => { resolveCode(1); });
    child.on('close', (status) => { resolveCode(status ?? 1); });
  });
}

/** The run writes down what it knows before the servers go. */
async function interrupt(signal) {
  if (isInterrupted) return;
  isInterrupted = true;
  // From the keyboard it has the signal already; a second one does it no harm.
  suite?.kill(signal);
  setTimeout(() => { suite?.kill('SIGKILL'); }, leavesWithinMs).unref();
  if (suite) return;
  // What has only begun to start ends with us.
  await services?.stop();
  process.exit(130);
}
