import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import type { Account } from './account.js';

/** One process for as long as the machine is up: its number and when it began, because numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** Undefined when there is no such process; one that has ended and was not collected yet counts as gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux') {
    const fields = readText(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '').split(' ');
    const [state, startedAt] = [fields?.[0], fields?.[19]];
    return startedAt === undefined || state === 'Z' || state === 'X' ? undefined : { pid, startedAt };
  }
  const startedAt = ps(pid, 'lstart');
  return startedAt ? { pid, startedAt: startedAt.replace(/[^A-Za-z0-9]+/g, '-') } : undefined;
}

export function isRunning(known: ProcessIdentity): boolean {
  return identify(known.pid)?.startedAt === known.startedAt;
}

/** The command with its arguments, separated by blanks. */
export function commandLine(pid: number): string | undefined {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
  return ps(pid, 'command');
}

let pdeathsig: boolean | undefined;

/** What to put before a command so that the kernel sends `signal` when this process is gone; empty where the machine has no such thing. */
export function diesWithParent(signal: 'INT' | 'TERM', account?: Account): readonly string[] {
  pdeathsig ??= process.platform === 'linux'
    && spawnSync('setpriv', ['--pdeathsig', signal, '--', 'true'], { stdio: 'ignore', cwd: '/', ...account?.ids }).status === 0;
  return pdeathsig ? ['setpriv', '--pdeathsig', signal, '--'] : [];
}

function ps(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
