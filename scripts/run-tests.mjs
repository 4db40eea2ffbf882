// Everything a change must pass: `npm test`. `--unit`, `--int`, `--flows`, `--faults` narrow it to those tests alone; `--load` and `--devices` are only run when asked for.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const root = resolve(import.meta.dirname, '..');
const { positionals, values } = parseArgs({
  allowPositionals: true, options: Object.fromEntries(['unit', 'int', 'flows', 'faults', 'load', 'devices'].map((suite) => [suite, { type: 'boolean' }])),
});
const isNarrowed = Object.keys(values).length > 0;
const suites = isNarrowed ? Object.keys(values) : ['unit', 'int', 'flows', 'faults'];
const startedAt = performance.now();
const counts = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
let services;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { services?.stop(); process.exit(130); });

// What can't even be built ends in `prepare`: the last line is about the tests all the same.
const sayNothingRan = () => { process.stdout.write('0 passed, 1 failed\n'); };
process.once('exit', sayNothingRan);
await prepare({ root });
process.removeListener('exit', sayNothingRan);
if (!isNarrowed) {
  // None needs another, and each keeps one core busy: the long one runs beside the others.
  await Promise.all([
    check('lint', 'npm', ['run', '-s', 'lint']),
    check('boundaries', 'npm', ['run', '-s', 'lint:deps']).then(() => check('typecheck', 'npm', ['run', '-s', 'typecheck'])).then(() => vitest('unit', {}, [])),
  ]);
} else if (suites.includes('unit')) {
  await vitest('unit', {});
}
if (suites.some((suite) => suite !== 'unit')) {
  heading('starting RabbitMQ and PostgreSQL');
  services = await startOwnServices({ name: 'test-services', root });
  note('services started', services !== undefined);
  if (services) {
    for (const suite of suites.filter((name) => name !== 'unit')) await vitest(suite, services.environment);
    await services.stop();
  }
}

process.stdout.write(`\n${summary.join('\n')}\n`);
const isNothingRun = counts.passed + counts.failed === 0;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`);
process.exit(counts.failed > 0 || isNothingRun ? 1 : 0);

/** A check counts as one test. */
async function check(name, command, args) {
  const code = await run(name, command, args, {}, []);
  note(name, code === 0);
}

async function vitest(suite, environment, said) {
  const folder = join(root, '.cache/test-reports');
  const report = join(folder, `${suite}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...positionals];
  const code = await run(`${suite} tests`, process.execPath, args, environment, said);
  const seen = readReport(report);
  counts.passed += seen.passed;
  counts.skipped += seen.skipped;
  // A file that could not be loaded has no tests to count; it failed all the same.
  counts.failed += Math.max(seen.failed, code === 0 ? 0 : 1);
  summary.push(`${code === 0 ? 'ok    ' : 'FAILED'} ${suite} tests: ${seen.passed} passed, ${seen.failed} failed${seen.skipped > 0 ? `, ${seen.skipped} skipped` : ''} (${elapsed()})`);
}

function readReport(file) {
  try {
    const { numFailedTestSuites, numFailedTests, numPassedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0), skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function note(name, isGood) {
  counts[isGood ? 'passed' : 'failed'] += 1;
  summary.push(`${isGood ? 'ok    ' : 'FAILED'} ${name} (${elapsed()})`);
}

/** Its output is ours, or is kept in `said` until it has ended: commands side by side do not mix their lines. */
function run(title, command, args, environment, said) {
  if (!said) heading(title);
  return new Promise((resolveCode) => {
    const output = said ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', output, output] });
    if (said) for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said.push(chunk); });
    child.on('error', () => { resolveCode(1); });
    child.on('close', (code) => {
      if (said) {
        heading(title);
        process.stdout.write(Buffer.concat(said));
      }
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
