import { readdirSync, readFileSync } from 'node:fs';

// Linux counts processor time for programs in hundredths of a second.
const tickMs = 10;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuMs: number;
}

/** Processor time in ms. */
export interface ServersCpu {
  readonly broker: number;
  readonly database: number;
}

/** Processor time of these processes and of their children that have ended, in ms. */
export function cpuMsOf(pids: Iterable<number>): number {
  return [...pids].reduce((sum, pid) => sum + (statOf(pid)?.cpuMs ?? 0), 0);
}

/** Resident memory of these processes in MB. */
export function rssMbOf(pids: Iterable<number>): number {
  return [...pids].reduce((sum, pid) => sum + Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0), 0) / 1_024;
}

/**
 * Of the servers below the process that has started them: PostgreSQL by its name, RabbitMQ as all the rest. Looked for anew each time: sessions come and
 * go, and what those that are gone have used is in what their parent tells.
 */
export function serversCpu(launcher: number): ServersCpu {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => statOf(Number(name)) ?? []);
  const below = (parent: number): ProcessStat[] => all.filter((stat) => stat.parent === parent).flatMap((stat) => [stat, ...below(stat.pid)]);
  const servers = below(launcher);
  const cpuMs = (isWanted: (name: string) => boolean) => servers.filter(({ name }) => isWanted(name)).reduce((sum, stat) => sum + stat.cpuMs, 0);
  return { broker: cpuMs((name) => name !== 'postgres'), database: cpuMs((name) => name === 'postgres') };
}

function statOf(pid: number): ProcessStat | undefined {
  const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(textOf(`/proc/${pid}/stat`)) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  const fields = rest.split(' ');
  // Of itself, and of children that have been waited for.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), name, cpuMs: ticks * tickMs };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
