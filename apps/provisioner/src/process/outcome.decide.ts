import {
  DeploymentCompleted, type DeploymentEventMessage, isEnd, type MessageOf, onboarding, type ProcessStep, steps, type UndoCause, undoOrder, withoutGaps,
} from '@trunkline/contracts';

import type { Decision, OutcomePolicy } from './decision.js';
import { currentRound, folded, isGone, lastUndo, ticketOf } from './event-log.js';
import type { CustomerDeployments, TrackedDeployment } from './tracked-deployment.js';

/** Why a create is undone that a delete finds unfinished. */
export const cancelled = 'Cancelled: the customer was deleted while it was being created';

/** It opens the round in which everything is undone. */
const [firstUndone] = undoOrder;

/** What follows for a customer, of the create first. Nothing when nothing does: what a decision records answers it. */
export function decideFollowing({ create, removal }: CustomerDeployments, policy: OutcomePolicy): Decision[] {
  if (!create) return [];
  const own = decideNext(create, policy);
  return own.length === 0 && removal ? decideRemoval(create, removal) : own;
}

function decideRemoval(create: TrackedDeployment, removal: TrackedDeployment): Decision[] {
  if (folded(removal.events)?.state !== 'Accepted') return decideNext(removal, { onFailure: 'undo' });
  const state = folded(create.events);
  const round = currentRound(removal.events);
  if (isGone(state)) return [{ kind: 'complete', of: 'delete', round, outcome: 'Deleted', reason: undefined }];
  if (state?.state === 'Deployed') {
    const ticket = ticketOf(create.events);
    return ticket ? [{ kind: 'undo', step: firstUndone, of: 'delete', round, closesRound: currentRound(create.events), cause: 'Deleted', reason: undefined, ticket }] : [];
  }
  // A cleanup that has failed rests; it is tried again when it is due.
  const isResting = /* safeguard: failed-cleanup-rest */ state?.state === 'CleanupRequired';
  return !state || state.state === 'Accepted' || isResting ? [] : decideUndoOf(create, 'Cancelled', cancelled);
}

/** What follows from a deployment's log as it stands. Decides each thing once: repeated on the log that holds its own answer, it decides nothing. */
function decideNext({ events, kind: of }: TrackedDeployment, policy: OutcomePolicy): Decision[] {
  const round = currentRound(events);
  const known = withoutGaps(events).filter((event) => event.round === round);
  const has: Has = (type) => known.find((event): event is Extract<DeploymentEventMessage, { type: typeof type }> => event.type === type);
  if (events.some((event) => event.round === round && event.type === DeploymentCompleted.type)) return [];

  const undo = has(firstUndone.undo.type);
  if (undo) return decideUndo(of, undo, has);

  const failure = firstOf(steps, ({ failed }) => has(failed.type));
  if (failure) {
    const { reason, ticket } = failure.data;
    if (policy.onFailure === 'hold') return [{ kind: 'complete', of, round, outcome: 'Held', reason }];
    return [{ kind: 'undo', step: firstUndone, of, round: round + 1, closesRound: round, cause: 'Failed', reason, ticket }];
  }
  // Every phase has reported, whatever the order in which that was heard.
  const isDeployed = has(onboarding.begins.type) && steps.every(({ done }) => has(done.type));
  return isDeployed ? [{ kind: 'complete', of, round, outcome: 'Deployed', reason: undefined }] : [];
}

type Has = <Type extends DeploymentEventMessage['type']>(type: Type) => Extract<DeploymentEventMessage, { type: Type }> | undefined;

function decideUndo(of: TrackedDeployment['kind'], { data: { cause, closesRound, reason, ticket }, round }: MessageOf<ProcessStep['undo']>, has: Has): Decision[] {
  const failed = firstOf(undoOrder, ({ undoFailed }) => has(undoFailed.type));
  if (failed) return [{ kind: 'complete', of, round, outcome: 'CleanupRequired', reason: reason ?? failed.data.reason }];
  const next = undoOrder.find(({ undone }) => !has(undone.type));
  if (!next) return [{ kind: 'complete', of, round, outcome: cause, reason }];
  return has(next.undo.type) ? [] : [{ kind: 'undo', step: next, of, round, closesRound, cause, reason, ticket }];
}

function firstOf<Found>(among: readonly ProcessStep[], find: (step: ProcessStep) => Found | undefined): Found | undefined {
  for (const step of among) {
    const found = find(step);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every way back is the same: a new round that closes all forward work and asks every step that may have been reached. */
export function decideUndoOf({ events, kind: of }: TrackedDeployment, cause: UndoCause, reason: string | undefined): Decision[] {
  const ticket = ticketOf(events);
  const round = currentRound(events);
  const deployment = folded(events);
  // Before the customer exists nothing has been done outside.
  if (!ticket) return [{ kind: 'complete', of, round, outcome: cause, reason }];
  if (!deployment || (isEnd(deployment.state) && deployment.state !== 'Deployed')) return [];
  const earlier = lastUndo(events);
  if (earlier && deployment.state === 'RollingBack') return [];
  return [{
    kind: 'undo', step: firstUndone, of, round: round + 1, closesRound: Math.max(round, earlier?.data.closesRound ?? 0), cause: earlier?.data.cause ?? cause,
    // A retried undo keeps why it was begun.
    reason: earlier?.data.reason ?? (deployment.state === 'Held' ? deployment.reason : reason), ticket,
  }];
}
