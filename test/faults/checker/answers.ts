import { isDeepStrictEqual } from 'node:util';

import { type Deployment, type DeploymentEventMessage, DeploymentCompleted, isEnd, taskIdOf, taskStatusOf } from '@trunkline/contracts';

import { createCustomerAnswer, createOutcome } from '../../../apps/gateway/src/customers/create-customer-answer.js';
import type { Attempt, Facts, ClientRequest } from './facts.js';
import type { Violation } from './verdict.js';

/** Nothing is disturbed any more when it is asked. */
const replayWithinMs = 4_000;

/** Answers that promise that a request has been stored. */
export const isPromise = ({ status }: Attempt): boolean => status === 200 || status === 202;

/** What clients were told, and are told now, against the fold of the log. */
export function checkAnswers({ events, requests }: Pick<Facts, 'events' | 'requests'>, folded: ReadonlyMap<string, Deployment>): Violation[] {
  return requests.flatMap((request) => {
    const deployment = folded.get(request.deploymentId);
    const who = `${request.kind} ${request.shortName} (${request.deploymentId})`;
    if (!deployment) {
      // Nothing to remove is an answer, not a deployment.
      if (request.kind === 'delete' && request.attempts.at(-1)?.status === 404) return [];
      return request.attempts.some(isPromise)
        ? [{ offence: 'lost' as const, rule: 'an accepted request is stored', evidence: `${who}: answered ${statuses(request)}, no log` }]
        : [{ offence: 'lost' as const, rule: 'a request that is repeated often enough is accepted', evidence: `${who}: answered ${statuses(request)}` }];
    }
    return [...(request.kind === 'create' ? checkReplay(request, deployment, events[request.deploymentId] ?? [], who) : []), ...checkTask(request, deployment, who)];
  });
}

function checkReplay({ attempts, replay }: ClientRequest, deployment: Deployment, log: readonly DeploymentEventMessage[], who: string): Violation[] {
  if (deployment.state === 'Rejected') return [];
  const told = [...attempts.filter(({ status }) => status === 200), ...(replay ? [replay] : [])];
  const { customerGuid, progress, shortName, siteGuid } = deployment;
  const expected = createCustomerAnswer({ customerGuid, shortName, siteGuids: [siteGuid], progress, ...createOutcome(deployment) });
  // What was told while it was held, or its cleanup still went on, is an outcome that others came after.
  const wasHeld = outcomesOf(log).some(({ outcome }) => outcome === 'Held');
  const wrong = told.filter((attempt) => attempt.status !== 200 || !isDeepStrictEqual(parsed(attempt), expected));
  const tellsLess = (attempt: Attempt) => (
    attempt !== replay && attempt.status === 200 && (deployment.round > 2 || wasHeld) && isOneOf(parsed(attempt), outcomesOf(log))
  );
  const late: Violation[] = replay && replay.tookMs > replayWithinMs
    ? [{ offence: 'unexpected', rule: 'a finished request that is repeated is answered at once', evidence: `${who}: ${replay.tookMs} ms` }]
    : [];
  return wrong.filter((attempt) => !tellsLess(attempt)).map((attempt): Violation => ({
    offence: 'unexpected', rule: 'an answer is the fold of the log', evidence: `${who}: told ${attempt.status ?? 'nothing'} ${attempt.text ?? ''}, the log says ${JSON.stringify(expected)}`,
  })).concat(late);
}

interface ToldOutcome {
  readonly outcome: string;
  readonly deploymentState: string;
  readonly errorDetails: string | null;
}

const outcomesOf = (log: readonly DeploymentEventMessage[]): readonly ToldOutcome[] => log.flatMap((event) => (event.type === DeploymentCompleted.type
  ? [{ outcome: event.data.outcome, deploymentState: event.data.outcome === 'Deployed' ? 'Deployed' : 'Unknown', errorDetails: event.data.outcome === 'Deployed' ? null : event.data.reason ?? event.data.outcome }]
  : []));

function isOneOf(told: unknown, outcomes: readonly ToldOutcome[]): boolean {
  const { deploymentState, errorDetails } = (told ?? {}) as Partial<ToldOutcome>;
  return outcomes.some((outcome) => outcome.deploymentState === deploymentState && outcome.errorDetails === errorDetails);
}

function checkTask({ task }: ClientRequest, deployment: Deployment, who: string): Violation[] {
  const seen = task && parsed(task) as { id?: unknown; status?: unknown; executionMessages?: unknown } | undefined;
  const expected = { id: taskIdOf(deployment.deploymentId), status: taskStatusOf(deployment.state), executionMessages: deployment.progress };
  if (seen && isDeepStrictEqual({ id: seen.id, status: seen.status, executionMessages: seen.executionMessages }, structuredClone(expected))) return [];
  return [{ offence: 'unexpected', rule: 'a task is the fold of the log', evidence: `${who}: told ${task?.status ?? 'nothing'} ${task?.text ?? ''}, the log says ${JSON.stringify(expected)}` }];
}

/** Every stored deployment has come to its end, and its log says everything once. */
export function checkLogs({ deployments, events }: Pick<Facts, 'deployments' | 'events'>, folded: ReadonlyMap<string, Deployment>): Violation[] {
  return deployments.flatMap(({ id, kind, shortName, state }) => {
    const who = `${kind} ${shortName} (${id})`;
    const deployment = folded.get(id);
    const found: Violation[] = [];
    if (!deployment || !isEnd(deployment.state)) {
      const rule = deployment?.state === 'CleanupRequired' ? 'a cleanup ends once nothing disturbs it' : 'an accepted request ends';
      found.push({ offence: 'lost', rule, evidence: `${who}: ${deployment?.state ?? 'no log'}; ${(events[id] ?? []).map((event) => `${event.round}:${event.type}`).join(' ')}` });
    }
    if (deployment && deployment.state !== state) found.push({ offence: 'unexpected', rule: 'the stored state is the fold of the log', evidence: `${who}: ${state}, the log says ${deployment.state}` });
    const said = lastOutcome(events[id] ?? []);
    if (deployment && isEnd(deployment.state) && deployment.state !== 'Rejected' && said !== deployment.state) {
      found.push({ offence: 'unexpected', rule: 'the end is what the last outcome says', evidence: `${who}: ${deployment.state}, the outcome says ${said ?? 'nothing'}` });
    }
    return [...found, ...twice(events[id] ?? []).map((what) => ({ offence: 'duplicated' as const, rule: 'an event of a round happens once', evidence: `${who}: ${what}` }))];
  });
}

/** What the outcome of the latest round says by itself, without the fold. */
export function lastOutcome(log: readonly DeploymentEventMessage[]): string | undefined {
  const outcomes = log.flatMap((event) => (event.type === DeploymentCompleted.type ? [{ round: event.round, outcome: event.data.outcome }] : []));
  return outcomes.sort((a, b) => b.round - a.round)[0]?.outcome;
}

function twice(log: readonly DeploymentEventMessage[]): string[] {
  const counts = new Map<string, number>();
  for (const { round, type } of log) counts.set(`${round}:${type}`, (counts.get(`${round}:${type}`) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([what, count]) => `${count} times ${what}`)
    .concat(log.filter((event) => event.type === DeploymentCompleted.type && event.data.eventCount > log.length).map(() => `the outcome counts more events than the ${log.length} of the log`));
}

function parsed({ text }: Attempt): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const statuses = ({ attempts }: ClientRequest): string => attempts.map(({ status }) => status ?? 'nothing').join(', ');
