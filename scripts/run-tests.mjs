// Everything a change must pass: `npm test`. `--unit`, `--int`, `--flows`, `--faults` narrow it to those tests alone; `--modes`, `--load` and `--devices` are
// only run when asked for. Further arguments are parts of paths, `-t` a part of a test's name. Servers that `npm run test:services` keeps up are used.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { keptServices, startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const root = resolve(import.meta.dirname, '..');
const { positionals, values: { name: testName, ...narrowed } } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(['unit', 'int', 'flows', 'faults', 'modes', 'load', 'devices'].map((suite) => [suite, { type: 'boolean' }])), name: { type: 'string', short: 't' },
  },
});
const isNarrowed = Object.keys(narrowed).length > 0;
const suites = isNarrowed ? Object.keys(narrowed) : ['unit', 'int', 'flows', 'faults'];
const startedAt = performance.now();
const counts = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
let services;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { services?.stop(); process.exit(130); });

// What can't even be built ends in `prepare`: the last line is about the tests all the same.
const sayNothingRan = () => { process.stdout.write('0 passed, 1 failed\n'); };
process.once('exit', sayNothingRan);
await prepare({ root, build: false });
const checks = isNarrowed ? undefined : runChecks();
await prepare({ root });
process.removeListener('exit', sayNothingRan);
if (suites.includes('unit')) await vitest(['unit'], {});
// Those together share their workers.
const stages = [['int', 'flows'], ['faults'], ['modes'], ['load'], ['devices']].map((stage) => stage.filter((suite) => suites.includes(suite))).filter(({ length }) => length > 0);
if (stages.length > 0) {
  services = await keptServices(root);
  heading(services ? 'RabbitMQ and PostgreSQL are kept up' : 'starting RabbitMQ and PostgreSQL');
  services ??= await startOwnServices({ name: 'test-services', root });
  note('services started', services !== undefined);
  if (services) {
    for (const stage of stages) await vitest(stage, services.environment);
    await services.stop();
  }
}
await checks;

process.stdout.write(`\n${summary.join('\n')}\n`);
const isNothingRun = counts.passed + counts.failed === 0;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`);
process.exit(counts.failed > 0 || isNothingRun ? 1 : 0);

/** Needs no build. Each counts as one test. */
async function runChecks() {
  for (const [name, script] of [['lint', 'lint'], ['boundaries', 'lint:deps'], ['typecheck', 'typecheck']]) {
    const code = await runAside(name, 'npm', ['run', '-s', script]);
    note(name, code === 0);
  }
}

async function vitest(projects, environment) {
  const name = `${projects.join(' and ')} tests`;
  const folder = join(root, '.cache/test-reports');
  const report = join(folder, `${projects.join('-')}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...testName === undefined ? [] : ['-t', testName], ...positionals,
  ];
  const code = await run(name, process.execPath, args, environment);
  const { titlesOfFailed, ...seen } = readReport(report);
  counts.passed += seen.passed;
  counts.skipped += seen.skipped;
  // A file that could not be loaded has no tests to count; it failed all the same.
  counts.failed += Math.max(seen.failed, code === 0 ? 0 : 1);
  summary.push(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}: ${seen.passed} passed, ${seen.failed} failed${seen.skipped > 0 ? `, ${seen.skipped} skipped` : ''} (${elapsed()})`, ...titlesOfFailed.map((title) => `       ${title}`));
}

function readReport(file) {
  try {
    const { numFailedTestSuites, numFailedTests, numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const titlesOfFailed = testResults.filter(({ status }) => status === 'failed').flatMap(({ assertionResults, name }) => {
      const titles = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
      return (titles.length > 0 ? titles : ['could not be run to its end']).map((title) => `${relative(root, name)}: ${title}`);
    });
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, titlesOfFailed };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, titlesOfFailed: [] };
  }
}

function note(name, isGood) {
  counts[isGood ? 'passed' : 'failed'] += 1;
  summary.push(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${elapsed()})`);
}

function run(title, command, args, environment) {
  heading(title);
  return new Promise((resolveCode) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => { resolveCode(1); });
    child.on('close', (code) => { resolveCode(code ?? 1); });
  });
}

/** With what the tests leave of the processor: they wait most of the time, and become no slower. Its output comes in one piece at its end. */
function runAside(title, command, args) {
  return new Promise((resolveCode) => {
    const output = [];
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const endWithUs = () => { child.kill(); };
    process.once('exit', endWithUs);
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output.push(chunk); });
    child.on('error', () => { resolveCode(1); });
    child.on('close', (code) => {
      process.removeListener('exit', endWithUs);
      heading(title);
      process.stdout.write(Buffer.concat(output));
      resolveCode(code ?? 1);
    });
  });
}

function heading(text) {
  process.stdout.write(`\n== ${text} (${elapsed()})\n`);
}

function elapsed() {
  const total = Math.round((performance.now() - startedAt) / 1000);
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}
