// RabbitMQ and PostgreSQL for tests, with data of their own: for one run, or kept up for several.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { builtEmbedded } from './built.mjs';

/**
 * Real servers that end with us, also when we are killed; `stop` removes their data. `environment` is what tests read, the socket by which they
 * make the servers fail included; `pid` is the process above both. Undefined when they can't be had: they have said why.
 */
export async function startOwnServices({ name, root }) {
  const { findDataDir } = await builtEmbedded();
  const dataDir = join(findDataDir(root, process.env.DATA_DIR), `${name}-${process.pid}`);
  // A socket's path must be short, which a data folder's need not be.
  const socketDir = mkdtempSync(join(tmpdir(), 'trunkline-'));
  const control = join(socketDir, 'servers');
  const args = [join(root, 'scripts/services.mjs'), '--as-built', '--json', '--until-stdin-ends', '--data-dir', dataDir, '--control', control];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('close', resolve); });
  const urls = await Promise.race([firstJson(child.stdout), ended.then(() => undefined)]);
  if (!urls) {
    rmSync(socketDir, { recursive: true, force: true });
    return undefined;
  }
  return {
    ...urls,
    pid: child.pid,
    /** Resolves when they have ended, asked or not. */
    ended,
    environment: { TRUNKLINE_TEST_AMQP_URL: urls.amqpUrl, TRUNKLINE_TEST_DATABASE_SUPERUSER_URL: urls.superuserUrl, TRUNKLINE_TEST_SERVER_CONTROL: control },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      for (const folder of [dataDir, socketDir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const keptFile = (root) => join(root, '.cache/test-services.json');

/** Lets runs of tests find these servers; the answer ends that. */
export function keepServices(root, { environment }) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(keptFile(root), JSON.stringify(environment), { mode: 0o600 });
  return () => { rmSync(keptFile(root), { force: true }); };
}

/** The servers that `npm run test:services` keeps up; undefined when none answer. `stop` leaves them up. */
export async function keptServices(root) {
  try {
    const environment = JSON.parse(readFileSync(keptFile(root), 'utf8'));
    await answers(environment.TRUNKLINE_TEST_SERVER_CONTROL);
    return { environment, stop: async () => undefined };
  } catch {
    return undefined;
  }
}

function answers(socket) {
  return new Promise((resolve, reject) => {
    const connection = connect(socket, () => { connection.destroy(); resolve(undefined); }).on('error', reject);
  });
}

function firstJson(stream) {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line));
    });
  });
}
