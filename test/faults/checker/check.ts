import { checkAnswers, checkLogs, isPromise } from './answers.js';
import type { Facts } from './facts.js';
import { customersOf, foldAll } from './ledger.js';
import { checkPeers, checkWriters } from './peers.js';
import type { Verdict, Violation } from './verdict.js';

/** So that a run in which everything fails can't pass. */
export const leastDeployedShare = 0.95;

/** Judges a finished run. Knows the contracts and the peers' own accounts, nothing of how the product works. */
export function check(facts: Facts): Verdict {
  const folded = foldAll(facts);
  const creates = facts.deployments.filter(({ kind }) => kind === 'create');
  const inState = (...states: readonly string[]) => creates.filter(({ id }) => states.includes(folded.get(id)?.state ?? '')).length;
  const deployed = inState('Deployed');
  const violations = [
    ...checkAnswers(facts, folded), ...checkLogs(facts, folded), ...checkPeers(facts, customersOf(facts, folded)), ...checkWriters(facts),
    ...checkRest(facts), ...checkShare(facts, deployed),
    ...facts.noticed.map((evidence) => ({ offence: 'unexpected' as const, rule: 'nothing strange on the way', evidence })),
  ];
  return {
    attempts: facts.wishes.reduce((sum, { attempts }) => sum + attempts.length, 0),
    accepted: facts.wishes.filter(({ attempts }) => attempts.some(isPromise)).length,
    deployed, failed: inState('Failed', 'Cancelled', 'CleanupRequired', 'Held'), rejected: inState('Rejected'),
    removed: facts.deployments.filter(({ id, kind }) => kind === 'delete' && folded.get(id)?.state === 'Deleted').length,
    violations,
  };
}

/** At rest nothing waits anywhere. */
function checkRest({ customers, openJobs, outboxes, queues }: Facts): Violation[] {
  const waiting = (rule: string, counts: Readonly<Record<string, number>>) => Object.entries(counts).filter(([, count]) => count > 0)
    .map(([name, count]): Violation => ({ offence: 'unexpected', rule, evidence: `${name}: ${count}` }));
  const open = customers.filter(({ isClosed }) => !isClosed).map(({ sbcId, shortName }) => `${shortName.toLowerCase()} on SBC ${sbcId}`);
  const doubled = open.filter((name, index) => open.indexOf(name) !== index);
  return [
    ...waiting('no message waits to be published', outboxes), ...waiting('no job is left open', openJobs), ...waiting('no queue holds a message', queues),
    ...doubled.map((evidence): Violation => ({ offence: 'duplicated', rule: 'a name is held once', evidence })),
  ];
}

/** Requests that an injected final no may have failed do not count against us. */
function checkShare({ calls, refusingFaults, wishes }: Facts, deployed: number): Violation[] {
  const refusing = new Set(refusingFaults);
  const condemned = calls.filter(({ faults = [] }) => faults.some((id) => refusing.has(id))).length;
  const valid = wishes.filter(({ kind }) => kind === 'create').length;
  const wanted = Math.ceil((valid - condemned) * leastDeployedShare);
  return deployed >= wanted ? [] : [{ offence: 'unexpected', rule: 'nearly all valid requests are deployed', evidence: `${deployed} of ${valid}, at least ${wanted} wanted (${condemned} refused on purpose)` }];
}
