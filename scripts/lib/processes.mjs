import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** `{pid, startedAt}` of a process on Linux, because numbers are used again; undefined when it is gone or only waits to be collected. */
export function identify(pid) {
  const fields = readText(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '').split(' ');
  return !fields?.[19] || fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startedAt: fields[19] };
}

export function isRunning(known) {
  return known !== undefined && identify(known.pid)?.startedAt === known.startedAt;
}

/** The arguments of a process, or an empty list. */
export function commandOf(pid) {
  return readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
}

/** Asks a process to end, insists after `patienceMs`, and resolves when it is gone. */
export async function endProcess(known, patienceMs) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (!isRunning(known)) return;
    trySignal(known.pid, signal);
    await waitUntil(() => !isRunning(known), patienceMs);
  }
  if (isRunning(known)) throw new Error(`process ${known.pid} does not end: end it by hand`);
}

export function trySignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Asks again and again; false when `timeoutMs` passed first. */
export async function waitUntil(condition, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (!await condition()) {
    if (performance.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** `count` ports of 127.0.0.1 that were free, all at once, a moment ago. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => { resolve(server); });
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports;
}

/** True when the program is there and ends with 0 within the time. */
export function succeeds(command, args, timeoutMs = 3_000) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: timeoutMs, killSignal: 'SIGKILL' }).status === 0;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
