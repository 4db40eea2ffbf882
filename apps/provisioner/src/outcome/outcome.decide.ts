import {
  CustomerCreateAccepted, CustomerCreated, CustomerDeleteAccepted, DeploymentAbandoned, DeploymentCompleted, type Deployment, type DeploymentEventMessage, fold,
  inOrder, isEnd, type Outcome, OvocCleaned, OvocCleanupFailed, OvocCleanupRequested, OvocSiteCreated, OvocSyncFailed, SbcCleaned, SbcCleanupFailed,
  SbcCleanupRequested, SbcOnboarded, SbcOnboardingFailed, type Ticket, type UndoCause, withoutGaps,
} from '@trunkline/contracts';

/** What the provisioner decides next, as facts to be made events of. */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'undo-ovoc'; readonly round: number; readonly closesRound: number; readonly cause: UndoCause; readonly reason?: string; readonly ticket: Ticket }
  | { readonly kind: 'undo-sbc'; readonly round: number; readonly closesRound: number; readonly cause: UndoCause; readonly reason?: string; readonly ticket: Ticket }
  | { readonly kind: 'complete'; readonly round: number; readonly outcome: Outcome; readonly reason?: string };

export interface OutcomePolicy {
  /** `hold`: a failure waits for an operator instead of being undone. */
  readonly onFailure: 'undo' | 'hold';
}

const nothing: Decision = { kind: 'nothing' };

/** What follows from a deployment's log as it stands. Decides each thing once: repeated on the log that holds its own answer, it decides nothing. */
export function decideNext(events: readonly DeploymentEventMessage[], policy: OutcomePolicy): Decision {
  const round = currentRound(events);
  const known = withoutGaps(events).filter((event) => event.round === round);
  const has = <T extends DeploymentEventMessage>(type: T['type']): T | undefined => known.find((event): event is T => event.type === type);
  if (events.some((event) => event.round === round && event.type === DeploymentCompleted.type)) return nothing;

  const undo = has<OvocCleanupRequested>(OvocCleanupRequested.type);
  if (undo) return decideUndo(undo, has, round);

  const failure = has<SbcOnboardingFailed>(SbcOnboardingFailed.type) ?? has<OvocSyncFailed>(OvocSyncFailed.type);
  if (failure) {
    if (policy.onFailure === 'hold') return { kind: 'complete', round, outcome: 'Held', reason: failure.data.reason };
    return { kind: 'undo-ovoc', round: round + 1, closesRound: round, cause: 'Failed', reason: failure.data.reason, ticket: failure.data.ticket };
  }
  // Every phase has reported, whatever the order in which that was heard.
  if (has<CustomerCreated>(CustomerCreated.type) && has<SbcOnboarded>(SbcOnboarded.type) && has<OvocSiteCreated>(OvocSiteCreated.type)) {
    return { kind: 'complete', round, outcome: 'Deployed' };
  }
  return nothing;
}

type Has = <T extends DeploymentEventMessage>(type: T['type']) => T | undefined;

function decideUndo(undo: OvocCleanupRequested, has: Has, round: number): Decision {
  const { closesRound, cause, reason, ticket } = undo.data;
  const why = reason === undefined ? {} : { reason };
  const failed = has<OvocCleanupFailed>(OvocCleanupFailed.type) ?? has<SbcCleanupFailed>(SbcCleanupFailed.type);
  if (failed) return { kind: 'complete', round, outcome: 'CleanupRequired', reason: reason ?? failed.data.reason };
  if (has<SbcCleaned>(SbcCleaned.type)) return { kind: 'complete', round, outcome: cause, ...why };
  if (has<OvocCleaned>(OvocCleaned.type) && !has<SbcCleanupRequested>(SbcCleanupRequested.type)) {
    return { kind: 'undo-sbc', round, closesRound, cause, ...why, ticket };
  }
  return nothing;
}

