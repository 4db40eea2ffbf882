import { loadavg, cpus } from 'node:os';

import type { FaultRecord } from './report.js';

const everyMs = 15_000;

/** Where a run is: what it waits for, and a line about it from time to time. */
export class Progress {
  readonly faults: FaultRecord[] = [];
  /** What is going on in each lane. */
  readonly current = new Map<string, string>();
  phase = 'starting';
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;

  constructor(private readonly say: (line: string) => void) {}

  /** `count` may fail while the database is away. */
  begin(count: () => Promise<{ readonly accepted: number; readonly ended: number }>, scheduled: number): void {
    this.timer = setInterval(() => {
      if (this.isAsking) return;
      this.isAsking = true;
      void count().catch(() => undefined).then((counted) => {
        this.isAsking = false;
        const counts = counted ? `${counted.accepted} accepted, ${counted.ended} ended` : 'database does not answer';
        this.say(`${this.clock()} ${this.phase}: ${counts}, ${this.faults.length} of ${scheduled} faults, now ${[...this.current.values()].join(' and ') || 'none'}, load ${machineLoad().toFixed(1)}`);
      });
    }, everyMs);
    this.timer.unref();
  }

  enter(phase: string): void {
    this.phase = phase;
    this.say(`${this.clock()} ${phase}`);
  }

  end(): void {
    clearInterval(this.timer);
  }

  private clock(): string {
    const seconds = Math.round((performance.now() - this.startedAt) / 1_000);
    return `[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}]`;
  }
}

/** Processes that want to run, a core. */
export function machineLoad(): number {
  return (loadavg()[0] ?? 0) / cpus().length;
}
