import { checkActions } from './actions.js';
import { checkAnswers, checkLogs, isPromise } from './answers.js';
import type { Facts } from './facts.js';
import { checkDeadLetters } from './dead-letters.js';
import { type Customer, customersOf, foldAll } from './ledger.js';
import { checkPeers } from './peers.js';
import { checkRoles } from './roles.js';
import { checkShare } from './share.js';
import { checkTimes } from './times.js';
import type { Verdict, Violation } from './verdict.js';
import { checkLogIsWhole, checkWriters } from './writers.js';

/** Judges a finished run. Knows the contracts and the peers' own accounts, nothing of how the product works. */
export function check(facts: Facts): Verdict {
  const folded = foldAll(facts);
  const creates = facts.deployments.filter(({ kind }) => kind === 'create');
  const inState = (...states: readonly string[]) => creates.filter(({ id }) => states.includes(folded.get(id)?.state ?? '')).length;
  const deployed = inState('Deployed');
  const customers = customersOf(facts, folded);
  const violations = [
    ...checkAnswers(facts, folded), ...checkLogs(facts, folded), ...checkPeers(facts, customers), ...checkRoles(facts.after, customers), ...checkWriters(facts),
    ...checkLogIsWhole(facts), ...checkRest(facts), ...checkNames(facts, customers), ...checkDeadLetters(facts), ...checkShare(facts, folded),
    ...checkActions(facts, folded), ...checkTimes(facts),
    ...facts.noticed.map((evidence) => ({ offence: 'unexpected' as const, rule: 'nothing strange on the way', evidence })),
  ];
  return {
    attempts: facts.requests.reduce((sum, { attempts }) => sum + attempts.length, 0),
    accepted: facts.requests.filter(({ attempts }) => attempts.some(isPromise)).length,
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

/** A name is taken by the open row of its customer, as long as the customer lives and no longer. */
function checkNames({ customers: rows }: Facts, customers: readonly Customer[]): Violation[] {
  const rowOf = new Map(rows.map((row) => [row.guid, row]));
  return customers.flatMap(({ fate, guid, shortName }): Violation[] => {
    const row = rowOf.get(guid);
    if (fate === 'gone' && row?.isClosed === false) return [{ offence: 'left behind', rule: 'a name is free once its customer is gone', evidence: `${shortName}: ${guid} is open` }];
    if (fate !== 'lives' || row?.isClosed === false) return [];
    return [{ offence: 'lost', rule: 'a Deployed customer holds its name', evidence: `${shortName}: ${guid} is ${row ? 'closed' : 'missing'}` }];
  });
}
