import type { FaultCase } from '../faults/fault-case.js';
import { Random } from './random.js';

export interface ScheduleOptions {
  readonly seed: number;
  readonly withinMs: number;
  /** Faults a lane meets at most; without it as many as there is time for. */
  readonly perLane?: number | undefined;
  /** Only faults whose name begins so. */
  readonly only?: string | undefined;
}

export interface ScheduledFault {
  readonly atMs: number;
  readonly fault: FaultCase;
  readonly seed: number;
}

const shortestGapMs = 200;
const longestGapMs = 1_500;

/**
 * When what happens. A function of the options and the catalogue alone. A lane's faults follow one another: one that is late moves those after
 * it, so the times are the earliest. Each is met once before any is met twice.
 */
export function schedule({ only = '', perLane, seed, withinMs }: ScheduleOptions, catalogue: readonly FaultCase[]): readonly ScheduledFault[] {
  const random = new Random(seed);
  return (['processes', 'peers'] as const).flatMap((lane) => {
    const own = catalogue.filter((fault) => fault.lane === lane && fault.name.startsWith(only));
    if (own.length === 0) return [];
    const planned: ScheduledFault[] = [];
    let bag: FaultCase[] = [];
    let atMs = random.between(0, longestGapMs);
    for (; atMs < withinMs && planned.length < (perLane ?? Infinity); atMs += random.between(shortestGapMs, longestGapMs)) {
      if (bag.length === 0) bag = random.shuffled(own);
      const fault = bag.pop();
      if (fault) planned.push({ atMs, fault, seed: random.between(0, 4_294_967_295) });
    }
    return planned;
  });
}
