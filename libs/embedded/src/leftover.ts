import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { decideLeftover, isAttached, ownerOf, parseLockFile } from './leftover.decide.js';
import { commandLine, identify, isRunning } from './processes.js';

const stopWithinMs = 20_000;

/**
 * Stops a server of this cluster whose starting program was killed. Resolves when none is in the way.
 * @throws EmbeddedPostgresError when a running program uses the cluster
 */
export async function clearLeftover(clusterDir: string): Promise<void> {
  const lockPath = join(clusterDir, 'postmaster.pid');
  const lock = parseLockFile(readText(lockPath));
  const running = lock ? identify(lock.pid) : undefined;
  const command = running ? commandLine(running.pid) : undefined;
  const owner = command ? ownerOf(command) : undefined;
  const decision = decideLeftover({
    lock,
    clusterDir,
    commandLine: command,
    isOwnerRunning: owner !== undefined && isRunning(owner),
    isMemoryInUse: lock?.sharedMemoryId !== undefined && isAttached(readText('/proc/sysvipc/shm'), lock.sharedMemoryId),
  });
  switch (decision) {
    case 'none': return;
    case 'clear-lock': { rmSync(lockPath, { force: true }); return; }
    case 'in-use': throw new EmbeddedPostgresError(`the data in ${clusterDir} are in use by process ${owner?.pid ?? 'unknown'}: stop it, or choose another data folder`);
    case 'stop-it': {
      if (!running) return;
      process.kill(running.pid, 'SIGINT');
      const deadline = performance.now() + stopWithinMs;
      while (isRunning(running)) {
        if (performance.now() > deadline) throw new EmbeddedPostgresError(`a PostgreSQL left over in ${clusterDir}, process ${running.pid}, does not stop: end it by hand`);
        await delay(50);
      }
    }
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
