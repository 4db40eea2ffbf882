import {
  allowedActions, CustomerCreateAccepted, CustomerDeleteAccepted, type Deployment, DeploymentAbandoned, type DeploymentAction, deploymentActions,
  DeploymentCompleted, type DeploymentEventMessage, type DeploymentState, OvocCleanupRequested,
} from '@trunkline/contracts';

import { isPromise } from './answers.js';
import type { AskedAction, Attempt, Facts } from './facts.js';
import type { Violation } from './verdict.js';

type Log = readonly DeploymentEventMessage[];

/** What opens a round: a request, an undo, or an operator who takes over. */
const openers: ReadonlySet<string> = new Set([CustomerCreateAccepted.type, CustomerDeleteAccepted.type, OvocCleanupRequested.type, DeploymentAbandoned.type]);

/** What cancels, deletes and operators asked of deployments against what came of it. */
export function checkActions(facts: Pick<Facts, 'actions' | 'byHand' | 'deployments' | 'events' | 'requests'>, folded: ReadonlyMap<string, Deployment>): Violation[] {
  return [
    ...facts.actions.flatMap((asked) => [...checkStatuses(asked), ...checkRefusals(asked, folded.get(asked.deploymentId)), ...checkKnown(asked, facts)]),
    ...facts.deployments.flatMap(({ customerGuid, id, kind, shortName }) => {
      const asked = facts.actions.filter(({ deploymentId }) => deploymentId === id);
      const removal = facts.deployments.find((row) => row.kind === 'delete' && row.customerGuid === customerGuid);
      const [log, deployment] = [facts.events[id] ?? [], folded.get(id)];
      const who = `${kind} ${shortName} (${id})`;
      const isTakenOff = facts.byHand.some(({ deploymentId }) => deploymentId === id);
      const ends = deployment
        ? [...checkCancelled(log, deployment, asked, removal !== undefined, who), ...checkAbandoned(log, deployment, asked, isTakenOff, who)]
        : [];
      return [...checkRounds(log, who), ...checkCounts(log, asked, who), ...ends];
    }),
    ...checkDeletes(facts, folded), ...checkUnasked(facts),
  ];
}

const isYes = ({ status }: Attempt): boolean => status === 202;
/** The answer was lost, or nobody knew: it may have been done. */
const mayBeYes = ({ status }: Attempt): boolean => status === undefined || status >= 500 || status === 202;

function checkStatuses({ action, attempts, deploymentId, reason }: AskedAction): Violation[] {
  const known = action === 'cancel' ? [202, 404, 409] : [202, 409];
  return attempts.filter(({ status }) => status !== undefined && status < 500 && !known.includes(status)).map(({ status, text }) => ({
    offence: 'unexpected', rule: 'an action is taken or not allowed', evidence: `${reason}: ${action} of ${deploymentId} told ${status ?? 'nothing'} ${text ?? ''}`,
  }));
}

/** By the refusal's own words: what was legal then is not refused. */
function checkRefusals({ action, attempts, deploymentId, reason }: AskedAction, deployment: Deployment | undefined): Violation[] {
  return attempts.flatMap(({ status, text = '' }): Violation[] => {
    const state = /is not allowed while the deployment is ([A-Za-z]+)/.exec(text)?.[1];
    if (status !== 409 || state === undefined || !deployment) return [];
    if (!allowedActions({ kind: deployment.kind, state: state as DeploymentState }).includes(action)) return [];
    return [{ offence: 'unexpected', rule: 'an action that is legal is not refused', evidence: `${reason}: ${action} of ${deploymentId}: ${text}` }];
  });
}

function checkKnown({ attempts, deploymentId, reason }: AskedAction, { requests }: Pick<Facts, 'requests'>): Violation[] {
  const promised = toldSince(requests, deploymentId, isPromise);
  return attempts.filter(({ atMs, status }) => status === 404 && promised.some((sinceMs) => sinceMs < atMs)).map(() => (
    { offence: 'lost', rule: 'what was accepted can be cancelled', evidence: `${reason}: ${deploymentId} was accepted before, and not found` }
  ));
}

