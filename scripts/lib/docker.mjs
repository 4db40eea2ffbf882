import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { brokerAnswers } from './amqp-probe.mjs';
import { freePorts, succeeds, waitUntil } from './processes.mjs';

const user = 'trunkline';
const readyWithinMs = 120_000;

/** A client alone is no engine: the engine must answer within 3 s, and compose must be there. */
export function isDockerUsable() {
  return succeeds('docker', ['info'], 3_000) && succeeds('docker', ['compose', 'version'], 3_000);
}

/**
 * Starts the broker of the compose file as a project of its own, on a free port of 127.0.0.1. Data stay in its volume until the next
 * start. Answers `{url, stop()}`.
 */
export async function startDockerRabbitMq({ composeFile, dataDir, log }) {
  const project = `trunkline-services-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
  const [port] = await freePorts(1);
  const password = await passwordIn(dataDir);
  const compose = (...args) => docker(['compose', '--project-name', project, '--file', composeFile, ...args], composeSettings(password, port));
  log('Starting RabbitMQ in a container (docker compose up rabbitmq)');
  // What a start that was killed has left runs on the port of that time.
  await compose('down', '--remove-orphans');
  await compose('up', '--detach', '--wait', 'rabbitmq');
  const url = `amqp://${user}:${password}@127.0.0.1:${port}`;
  const stop = () => compose('down', '--remove-orphans');
  if (await waitUntil(() => brokerAnswers(url), readyWithinMs)) return { url, stop };
  await stop();
  throw new Error(`the container does not answer on port ${port}`);
}

/** Every variable that the compose file wants to be told, also for services that do not start here: compose reads the file as a whole. */
export function composeSettings(password, port) {
  const unused = randomBytes(18).toString('hex');
  return {
    RABBITMQ_USER: user, RABBITMQ_PASSWORD: password, RABBITMQ_PORT: String(port),
    POSTGRES_PASSWORD: unused, PROVISIONER_DB_PASSWORD: unused, SBC_AGENT_DB_PASSWORD: unused, OVOC_SYNC_DB_PASSWORD: unused,
    SECRETS_KEY: unused, MICROSOFT_BASE_URL: 'unused', OVOC_BASE_URL: 'unused', OVOC_USER: 'unused', OVOC_PASSWORD: unused,
  };
}

/** The broker keeps the password of its first start in its volume. */
async function passwordIn(dataDir) {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, 'rabbitmq-container.password');
  if (!existsSync(path)) await writeFile(path, randomBytes(18).toString('hex'), { mode: 0o600 });
  return (await readFile(path, 'utf8')).trim();
}

function docker(args, settings) {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { env: { ...process.env, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => { said = (said + chunk.toString()).slice(-2_000); });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`docker ${args[0]} ${args.at(-1)} failed: ${said.trim()}`));
    });
  });
}
