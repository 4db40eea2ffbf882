// What the product costs, beside a baseline: `npm run bench -- --scenario a`. What is measured and what came out: docs/performance.md.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const usage = `npm run bench -- --scenario a           the scenario; all of them are described in docs/performance.md
npm run bench -- --concurrency 1,16     callers at a time, where a scenario has several
npm run bench -- --rounds 5             rounds of each contender, in turn (3)
npm run bench -- --seconds 20           length of a round (10)
npm run bench -- --warm-up 1000         deployments of each contender before its first round, at least (300)
npm run bench -- --only standalone,baseline   some of the contenders
npm run bench -- --sizes 0,10000        what the scenario varies, instead of its own values
npm run bench -- --json FILE            figures of each round as well, a line of JSON each
npm run bench -- --chart FILE            an SVG of the rates of scenario a
npm run bench -- --profile FOLDER       what each program spends its processor time on, as .cpuprofile files; costs some itself
`;

const root = resolve(import.meta.dirname, '..');
const scenarios = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'limits'];
const contenders = ['standalone', 'split', 'baseline'];
const options = readOptions();
let bench;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { bench?.kill(signal); });

await prepare({ root });
if (await run([join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'bench/baseline')], {}) !== 0) process.exit(1);
const services = await startOwnServices({ name: 'bench-services', root });
if (!services) process.exit(1);
if (options.jsonFile) rmSync(options.jsonFile, { force: true });
const code = await run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'bench', '--reporter=dot', '--disable-console-intercept'], {
  ...services.environment, TRUNKLINE_BENCH: JSON.stringify({ ...options, serversPid: services.pid }),
  ...(options.profileFolder && { TRUNKLINE_PROFILE_FOLDER: options.profileFolder }),
});
await services.stop();
process.exit(code);

function readOptions() {
  /** @type {{ type: 'string' }} */
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { 'scenario': text, 'concurrency': text, 'rounds': text, 'seconds': text, 'only': text, 'sizes': text, 'warm-up': text, 'json': text, 'chart': text, 'profile': text, 'help': { type: 'boolean' } } });
  if (values.help || !values.scenario) {
    process.stdout.write(usage);
    process.exit(values.help ? 0 : 2);
  }
  const wrong = [
    ...(scenarios.includes(values.scenario) ? [] : [`--scenario ${values.scenario}: there are ${scenarios.join(', ')}`]),
    ...(values.only ?? '').split(',').filter((name) => name !== '' && !contenders.includes(name)).map((name) => `--only ${name}: there are ${contenders.join(', ')}`),
  ];
  if (wrong.length > 0) {
    process.stderr.write(`${wrong.join('\n')}\n`);
    process.exit(2);
  }
  const list = (given) => (given ? given.split(',') : []);
  return {
    scenario: values.scenario, concurrency: list(values.concurrency ?? '1,16,128').map(Number), rounds: Number(values.rounds ?? 3), seconds: Number(values.seconds ?? 10),
    leastWarmUps: Number(values['warm-up'] ?? 300), only: list(values.only), sizes: list(values.sizes).map(Number), ...(values.json && { jsonFile: resolve(values.json) }),
    ...(values.chart && { chartFile: resolve(values.chart) }), ...(values.profile && { profileFolder: resolve(values.profile) }),
  };
}

function run(args, environment) {
  return new Promise((resolveCode) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment }, stdio: 'inherit' });
    bench = child;
    child.on('error', () => { resolveCode(1); });
    child.on('close', (status) => { resolveCode(status ?? 1); });
  });
}
