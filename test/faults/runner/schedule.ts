import { type FaultCase, type Lane, lanes } from '../faults/fault-case.js';
import { Random } from './random.js';

export interface ScheduleOptions {
  readonly seed: number;
  readonly withinMs: number;
  /** Only faults whose name begins so. */
  readonly only?: string | undefined;
  /** One fault of each family before any other, and none that takes long. */
  readonly isShort?: boolean | undefined;
}

export interface ScheduledFault {
  readonly atMs: number;
  readonly fault: FaultCase;
  readonly seed: number;
  /** Part of the first round, in which everything is met once. */
  readonly isFirst: boolean;
}

const shortestGapMs = 200;
const longestGapMs = 1_500;

/**
 * When what happens. A function of the options and the catalogue alone. A lane's faults follow one another: one that is late moves those after
 * it, so the times are the earliest. Each is met once before any is met twice.
 */
export function schedule({ isShort = false, only = '', seed, withinMs }: ScheduleOptions, catalogue: readonly FaultCase[]): readonly ScheduledFault[] {
  const random = new Random(seed);
  return lanes.flatMap((lane) => {
    const own = catalogue.filter((fault) => fault.lane === lane && fault.name.startsWith(only) && !(isShort && fault.isLong === true));
    return own.length === 0 ? [] : planLane(lane, own, random, withinMs, isShort);
  });
}

function planLane(lane: Lane, own: readonly FaultCase[], random: Random, withinMs: number, isShort: boolean): readonly ScheduledFault[] {
  const planned: ScheduledFault[] = [];
  const first = isShort ? oneOfEach(own, random) : random.shuffled(own);
  let bag = [...first];
  for (let atMs = random.between(0, longestGapMs); atMs < withinMs || planned.length < first.length; atMs += random.between(shortestGapMs, longestGapMs)) {
    if (bag.length === 0) bag = random.shuffled(own);
    const fault = bag.pop();
    if (fault) planned.push({ atMs, fault, seed: random.between(0, 4_294_967_295), isFirst: planned.length < first.length });
  }
  return planned;
}

function oneOfEach(own: readonly FaultCase[], random: Random): readonly FaultCase[] {
  const families = [...new Set(own.map(({ family }) => family))];
  return random.shuffled(families.map((family) => random.pick(own.filter((fault) => fault.family === family))));
}
