import type { AgentDeath, Facts, FaultTime, LoggedCall, Pause } from './facts.js';
import type { Violation } from './verdict.js';

/** What was measured, in milliseconds; `limitMs` is the rule's. */
export interface Measured {
  readonly what: string;
  readonly limitMs: number | undefined;
  readonly ms: readonly number[];
}

const takeOverMs = 2_000;
const leaseMs = 15_000;
/** In this suite an agent has given up on a device by then. */
const deviceTimeoutMs = 3_000;
const hangMs = leaseMs + deviceTimeoutMs + takeOverMs;
/** What an agent had sent before it stood still has arrived by then. */
const sentBeforeMs = 1_000;
const recoveredMs = { broker: 15_000, database: 10_000 } as const;
const stopMs = 25_000;
/** Later than that it was not this fault any more. */
const farMs = 60_000;
/** Runnable processes a core; above it the machine decides how long things take. */
const busyLoad = 3;

/** Faults that the other agents have nothing to do with. */
const harmless: ReadonlySet<string> = new Set(['messages', 'poison']);
/** After these it takes a while until everybody is connected again. */
const lingering: ReadonlySet<string> = new Set(['broker-link', 'database-link', 'broker', 'database', 'everything']);
const lingersMs = 5_000;

type TakeOvers = Pick<Facts, 'agentDeaths' | 'calls' | 'faultTimes' | 'pauses' | 'shutdowns'>;

interface TakeOver {
  readonly sbcId: number;
  readonly death: AgentDeath;
  /** Absent when nobody came in the time that was looked at. */
  readonly readAfterMs: number | undefined;
}

/** An SBC that was held by an agent that stood still for longer than its lease. */
interface Hang {
  readonly sbcId: number;
  readonly pause: Pause;
  /** Absent when nobody came before it woke: whoever comes then may be itself. */
  readonly readAfterMs: number | undefined;
}

/** Take-overs that nothing else may have delayed: the SBC was owed and answered, the machine had time, and until it was read no other fault was on. */
function undisturbed(facts: TakeOvers): readonly TakeOver[] {
  const { agentDeaths, calls } = facts;
  return agentDeaths.filter(({ load }) => load < busyLoad).flatMap((death) => death.sbcIds.flatMap((sbcId): readonly TakeOver[] => {
    const readAfterMs = firstCall(calls, sbcId, death.atMs, () => true);
    const isRead = readAfterMs !== undefined && readAfterMs <= takeOverMs;
    if (death.restingSbcIds.includes(sbcId) || !(isRead || death.owedSbcIds.includes(sbcId))) return [];
    // What comes when it is late already is no excuse.
    return isDisturbed(facts, sbcId, death.atMs, death.atMs + (isRead ? readAfterMs : takeOverMs)) ? [] : [{ sbcId, death, readAfterMs }];
  }));
}

/** Another fault was on at this time but the one that was on when it began, or another agent ended. */
function isDisturbed({ agentDeaths, faultTimes, shutdowns }: TakeOvers, sbcId: number, fromMs: number, toMs: number): boolean {
  const isInTime = (atMs: number) => atMs > fromMs && atMs < toMs;
  const isOn = (fault: FaultTime) => fault.fromMs < toMs && fault.toMs + (lingering.has(fault.family) ? lingersMs : 0) > fromMs;
  const isOther = (fault: FaultTime) => fault.lane === 'processes' && !harmless.has(fault.family) && !(fault.fromMs <= fromMs && fault.toMs >= fromMs);
  const isOneLess = agentDeaths.some(({ atMs }) => isInTime(atMs))
    || shutdowns.some(({ atMs, instance, tookMs }) => instance.startsWith('sbc-agent') && (isInTime(atMs) || isInTime(atMs + tookMs)));
  return isOneLess || faultTimes.some((fault) => isOn(fault) && (isOther(fault) || fault.sbcId === sbcId));
}

/** When another agent read each SBC of one that stood still for longer than its lease. */
function hangs({ calls, pauses }: TakeOvers): readonly Hang[] {
  return pauses.filter(({ fromMs, toMs }) => toMs - fromMs > leaseMs).flatMap((pause) => pause.sbcIds.map((sbcId): Hang => {
    const isRead = ({ arrivedAt, id, method, peer }: LoggedCall) => (
      peer === 'sbc' && id === sbcId && method === 'GET' && arrivedAt > pause.fromMs + sentBeforeMs && arrivedAt < pause.toMs
    );
    const read = calls.find(isRead);
    return { sbcId, pause, readAfterMs: read && Math.round(read.arrivedAt - pause.fromMs) };
  }));
}