/** Every way back is the same: a new round that closes all forward work and asks every step that may have been reached. */
export function decideUndoOf(events: readonly DeploymentEventMessage[], cause: UndoCause, reason: string | undefined): Decision {
  const ticket = ticketOf(events);
  const round = currentRound(events);
  const deployment = fold(events);
  // Before the customer exists nothing has been done outside.
  if (!ticket) return { kind: 'complete', round, outcome: cause, ...(reason === undefined ? {} : { reason }) };
  if (!deployment || (isEnd(deployment.state) && deployment.state !== 'Deployed')) return nothing;
  const earlier = lastUndo(events);
  if (earlier && deployment.state === 'RollingBack') return nothing;
  // A retried undo keeps why it was begun.
  const why = earlier?.data.reason ?? (deployment.state === 'Held' ? deployment.reason : reason);
  return {
    kind: 'undo-ovoc', round: round + 1, closesRound: Math.max(round, earlier?.data.closesRound ?? 0), cause: earlier?.data.cause ?? cause, ...(why === undefined ? {} : { reason: why }), ticket,
  };
}

/** What follows when nothing has been heard of forward work for longer than it can take. */
export function decideOutOfTime(events: readonly DeploymentEventMessage[], policy: OutcomePolicy): Decision {
  const reason = 'The deployment was not finished in time';
  // Work that goes on all the same is reported to the held deployment, and found by a retry or an undo.
  if (/* safeguard: hold-policy */ policy.onFailure === 'hold') return { kind: 'complete', round: currentRound(events), outcome: 'Held', reason };
  return decideUndoOf(events, 'Failed', reason);
}

/** Nobody answers to being told of an abandonment, so it is told so many times more, for the case that a broker has lost it. */
const abandonmentRedrives = 6;

/** What is to be sent again: the wish whose answer the deployment waits for, or that it was abandoned. Undefined when it waits for nothing. */
export function decideRedrive(events: readonly DeploymentEventMessage[], redrives: number): DeploymentEventMessage | undefined {
  const round = currentRound(events);
  const abandoned = events.find((event) => event.round === round && event.type === DeploymentAbandoned.type);
  if (abandoned) return /* safeguard: abandonment-redrive */ redrives < abandonmentRedrives ? abandoned : undefined;
  const deployment = fold(events);
  if (!deployment || deployment.state === 'Held' || deployment.state === 'CleanupRequired' || isEnd(deployment.state)) return undefined;
  return inOrder(events).findLast((event) => event.round === round && wishes.has(event.type));
}

/** Whether forward work goes on although nothing of it may begin any more and every step has had its time since. */
export function isOutOfTime(events: readonly DeploymentEventMessage[], nowMs: number, stepsMs: number): boolean {
  const state = fold(events)?.state;
  if (state !== 'Programming' && state !== 'Synchronising') return false;
  const created = inOrder(events).findLast((event): event is CustomerCreated => event.type === CustomerCreated.type);
  return created !== undefined && nowMs > Date.parse(created.data.startBy) + stepsMs;
}

const wishes: ReadonlySet<string> = new Set([CustomerCreated.type, SbcOnboarded.type, OvocCleanupRequested.type, SbcCleanupRequested.type]);

export function currentRound(events: readonly DeploymentEventMessage[]): number {
  return events.reduce((highest, event) => Math.max(highest, event.round), 0);
}

/** The whole ticket, once an event has carried one. */
export function ticketOf(events: readonly DeploymentEventMessage[]): Ticket | undefined {
  const carrier = events.find((event) => event.type !== CustomerCreateAccepted.type && event.type !== CustomerDeleteAccepted.type && 'sbc' in event.data.ticket);
  return carrier?.data.ticket as Ticket | undefined;
}

function lastUndo(events: readonly DeploymentEventMessage[]): OvocCleanupRequested | undefined {
  return inOrder(events).findLast((event): event is OvocCleanupRequested => event.type === OvocCleanupRequested.type);
}

/** Whether a delete that waits for this create can be answered: nothing of the customer is left. */
export function isGone(create: Deployment | undefined): boolean {
  return create?.state === 'Failed' || create?.state === 'Cancelled' || create?.state === 'Rejected';
}
