import { type Measured, spread } from '../checker/times.js';
import { offences, type Verdict } from '../checker/verdict.js';
import type { Family } from '../faults/fault-case.js';

export interface FaultRecord {
  readonly name: string;
  readonly family: Family;
  readonly atMs: number;
  readonly tookMs: number;
  readonly said: string;
}

export interface RunReport extends Verdict {
  readonly seed: number;
  readonly folder: string;
  readonly faults: readonly FaultRecord[];
  /** How many the schedule held; those it ran out of time for are missing in `faults`. */
  readonly scheduled: number;
  /** Faults that this run had no means for, and why. */
  readonly leftOut: readonly string[];
  /** From the end of the faults to rest. */
  readonly quietAfterMs: number;
  readonly times: readonly Measured[];
  /** How often each action was asked, and what came of it. */
  readonly actions: readonly string[];
  readonly returns: string;
  /** Who was asked, what was done to each of those that stand, and what was excused. */
  readonly told: readonly string[];
}

const shownPerRule = 5;
const unmet = /no such call came|met by 0 calls|was not met$|^0 (?:messages|copies|old events)/;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** The report as an operator reads it. */
export function printReport(report: RunReport): string {
  const { accepted, actions, attempts, deployed, failed, faults, folder, leftOut, quietAfterMs, rejected, removed, scheduled, seed, violations } = report;
  const count = (offence: string) => violations.filter((violation) => violation.offence === offence).length;
  const rules = new Map<string, string[]>();
  for (const { evidence, offence, rule } of violations) {
    const key = `${offence}: ${rule}`;
    rules.set(key, [...(rules.get(key) ?? []), evidence]);
  }
  const met = faults.filter(({ said }) => !unmet.test(said));
  return [
    `seed ${seed}, ${faults.length} of ${scheduled} scheduled faults (${new Set(faults.map(({ name }) => name)).size} kinds), ${met.length} met by something, quiet ${(quietAfterMs / 1_000).toFixed(1)} s after the last, everything in ${folder}`,
    ...(leftOut.length > 0 ? [`left out: ${leftOut.join(', ')}`] : []),
    `attempts ${attempts}, accepted ${accepted}, deployed ${deployed}, failed ${failed}, rejected ${rejected}, removed ${removed}`,
    offences.map((offence) => `${offence} ${count(offence)}`).join(', '),
    ...(actions.length > 0 ? [`  asked of deployments: ${actions.join(', ')}`] : []),
    `  ${report.returns}`,
    ...report.told.map((line) => `  ${line}`),
    ...report.times.flatMap(timeLine),
    ...familyLines(faults, met),
    ...[...rules].flatMap(([rule, evidence]) => [
      `  ${rule} (${evidence.length})`, ...evidence.slice(0, shownPerRule).map((text) => `    ${text.slice(0, 1_500)}`),
    ]),
  ].join('\n');
}

function timeLine({ limitMs, ms, what }: Measured): string[] {
  const seen = spread(ms);
  if (!seen) return [];
  const limit = limitMs === undefined ? '' : `, rule ${seconds(limitMs)}, later ${ms.filter((each) => each > limitMs).length} times`;
  return [`  ${what}: ${seconds(seen.least)} / ${seconds(seen.median)} / ${seconds(seen.most)} (${ms.length}${limit})`];
}

/** How often each family was run, and met by something. */
function familyLines(faults: readonly FaultRecord[], met: readonly FaultRecord[]): string[] {
  const families = [...new Set(faults.map(({ family }) => family))].sort();
  const countOf = (records: readonly FaultRecord[], family: Family) => records.filter((record) => record.family === family).length;
  return families.length === 0 ? [] : [`  faults met of those run: ${families.map((family) => `${family} ${countOf(met, family)} of ${countOf(faults, family)}`).join(', ')}`];
}