/** When callers of a deployment had been told so. */
function toldSince(requests: Facts['requests'], deploymentId: string | undefined, isTold: (attempt: Attempt) => boolean): readonly number[] {
  const told = requests.filter((request) => request.deploymentId === deploymentId).flatMap(({ attempts }) => attempts.filter(isTold));
  return told.map(({ atMs, tookMs }) => atMs + tookMs);
}

/** Of all who act at once one has effect: what follows from it opens a round, and a round is opened once. */
function checkRounds(log: Log, who: string): Violation[] {
  const rounds = [...new Set(log.map(({ round }) => round))].filter((round) => round > 1);
  return rounds.flatMap((round): Violation[] => {
    const opened = log.filter((event) => event.round === round && openers.has(event.type)).map(({ type }) => type);
    return opened.length <= 1 ? [] : [{ offence: 'duplicated', rule: 'of two who act at once one has effect', evidence: `${who}: round ${round} was opened by ${opened.join(' and ')}` }];
  });
}

/** Every yes has its effect, and what has an effect was asked for. Cancels and abandons are told apart by their reasons. */
function checkCounts(log: Log, asked: readonly AskedAction[], who: string): Violation[] {
  const of = (action: DeploymentAction) => asked.filter((each) => each.action === action).flatMap(({ attempts }) => attempts);
  const [retried, rolledBack] = [after(log, 'Held', isRetry), after(log, 'Held', isRollback)];
  // A cleanup is begun again by itself as well.
  const cleanedAgain = after(log, 'CleanupRequired', ({ type }) => type === OvocCleanupRequested.type);
  return [
    ...(of('retry').filter(isYes).length > retried + cleanedAgain ? [`${of('retry').filter(isYes).length} times told yes to a retry, begun again ${retried + cleanedAgain} times`] : []),
    ...(of('rollback').filter(isYes).length > rolledBack ? [`${of('rollback').filter(isYes).length} times told yes to a rollback, rolled back ${rolledBack} times`] : []),
  ].map((what): Violation => ({ offence: 'lost', rule: 'an action that was taken has its effect', evidence: `${who}: ${what}` })).concat([
    ...(retried > of('retry').filter(mayBeYes).length ? [`begun again ${retried} times, asked ${of('retry').filter(mayBeYes).length} times`] : []),
    ...(rolledBack > of('rollback').filter(mayBeYes).length ? [`rolled back ${rolledBack} times, asked ${of('rollback').filter(mayBeYes).length} times`] : []),
  ].map((what): Violation => ({ offence: 'unexpected', rule: 'nobody\'s action is done unasked', evidence: `${who}: ${what}` })));
}

const isRetry = ({ type }: DeploymentEventMessage): boolean => type === CustomerCreateAccepted.type;
const isRollback = (event: DeploymentEventMessage): boolean => event.type === OvocCleanupRequested.type && event.data.cause !== 'Cancelled';

/** How many rounds ended so and were followed by one that was opened like this. */
function after(log: Log, outcome: string, isOpener: (event: DeploymentEventMessage) => boolean): number {
  const rounds = new Set(log.flatMap((event) => (event.type === DeploymentCompleted.type && event.data.outcome === outcome ? [event.round] : [])));
  return new Set(log.filter((event) => rounds.has(event.round - 1) && isOpener(event)).map(({ round }) => round)).size;
}

function checkCancelled(log: Log, deployment: Deployment, asked: readonly AskedAction[], isRemoved: boolean, who: string): Violation[] {
  const cancels = asked.filter(({ action }) => action === 'cancel');
  const reason = 'reason' in deployment ? deployment.reason : undefined;
  const isAbandoned = log.some(({ type }) => type === DeploymentAbandoned.type);
  const lost = isAbandoned ? [] : cancels.filter(({ attempts, reason: wanted }) => attempts.some(isYes) && !(deployment.state === 'Cancelled' && reason === wanted));
  const isUnasked = deployment.state === 'Cancelled' && !isRemoved && !cancels.some(({ attempts, reason: wanted }) => wanted === reason && attempts.some(mayBeYes));
  return [
    ...lost.map(({ reason: wanted }): Violation => (
      { offence: 'lost', rule: 'an action that was taken has its effect', evidence: `${who}: told yes to "${wanted}", is ${deployment.state} (${reason ?? 'no reason'})` }
    )),
    ...(isUnasked ? [{ offence: 'unexpected' as const, rule: 'nobody\'s action is done unasked', evidence: `${who}: Cancelled (${reason ?? 'no reason'})` }] : []),
  ];
}

