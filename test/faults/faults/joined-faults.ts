import { setTimeout as delay } from 'node:timers/promises';

import { eventually, type Fault } from '@trunkline/testing';

import { ovocVisibilityMs } from '../runner/instances.js';
import type { FaultCase } from './fault-case.js';
import { creations, script, scriptLines, taken } from './peer-faults.js';

interface JoinedFault {
  readonly name: string;
  /** Befalls everybody while it is on. */
  readonly lasting: Fault;
  /** A final no: who meets it has to be cleaned up after, under the other fault or what that one left. */
  readonly final: Fault;
  /** What is said is not final after all: who meets it tries again, under the other fault or what that one left. */
  readonly isPutOff?: boolean;
  /** Both of one SBC, chosen anew each time. */
  readonly ofOneSbc?: boolean;
  /** On for long, whoever meets it; otherwise until somebody has met the final no. */
  readonly isLong?: boolean;
}

/** Longer than what is looked at again after a lost answer, with room for those who come first. */
const metWithinMs = 8_000;
/** What OVOC shows later than it has promised is nobody's to handle. */
const shownBeforeMs = 50;
const longMs = { least: 10_000, most: 20_000 } as const;

const creationOf = (resource: string) => ({ method: 'POST', pathContains: `/topology/${resource}` });
const invisible = (resource: string): Fault => (
  { peer: 'ovoc', kind: 'invisible', match: creationOf(resource), params: { ms: ovocVisibilityMs - shownBeforeMs } });
/** What whoever has just created `resource` creates next. */
const steps = creations.slice(1).map((next, index) => ({ resource: creations[index] ?? next, next }));

const joinedFaultTable: readonly JoinedFault[] = [
  ...steps.map(({ next, resource }): JoinedFault => ({
    name: `ovoc-${resource}-invisible-then-${next}-503`, isPutOff: true, lasting: invisible(resource),
    final: { peer: 'ovoc', kind: 'status', match: creationOf(next), times: 1, params: { status: 503 } },
  })),
  ...creations.map((resource): JoinedFault => ({
    name: `ovoc-${resource}-invisible-and-500`, isPutOff: true, lasting: invisible(resource),
    final: { peer: 'ovoc', kind: 'status', match: creationOf(resource), times: 1, params: { status: 500, applied: true } },
  })),
  ...creations.map((resource): JoinedFault => ({
    name: `ovoc-${resource}-invisible-and-taken`, lasting: invisible(resource),
    final: { peer: 'ovoc', kind: 'status', match: creationOf(resource), times: 1, params: { status: 409, body: taken, applied: true } },
  })),
  ...steps.flatMap(({ next, resource }) => [400, 403].flatMap((status): readonly JoinedFault[] => {
    const final: Fault = { peer: 'ovoc', kind: 'status', match: creationOf(next), times: 1, params: { status } };
    return [
      { name: `ovoc-${resource}-invisible-then-${next}-${status}`, final, lasting: invisible(resource) },
      { name: `ovoc-${resource}-answer-lost-then-${next}-${status}`, final, lasting: { peer: 'ovoc', kind: 'lost-answer', match: creationOf(resource) } },
    ];
  })),
  {
    name: 'ovoc-removals-403-for-long', isLong: true, lasting: { peer: 'ovoc', kind: 'status', match: { method: 'DELETE' }, params: { status: 403 } },
    final: { peer: 'ovoc', kind: 'status', match: creationOf('links'), times: 3, params: { status: 403 } },
  },
  // The last line fails: all rows are there by then, and can't be removed, or only the route can.
  ...([['sbc-removals-refused-for-long', {}], ['sbc-removals-half-refused-for-long', { table: 'ip-group' }]] as const).map(([name, params]): JoinedFault => ({
    name, isLong: true, ofOneSbc: true, lasting: { peer: 'sbc', kind: 'rows-locked', match: script, params },
    final: { peer: 'sbc', kind: 'fail-at-line', match: script, times: 2, params: { line: scriptLines } },
  })),
];

/** Two things that the simulated peers do wrong at once: a final no, and what makes it hard to clean up after it. */
export const joinedFaults: readonly FaultCase[] = joinedFaultTable.map(({ final, isLong = false, isPutOff, lasting, name, ofOneSbc = false }): FaultCase => ({
  name, family: final.peer, lane: 'peers', isLong,
  run: async ({ record, nextOrder, peers }, random) => {
    const id = ofOneSbc ? nextOrder()?.body.siteLocation.sbcId ?? random.pick(peers.sbcIds) : undefined;
    if (id !== undefined) record.befalls(name, id);
    const added: string[] = [];
    const add = async (fault: Fault): Promise<string> => {
      const faultId = await peers.addFault({ ...fault, ...(id === undefined ? {} : { id }) });
      added.push(faultId);
      return faultId;
    };
    try {
      // First what lasts, so that it has befallen whoever meets the other.
      const lastingId = await add(lasting);
      const finalId = await add(final);
      if (!isPutOff) record.refusingFaults.push(finalId);
      if (isLong) await delay(random.between(longMs.least, longMs.most));
      // Somebody has to meet it; that nobody does is no failure, and is told.
      else await eventually('a call that meets the final no', async () => (await peers.metBy(finalId)) > 0, metWithinMs).catch(() => undefined);
      const [lastingMet, finalMet] = await Promise.all([peers.metBy(lastingId), peers.metBy(finalId)]);
      return `${id === undefined ? '' : `SBC ${id}, `}${lastingId} met by ${lastingMet} calls, ${finalId} by ${finalMet}`;
    } finally {
      await Promise.all(added.map((faultId) => peers.removeFault(faultId)));
    }
  },
}));
