import { offences, type Verdict } from '../checker/verdict.js';

export interface FaultRecord {
  readonly name: string;
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
  /** From the end of the faults to rest. */
  readonly quietAfterMs: number;
}

const shownPerRule = 5;
const unmet = /no such call came|met by 0 calls/;

/** The report as an operator reads it. */
export function printReport(report: RunReport): string {
  const { accepted, attempts, deployed, failed, faults, folder, quietAfterMs, rejected, removed, scheduled, seed, violations } = report;
  const count = (offence: string) => violations.filter((violation) => violation.offence === offence).length;
  const rules = new Map<string, string[]>();
  for (const { evidence, offence, rule } of violations) {
    const key = `${offence}: ${rule}`;
    rules.set(key, [...(rules.get(key) ?? []), evidence]);
  }
  return [
    `seed ${seed}, ${faults.length} of ${scheduled} scheduled faults, ${faults.filter(({ said }) => !unmet.test(said)).length} met by something, quiet ${(quietAfterMs / 1_000).toFixed(1)} s after the last, everything in ${folder}`,
    `attempts ${attempts}, accepted ${accepted}, deployed ${deployed}, failed ${failed}, rejected ${rejected}, removed ${removed}`,
    offences.map((offence) => `${offence} ${count(offence)}`).join(', '),
    ...[...rules].flatMap(([rule, evidence]) => [
      `  ${rule} (${evidence.length})`, ...evidence.slice(0, shownPerRule).map((text) => `    ${text.slice(0, 1_500)}`),
    ]),
  ].join('\n');
}
