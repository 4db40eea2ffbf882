// Brings a checkout to the point where its build can run: Node's version, packages, build. Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const minimumNode = [20, 19];

/** Installs when the lock file has changed and builds when a source has; says what it does unless `quiet`. Ends the process with advice on failure. */
export async function prepare({ root, quiet = false, build = true }) {
  const say = (text) => { if (!quiet) process.stdout.write(`${text}\n`); };
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
    fail(`Node ${minimumNode.join('.')} or newer is needed, this is ${process.versions.node}.`);
  }
  await alone(join(root, '.cache/prepare.lock'), say, async () => {
    await once(join(root, 'node_modules/.trunkline-installed'), hashOf([join(root, 'package-lock.json')]), async () => {
      if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
        fail('node_modules is a link, and npm ci would empty the folder behind it. Remove the link, or bring that folder up to date where it is.');
      }
      say('Installing packages (npm ci) ...');
      await run('npm', ['ci', '--no-audit', '--no-fund'], root, 'The packages could not be installed.');
    });
    if (!build) return;
    const sources = ['apps', 'libs'].flatMap((folder) => filesBelow(join(root, folder)));
    const stamp = hashOf([...['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'scripts/build.mjs'].map((file) => join(root, file)), ...sources]);
    await once(join(root, 'dist/.built'), stamp, async () => {
      say('Building ...');
      await run(process.execPath, [join(root, 'scripts/build.mjs')], root, 'The build failed.');
    });
  });
}

/** Of several commands that begin at once one prepares, and the others find it done. */
async function alone(lock, say, work) {
  mkdirSync(join(lock, '..'), { recursive: true });
  for (let isFirst = true; !tryLock(lock); isFirst = false) {
    const holder = Number(readIfThere(lock));
    if (holder && !isAlive(holder)) rmSync(lock, { force: true });
    else if (isFirst) say('Another command prepares this checkout; waiting for it ...');
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Does the work unless the stamp says that it was done for the same input. */
async function once(stampFile, stamp, work) {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  await work();
  mkdirSync(join(stampFile, '..'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile()).sort();
}

/** What it prints is shown only when it fails. */
function run(command, args, cwd, problem) {
  return new Promise((resolve) => {
    const output = [];
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output.push(data); });
    child.on('error', (error) => { fail(`${problem} ${command}: ${error.message}`); });
    child.on('close', (code) => {
      if (code !== 0) fail(`${problem} It ended with ${code}:\n${Buffer.concat(output).toString('utf8').split('\n').slice(-40).join('\n')}`);
      resolve(undefined);
    });
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