/** Those that came late although there was work, the SBC answered, the machine had time and nothing else was on. A shorter pause can't tell. */
function lateHangs(facts: TakeOvers): readonly Hang[] {
  return hangs(facts).filter(({ pause, readAfterMs, sbcId }) => {
    const { fromMs, load, owedSbcIds, restingSbcIds, toMs } = pause;
    if (toMs - fromMs <= hangMs || (readAfterMs !== undefined && readAfterMs <= hangMs)) return false;
    return load < busyLoad && owedSbcIds.includes(sbcId) && !restingSbcIds.includes(sbcId) && !isDisturbed(facts, sbcId, fromMs, fromMs + hangMs);
  });
}

/** How long after it somebody called there; undefined when nobody did for long. */
function firstCall(calls: Facts['calls'], sbcId: number, sinceMs: number, isWanted: (call: LoggedCall) => boolean): number | undefined {
  const first = calls.find((call) => call.peer === 'sbc' && call.id === sbcId && call.arrivedAt > sinceMs && isWanted(call));
  return first && first.arrivedAt - sinceMs < farMs ? Math.round(first.arrivedAt - sinceMs) : undefined;
}

/** How long things took that the rules give times for, as seen by callers and peers. */
export function measure(facts: TakeOvers & Pick<Facts, 'recoveries'>): readonly Measured[] {
  const { agentDeaths, calls, recoveries, shutdowns } = facts;
  const after = (isWanted: (call: LoggedCall) => boolean) => agentDeaths.flatMap(({ atMs, sbcIds }) => (
    sbcIds.flatMap((id) => firstCall(calls, id, atMs, isWanted) ?? [])
  ));
  return [
    { what: 'another agent reads the SBC of one that was killed', limitMs: takeOverMs, ms: after(() => true) },
    { what: 'the same where nothing else was on', limitMs: takeOverMs, ms: undisturbed(facts).map(({ readAfterMs }) => readAfterMs ?? farMs) },
    { what: 'another agent writes there', limitMs: undefined, ms: after(({ method }) => method === 'PUT') },
    { what: 'another agent reads the SBC of one that stands still', limitMs: hangMs, ms: hangs(facts).flatMap(({ readAfterMs }) => readAfterMs ?? []) },
    ...(['broker', 'database'] as const).flatMap((server): readonly Measured[] => {
      const own = recoveries.filter((recovery) => recovery.server === server);
      return [
        // The gateway has no database.
        ...(server === 'broker' ? [{ what: 'gateway ready after the broker was back', limitMs: recoveredMs.broker, ms: own.map(({ readyAfterMs }) => readyAfterMs) }] : []),
        { what: `first question answered after the ${server} was back`, limitMs: recoveredMs[server], ms: own.map(({ answeredAfterMs }) => answeredAfterMs) },
      ];
    }),
    { what: 'end after SIGTERM', limitMs: stopMs, ms: shutdowns.map(({ tookMs }) => tookMs) },
  ];
}

/** Only where a rule has a hard limit and the machine had time: the rest is information. */
export function checkTimes(facts: TakeOvers & Pick<Facts, 'recoveries'>): Violation[] {
  const { recoveries, shutdowns } = facts;
  return [
    ...undisturbed(facts).filter(({ readAfterMs = farMs }) => readAfterMs > takeOverMs).map(({ death, readAfterMs, sbcId }): Violation => ({
      offence: 'unexpected', rule: 'another agent reads the SBC of one that was killed in time',
      evidence: `SBC ${sbcId}, ${death.instance} (${death.holder}) died at ${death.atMs} (${death.cause}): ${readAfterMs === undefined ? 'nobody came' : `${readAfterMs} ms`}`,
    })),
    ...lateHangs(facts).map(({ pause, readAfterMs, sbcId }): Violation => ({
      offence: 'unexpected', rule: 'another agent reads the SBC of one that stands still in time',
      evidence: `SBC ${sbcId}, ${pause.instance} stood still from ${pause.fromMs} to ${pause.toMs}: ${readAfterMs === undefined ? 'nobody came' : `${readAfterMs} ms`}`,
    })),
    ...recoveries.filter(({ load }) => load < busyLoad).flatMap(({ answeredAfterMs, fault, readyAfterMs, server }): readonly Violation[] => (
      [{ what: 'ready', ms: readyAfterMs }, { what: 'of use', ms: answeredAfterMs }].filter(({ ms }) => ms > recoveredMs[server])
        .map(({ ms, what }) => ({ offence: 'unexpected', rule: `${what} in time after the ${server} is back`, evidence: `${fault}: ${ms} ms` }))
    )),
    ...shutdowns.filter(({ tookMs }) => tookMs > stopMs).map(({ instance, tookMs }): Violation => ({ offence: 'unexpected', rule: 'SIGTERM ends in time', evidence: `${instance}: ${tookMs} ms` })),
  ];
}

/** Smallest, middle and largest. */
export function spread(ms: readonly number[]): { readonly least: number; readonly median: number; readonly most: number } | undefined {
  const sorted = [...ms].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  return least === undefined || median === undefined || most === undefined ? undefined : { least, median, most };
}
