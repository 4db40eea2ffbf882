import type { Facts, LoggedCall } from './facts.js';
import type { Violation } from './verdict.js';

/** What an agent was about to send when it was paused goes out in the turn in which it wakes, over a link that may be slow: a sweep repairs that. */
const wakesWithinMs = 1_000;

type Overlap = readonly [earlier: LoggedCall, later: LoggedCall];

interface Judged {
  readonly unexcused: readonly Overlap[];
  /** Which agent each of the others is put down to, and the SBC. */
  readonly excused: readonly string[];
}

/** Two writes that ran on one device at the same time, by the times of the device's own log. */
export function checkWriters(facts: Pick<Facts, 'calls' | 'pauses'>): Violation[] {
  return judge(facts).unexcused.map(([earlier, later]) => ({
    offence: 'unexpected', rule: 'one writer per SBC', evidence: `SBC ${later.id ?? '?'}: calls ${earlier.seq} (${earlier.method}) and ${later.seq} (${later.method}) overlap`,
  }));
}

/** For the report. */
export function countExcusedWriters(facts: Pick<Facts, 'calls' | 'pauses'>): string {
  const { excused } = judge(facts);
  return `writes beside another one, by an agent that had stood still: ${excused.length}${excused.length === 0 ? '' : ` (${excused.join(', ')})`}`;
}

/** A write that was never applied is none. */
function judge({ calls, pauses }: Pick<Facts, 'calls' | 'pauses'>): Judged {
  const writes = new Map<number, LoggedCall[]>();
  for (const call of calls) {
    if (call.id === undefined || !isWrite(call) || call.appliedAt === undefined) continue;
    writes.set(call.id, [...(writes.get(call.id) ?? []), call]);
  }
  const found = [...writes.values()].flatMap(overlaps).filter(([earlier, later]) => !isLeftSave(earlier, later) && !(isSave(earlier) && isSave(later)));
  return pauses.flatMap(({ instance, sbcIds, toMs }) => sbcIds.map((sbcId) => ({ instance, sbcId, toMs })))
    .reduce<Judged>(({ excused, unexcused }, { instance, sbcId, toMs }) => {
      const left = withoutLate(unexcused, sbcId, toMs);
      return { unexcused: left, excused: left.length < unexcused.length ? [...excused, `${instance} at SBC ${sbcId}`] : excused };
    }, { unexcused: found, excused: [] });
}

/** Pairs of which the later one arrived before the earlier one was applied. */
function overlaps(writes: readonly LoggedCall[]): readonly Overlap[] {
  const found: Overlap[] = [];
  let running: LoggedCall[] = [];
  for (const call of [...writes].sort((a, b) => a.arrivedAt - b.arrivedAt)) {
    running = running.filter(({ appliedAt = 0 }) => appliedAt > call.arrivedAt);
    found.push(...running.map((earlier) => [earlier, call] as const));
    running.push(call);
  }
  return found;
}

/** A save whose sender has gone changes no row, and counts for nobody: whoever comes next has to save again. */
const isLeftSave = (earlier: LoggedCall, { arrivedAt }: LoggedCall): boolean => (
  isSave(earlier) && earlier.status === undefined && earlier.goneAt !== undefined && arrivedAt >= earlier.goneAt
);

/** Of two saves neither changes a row. */
const isSave = ({ method }: LoggedCall): boolean => method === 'POST';

/** One of the writes that arrive when an agent wakes (`toMs`) may be its own, and no second one. The log does not tell which: the one that explains most. */
function withoutLate(found: readonly Overlap[], sbcId: number, toMs: number): readonly Overlap[] {
  const remains = (write: LoggedCall) => found.filter((overlap) => !overlap.includes(write));
  const late = found.flat().filter(({ arrivedAt, id }) => id === sbcId && arrivedAt >= toMs && arrivedAt < toMs + wakesWithinMs);
  return late.map(remains).reduce((best, each) => (each.length < best.length ? each : best), found);
}

const isWrite = ({ method, path, peer }: LoggedCall): boolean => (
  peer === 'sbc' && ((method === 'PUT' && path.endsWith('/incremental')) || (method === 'POST' && path.endsWith('/saveConfiguration')))
);

/** The log is whole: nothing of it was thrown away for want of room. */
export function checkLogIsWhole({ calls }: Pick<Facts, 'calls'>): Violation[] {
  const missing = calls.flatMap((call, index) => (index > 0 && call.seq !== (calls[index - 1]?.seq ?? 0) + 1 ? [call.seq] : []));
  const first = calls[0]?.seq ?? 1;
  return first === 1 && missing.length === 0 ? [] : [{ offence: 'unexpected', rule: 'the peers\' log is whole', evidence: `begins at ${first}, gaps before ${missing.slice(0, 5).join(', ')}` }];
}
