// Long runs of the fault suite: `npm run test:faults -- --seed N --deployments N --minutes N --only <fault>`.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const usage = `npm run test:faults                       ten minutes of faults with a seed of their own
npm run test:faults -- --seed 7           the schedule of a run before
npm run test:faults -- --deployments 300  how many customers are created
npm run test:faults -- --minutes 10       how long load and faults go on
npm run test:faults -- --only ovoc-       only faults whose name begins so
`;

const root = resolve(import.meta.dirname, '..');
const text = { type: 'string' };
const options = readOptions();
let services;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { services?.stop(); process.exit(130); });

await prepare({ root });
services = await startOwnServices({ name: 'fault-services', root });
if (!services) process.exit(1);
const code = await runSuite(services);
await services.stop();
process.exit(code);

function readOptions() {
  const { values } = parseArgs({ options: { seed: text, deployments: text, minutes: text, only: text, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return { seed: String(Math.floor(Math.random() * 1_000_000) + 1), deployments: '300', minutes: '10', ...values };
}

function runSuite({ amqpUrl, superuserUrl }) {
  const environment = {
    ...process.env, TRUNKLINE_TEST_AMQP_URL: amqpUrl, TRUNKLINE_TEST_DATABASE_SUPERUSER_URL: superuserUrl, TRUNKLINE_FAULTS_SEED: options.seed,
    TRUNKLINE_FAULTS_DEPLOYMENTS: options.deployments, TRUNKLINE_FAULTS_MINUTES: options.minutes, TRUNKLINE_FAULTS_ONLY: options.only ?? '',
  };
  return new Promise((resolveCode) => {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'faults', 'test/faults/whole-system.test.ts'];
    const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: 'inherit' });
    child.on('error', () => { resolveCode(1); });
    child.on('close', (code) => { resolveCode(code ?? 1); });
  });
}
