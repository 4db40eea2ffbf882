import { setTimeout as delay } from 'node:timers/promises';

import { type Lane, lanes, type FaultContext } from '../faults/fault-case.js';
import { policyTurn } from '../faults/policy-turn.js';
import type { Progress } from './progress.js';
import { Random } from './random.js';
import type { RunOptions } from './run-options.js';
import type { ScheduledFault } from './schedule.js';
import { within } from './within.js';

/** A fault heals by itself; one that has not by then hangs. */
const healsWithinMs = 300_000;

/**
 * Runs what is planned, lane beside lane, and half way the turn of the policy in its lane. What the faults before it took the time for is left out, the
 * first round later than the others.
 */
export async function runInLanes(planned: readonly ScheduledFault[], stage: FaultContext, options: RunOptions, progress: Progress): Promise<void> {
  const startedAt = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAt);
  let turn: Pick<ScheduledFault, 'fault' | 'seed'> | undefined = { fault: policyTurn, seed: options.seed };
  const turnIfDue = async (lane: Lane): Promise<void> => {
    if (!turn || turn.fault.lane !== lane || sinceStart() < options.disturbedMs / 2) return;
    const due = turn;
    turn = undefined;
    await runOne(due, lane, stage, progress, sinceStart);
  };
  await Promise.all(lanes.map(async (lane) => {
    for (const each of planned.filter(({ fault }) => fault.lane === lane)) {
      if (sinceStart() > (each.isFirst ? options.firstRoundWithinMs : options.disturbedMs)) break;
      await delay(Math.max(0, each.atMs - sinceStart()));
      await turnIfDue(lane);
      await runOne(each, lane, stage, progress, sinceStart);
    }
    // A lane may have had nothing to do.
    if (turn?.fault.lane === lane) await delay(Math.max(0, options.disturbedMs / 2 - sinceStart()));
    await turnIfDue(lane);
  }));
  progress.faults.sort((a, b) => a.atMs - b.atMs);
}

async function runOne({ fault, seed }: Pick<ScheduledFault, 'fault' | 'seed'>, lane: Lane, stage: FaultContext, progress: Progress, sinceStart: () => number): Promise<void> {
  const [beganMs, fromMs] = [sinceStart(), Date.now()];
  progress.current.set(lane, fault.name);
  const said = await within(`fault ${fault.name} to heal`, healsWithinMs, fault.run(stage, new Random(seed))).catch((error: unknown) => {
    stage.record.notice(`fault ${fault.name}: ${error instanceof Error ? error.message : String(error)}`);
    return 'went wrong itself';
  });
  progress.current.delete(lane);
  const sbcId = stage.record.befallen(fault.name);
  stage.record.faultTimes.push({ name: fault.name, family: fault.family, lane, fromMs, toMs: Date.now(), ...(sbcId === undefined ? {} : { sbcId }) });
  progress.faults.push({ name: fault.name, family: fault.family, atMs: beganMs, tookMs: sinceStart() - beganMs, said });
}
