import type { ProcessIdentity } from './processes.js';

/** What `postmaster.pid` of a cluster says about the server that wrote it. */
export interface LockFile {
  readonly pid: number;
  /** System V segment that a server and its children are attached to. */
  readonly sharedMemoryId: number | undefined;
}

export interface LeftoverFacts {
  readonly lock: LockFile | undefined;
  /** Of the process that has the number in the lock file; undefined when there is none. */
  readonly commandLine: string | undefined;
  readonly clusterDir: string;
  readonly isOwnerRunning: boolean;
  readonly isMemoryInUse: boolean;
}

export type Leftover = 'none' | 'in-use' | 'stop-it' | 'clear-lock';

const ownerOption = /trunkline\.owner=(\d+):(\S+)/;

/**
 * What to do about an earlier server of the same cluster. A lock whose process is gone is left to PostgreSQL, which looks closer; only one
 * whose number now belongs to another program, which PostgreSQL would take for the server, is cleared.
 */
export function decideLeftover({ clusterDir, commandLine, isMemoryInUse, isOwnerRunning, lock }: LeftoverFacts): Leftover {
  if (!lock || !commandLine) return 'none';
  if (commandLine.includes(clusterDir)) return isOwnerRunning ? 'in-use' : 'stop-it';
  return isMemoryInUse ? 'none' : 'clear-lock';
}

/** Undefined for a file that is still being written. */
export function parseLockFile(text: string): LockFile | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const memoryId = Number(lines[6]?.trim().split(/\s+/)[1]);
  return Number.isInteger(pid) && pid > 0 ? { pid, sharedMemoryId: Number.isInteger(memoryId) ? memoryId : undefined } : undefined;
}

/** Whether a process is attached to the segment, from the text of `/proc/sysvipc/shm`. */
export function isAttached(segments: string, sharedMemoryId: number): boolean {
  return segments.split('\n').map((line) => line.trim().split(/\s+/)).some((fields) => Number(fields[1]) === sharedMemoryId && Number(fields[6]) > 0);
}

/** The server argument that says which process started it, so that the next one can tell a leftover from a server in use. */
export function ownerArgument({ pid, startedAt }: ProcessIdentity): string {
  return `trunkline.owner=${pid}:${startedAt}`;
}

export function ownerOf(commandLine: string): ProcessIdentity | undefined {
  const [, pid, startedAt] = ownerOption.exec(commandLine) ?? [];
  return pid !== undefined && startedAt !== undefined ? { pid: Number(pid), startedAt } : undefined;
}