/** Who takes over is named by his reason, and nothing comes after him. */
function checkAbandoned(log: Log, deployment: Deployment, asked: readonly AskedAction[], isTakenOff: boolean, who: string): Violation[] {
  const found = log.filter((event): event is DeploymentAbandoned => event.type === DeploymentAbandoned.type);
  const abandons = asked.filter(({ action }) => action === 'abandon');
  const lost = abandons.filter(({ attempts, reason }) => attempts.some(isYes) && !found.some(({ data }) => data.reason === reason));
  const unasked = found.filter(({ data }) => !abandons.some(({ attempts, reason }) => reason === data.reason && attempts.some(mayBeYes)));
  const end = deployment.kind === 'create' ? 'Failed' : 'Deleted';
  const wrongEnds = found.filter(({ data, round }) => (
    deployment.state !== end || deployment.round !== round || ('reason' in deployment && !deployment.reason.includes(data.reason))
  ));
  return [
    ...lost.map(({ reason }): Violation => ({ offence: 'lost', rule: 'an action that was taken has its effect', evidence: `${who}: told yes to "${reason}", was not abandoned so` })),
    ...unasked.map(({ data }): Violation => ({ offence: 'unexpected', rule: 'nobody\'s action is done unasked', evidence: `${who}: abandoned (${data.reason})` })),
    ...(found.length > 0 && !isTakenOff ? [{ offence: 'unexpected' as const, rule: 'what is abandoned is taken off by hand', evidence: who }] : []),
    ...wrongEnds.map(({ data, round }): Violation => ({
      offence: 'unexpected', rule: 'what is abandoned ends so',
      evidence: `${who}: abandoned in round ${round} (${data.reason}), is ${deployment.state} in round ${deployment.round} (${'reason' in deployment ? deployment.reason : 'no reason'})`,
    })),
  ];
}

/** Whatever was put into a queue, or returned to one: what is done belongs to a request. */
function checkUnasked({ deployments, requests }: Pick<Facts, 'deployments' | 'requests'>): Violation[] {
  const wanted = new Set(requests.map(({ deploymentId }) => deploymentId));
  return deployments.filter(({ id }) => !wanted.has(id))
    .map(({ id, kind, shortName, state }) => ({ offence: 'unexpected', rule: 'nothing is done that nobody asked for', evidence: `${kind} ${shortName} (${id}): ${state}` }));
}

/** Whoever was told that he stands is found by a delete, as long as none has been accepted. */
function checkDeletes({ deployments, requests }: Pick<Facts, 'deployments' | 'requests'>, folded: ReadonlyMap<string, Deployment>): Violation[] {
  return requests.filter(({ deploymentId, kind }) => kind === 'delete' && !deployments.some(({ id }) => id === deploymentId)).flatMap((request): Violation[] => {
    const create = deployments.find(({ customerGuid, kind }) => kind === 'create' && customerGuid === request.key);
    const standsSince = toldSince(requests, create?.id, ({ status }) => status === 200);
    const isDenied = request.attempts.some(({ atMs, status }) => status === 404 && standsSince.some((sinceMs) => sinceMs < atMs));
    if (!create || folded.get(create.id)?.state !== 'Deployed' || !isDenied) return [];
    return [{ offence: 'lost', rule: 'a customer who stands can be removed', evidence: `${request.shortName} (${request.key}): stands, and was not found` }];
  });
}

/** How often each action was asked, said yes to, and asked by two at once: for the report. */
export function countActions(actions: Facts['actions']): readonly string[] {
  return deploymentActions.flatMap((action) => {
    const own = actions.filter((asked) => asked.action === action);
    const together = own.filter(({ occasion, reason }) => actions.some((other) => other.occasion === occasion && other.reason !== reason));
    return own.length === 0 ? [] : [`${action} ${own.length} (yes ${own.filter(({ attempts }) => attempts.some(isYes)).length}, two at once ${together.length})`];
  });
}
