import type { Facts, LoggedCall } from './facts.js';
import type { Violation } from './verdict.js';

/** What was measured, in milliseconds; `limitMs` is the rule's. */
export interface Measured {
  readonly what: string;
  readonly limitMs: number | undefined;
  readonly ms: readonly number[];
}

const takeOverMs = 2_000;
const recoveredMs = { broker: 15_000, database: 10_000 } as const;
const stopMs = 25_000;
/** Later than that it was not this fault any more. */
const farMs = 60_000;
/** Runnable processes a core; above it the machine decides how long things take. */
const busyLoad = 3;

/** How long things took that the rules give times for, as seen by callers and peers. */
export function measure({ agentDeaths, calls, recoveries, shutdowns }: Pick<Facts, 'agentDeaths' | 'calls' | 'recoveries' | 'shutdowns'>): readonly Measured[] {
  const after = (isWanted: (call: LoggedCall) => boolean) => agentDeaths.flatMap(({ atMs, sbcIds }) => sbcIds.flatMap((id) => {
    const first = calls.find((call) => call.peer === 'sbc' && call.id === id && call.arrivedAt > atMs && isWanted(call));
    return first && first.arrivedAt - atMs < farMs ? [Math.round(first.arrivedAt - atMs)] : [];
  }));
  return [
    { what: 'another agent reads the SBC of one that was killed', limitMs: takeOverMs, ms: after(() => true) },
    { what: 'another agent writes there', limitMs: undefined, ms: after(({ method }) => method === 'PUT') },
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
export function checkTimes({ recoveries, shutdowns }: Pick<Facts, 'recoveries' | 'shutdowns'>): Violation[] {
  return [
    ...recoveries.filter(({ answeredAfterMs, load, server }) => answeredAfterMs > recoveredMs[server] && load < busyLoad)
      .map(({ answeredAfterMs, fault, server }): Violation => ({ offence: 'unexpected', rule: `of use in time after the ${server} is back`, evidence: `${fault}: ${answeredAfterMs} ms` })),
    ...shutdowns.filter(({ tookMs }) => tookMs > stopMs).map(({ instance, tookMs }): Violation => ({ offence: 'unexpected', rule: 'SIGTERM ends in time', evidence: `${instance}: ${tookMs} ms` })),
  ];
}

/** Smallest, middle and largest. */
export function spread(ms: readonly number[]): { readonly least: number; readonly median: number; readonly most: number } | undefined {
  const sorted = [...ms].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  return least === undefined || median === undefined || most === undefined ? undefined : { least, median, most };
}
