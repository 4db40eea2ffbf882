import { CustomerCreateRejected, type Deployment, DeploymentCompleted, type DeploymentEventMessage, fold, inOrder, isAnswered, withoutGaps } from '@trunkline/contracts';

/** How far a deployment is, by the copies that were heard of it. */
export type Standing =
  | { readonly kind: 'open' }
  /** An outcome was heard, and everything before it. */
  | { readonly kind: 'answered'; readonly deployment: Deployment }
  /** An outcome was heard, and not what stands before it, but less or more: only the log can tell the answer. */
  | { readonly kind: 'incomplete'; readonly outcomeId: string };

const open: Standing = { kind: 'open' };

export function standingOf(events: readonly DeploymentEventMessage[]): Standing {
  const heard = inOrder(events);
  const last = heard.at(-1);
  const outcome = heard.findLast((event) => event.type === DeploymentCompleted.type || event.type === CustomerCreateRejected.type);
  // A newer round has begun since.
  if (!last || !outcome || outcome.round < last.round) return open;
  const deployment = fold(withoutGaps(heard));
  const isComplete = deployment !== undefined && deployment.round === outcome.round && isAnswered(deployment.state)
    && (outcome.type !== DeploymentCompleted.type || /* safeguard: event-count */ heard.length === outcome.data.eventCount);
  return isComplete ? { kind: 'answered', deployment } : { kind: 'incomplete', outcomeId: outcome.id };
}

export interface LookedUp {
  readonly deployment: Deployment;
  /** When the question was sent, by the monotonic clock. */
  readonly askedAtMs: number;
}

export interface Caller {
  /** Somebody else may have asked for the same deployment before: only an acceptance heard after this request speaks of it. */
  readonly isShared: boolean;
  /** When this request was heard to be accepted, by the monotonic clock. */
  readonly acceptedAtMs: number | undefined;
}

/** Whether what the log said may be the answer of this caller: it must be no older than his request, nor than what was heard since. */
export function speaksOf(lookedUp: LookedUp, { acceptedAtMs, isShared }: Caller, heardRound: number): boolean {
  if (lookedUp.deployment.round < heardRound) return false;
  return !isShared || (acceptedAtMs !== undefined && lookedUp.askedAtMs >= acceptedAtMs);
}

export interface Waiting {
  readonly isAccepted: boolean;
  /** Callers with different requests wait for one deployment: who has it shows when the others are refused. */
  readonly isContested: boolean;
  readonly answersWhenAccepted: boolean;
  readonly isOverdue: boolean;
  /** The log was asked since the caller is overdue. */
  readonly isAskedWhenOverdue: boolean;
  readonly standing: Standing;
  /** The log was asked about the outcome that `standing` can't explain. */
  readonly isOutcomeAsked: boolean;
  /** What the log said, when it speaks of this caller's request. */
  readonly lookedUp: Deployment | undefined;
}

export type WaitingDecision =
  | { readonly kind: 'wait' }
  /** Look the deployment up in the log. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'end'; readonly deployment: Deployment }
  | { readonly kind: 'tell-accepted' }
  | { readonly kind: 'tell-unconfirmed' };

/** What a waiting caller is told now. */
export function decideWaiting(waiting: Waiting): WaitingDecision {
  const { isAccepted, isContested, isOverdue, lookedUp, standing } = waiting;
  if (isAccepted && !isContested) {
    if (waiting.answersWhenAccepted) return { kind: 'tell-accepted' };
    if (lookedUp && isAnswered(lookedUp.state)) return { kind: 'end', deployment: lookedUp };
    if (standing.kind === 'answered') return { kind: 'end', deployment: standing.deployment };
  }
  if (isOverdue) {
    if (!waiting.isAskedWhenOverdue) return { kind: 'ask' };
    return { kind: isAccepted && !isContested ? 'tell-accepted' : 'tell-unconfirmed' };
  }
  return standing.kind === 'incomplete' && !waiting.isOutcomeAsked ? { kind: 'ask' } : { kind: 'wait' };
}
