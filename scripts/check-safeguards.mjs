// Tests the tests: switches off one safeguard at a time, in a copy of the checkout, and requires that a named test fails.
// `npm run test:safeguards -- --only <name>` for one, `--list` to see which there are.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { markedFiles, markersIn, mismatchesOf, withoutSafeguard } from '../test/safeguards/markers.mjs';
import { safeguards } from '../test/safeguards/safeguards.mjs';
import { countOf, outcomeOf, patternOf, reasonOf, tableOf } from '../test/safeguards/verdict.mjs';
import { copyCheckout } from './lib/copy-checkout.mjs';
import { startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const usage = `npm run test:safeguards                   every safeguard of the list, one after the other
npm run test:safeguards -- --only <name>  those whose name begins so; may be repeated
npm run test:safeguards -- --list         their names, and what goes wrong without them
`;

const root = resolve(import.meta.dirname, '..');
const settings = ['TRUNKLINE_TEST_AMQP_URL', 'TRUNKLINE_TEST_DATABASE_SUPERUSER_URL'];
const startedAt = performance.now();
const copy = join(root, '.cache/safeguards', String(process.pid));
let services;
let child;

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' }, help: { type: 'boolean' } } });
const chosen = safeguards.filter(({ name }) => values.only?.some((start) => name.startsWith(start)) ?? true);
if (values.help) end(0, usage);
if (values.list) end(0, `${safeguards.map(({ name, why }) => `${name}: ${why}`).join('\n')}\n`);
if (chosen.length === 0) end(1, `no safeguard is named ${values.only?.join(' or ')}; --list shows the names\n`);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { void cleanUp().then(() => process.exit(130)); });
let code = 1;
try {
  code = await checkAll();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await cleanUp();
}
process.exit(code);

async function checkAll() {
  // Said before anything is started: a list that no longer fits the code is found at once.
  const files = markedFiles(root);
  const mismatches = mismatchesOf(safeguards, files);
  if (mismatches.length > 0) throw new Error(mismatches.join('\n'));
  const environment = await serversFor(chosen);
  copyCheckout(root, copy);
  const needsBuild = chosen.some(runsBuild);
  if (needsBuild && !(await build())) throw new Error('the copy of the checkout can not be built');
  say(`running ${chosen.length} tests with every safeguard in place`);
  const unchanged = new Map(await runUnchanged(environment));
  const results = [];
  for (const [index, safeguard] of chosen.entries()) {
    const file = files.find(({ text }) => markersIn(text).includes(safeguard.name))?.file ?? '';
    const before = unchanged.get(safeguard) ?? { kind: 'none', reason: 'it was not run' };
    /** @type {import('../test/safeguards/verdict.mjs').TestOutcome} */
    const outcome = before.kind === 'passed'
      ? await checkOne(safeguard, file, environment)
      : { kind: 'none', reason: `its test is not green to begin with: ${before.kind === 'failed' ? before.message : reasonOf(before)}` };
    results.push({ safeguard, outcome });
    say(`${index + 1}/${chosen.length} ${safeguard.name}: ${outcome.kind === 'failed' ? `missed (${outcome.message})` : `NOT MISSED, ${reasonOf(outcome)}`}`);
  }
  const { isGood, text } = countOf(results);
  process.stdout.write(`\n${tableOf(results)}\n\n${text}\n`);
  return isGood ? 0 : 1;
}

/** Tests of these projects run what the build has made. */
function runsBuild({ project }) {
  return project === 'flows' || project === 'faults';
}

/**
 * Tests of one project run together; a test that two safeguards name runs once.
 * @returns {Promise<[import('../test/safeguards/verdict.mjs').Safeguard, import('../test/safeguards/verdict.mjs').TestOutcome][]>}
 */
async function runUnchanged(environment) {
  /** @type {[import('../test/safeguards/verdict.mjs').Safeguard, import('../test/safeguards/verdict.mjs').TestOutcome][]} */
  const outcomes = [];
  for (const project of new Set(chosen.map((safeguard) => safeguard.project))) {
    const own = chosen.filter((safeguard) => safeguard.project === project);
    const report = await vitest(project, own.map(({ testFile }) => testFile), own.map(({ testName }) => testName), environment);
    for (const safeguard of own) outcomes.push([safeguard, outcomeOf(report, safeguard)]);
  }
  return outcomes;
}

/** @returns {Promise<import('../test/safeguards/verdict.mjs').TestOutcome>} */
async function checkOne(safeguard, markedFile, environment) {
  const file = join(copy, markedFile);
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, withoutSafeguard(original, safeguard));
  try {
    if (runsBuild(safeguard) && !(await build())) return { kind: 'none', reason: 'the changed code can not be built' };
    return outcomeOf(await vitest(safeguard.project, [safeguard.testFile], [safeguard.testName], environment), safeguard);
  } finally {
    writeFileSync(file, original);
    if (runsBuild(safeguard)) await build();
  }
}

/** Those the environment names, else our own, for as long as we run. */
async function serversFor(list) {
  if (list.every(({ project }) => project === 'unit') || settings.every((name) => process.env[name])) return {};
  await prepare({ root });
  say('starting RabbitMQ and PostgreSQL');
  services = await startOwnServices({ name: 'safeguard-services', root });
  if (!services) throw new Error('the servers could not be started');
  return services.environment;
}

async function vitest(project, files, testNames, environment) {
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, ...new Set(files), '-t', patternOf(testNames), '--reporter=json', `--outputFile.json=${output}`,
  ];
  const { text } = await run(args, environment);
  if (!existsSync(output)) throw new Error(`vitest left no report:\n${text}`);
  return JSON.parse(readFileSync(output, 'utf8'));
}

async function build() {
  return (await run([join(copy, 'scripts/build.mjs')], {})).code === 0;
}

function run(args, environment) {
  return new Promise((resolveRun, reject) => {
    const chunks = [];
    // A process group of its own: what a test started ends with it.
    child = spawn(process.execPath, args, { cwd: copy, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { chunks.push(chunk); });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      child = undefined;
      resolveRun({ code: exitCode ?? 1, text: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

async function cleanUp() {
  if (child?.pid !== undefined) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  await services?.stop();
  rmSync(copy, { recursive: true, force: true });
}

function say(text) {
  const total = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`[${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}] ${text}\n`);
}

function end(exitCode, text) {
  (exitCode === 0 ? process.stdout : process.stderr).write(text);
  process.exit(exitCode);
}
