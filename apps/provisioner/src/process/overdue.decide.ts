import { CustomerCreated, DeploymentAbandoned, type DeploymentEventMessage, inOrder, isEnd, stepRequestTypes, steps } from '@trunkline/contracts';

import type { Decision, OutcomePolicy } from './decision.js';
import { currentRound, folded } from './event-log.js';
import { decideUndoOf } from './outcome.decide.js';
import type { TrackedDeployment } from './tracked-deployment.js';

/** What follows when nothing has been heard of forward work for longer than it can take. */
export function decideOutOfTime(tracked: TrackedDeployment, policy: OutcomePolicy): Decision[] {
  const reason = 'The deployment was not finished in time';
  // Work that goes on all the same is reported to the held deployment, and found by a retry or an undo.
  if (/* safeguard: hold-policy */ policy.onFailure === 'hold') return [{ kind: 'complete', of: tracked.kind, round: currentRound(tracked.events), outcome: 'Held', reason }];
  return decideUndoOf(tracked, 'Failed', reason);
}

/** Whether forward work goes on although nothing of it may begin any more and every step has had its time since. */
export function isOutOfTime(events: readonly DeploymentEventMessage[], nowMs: number, stepsMs: number): boolean {
  const state = folded(events)?.state;
  if (state !== 'Programming' && state !== 'Synchronising') return false;
  const created = inOrder(events).findLast((event): event is CustomerCreated => event.type === CustomerCreated.type);
  return created !== undefined && nowMs > Date.parse(created.data.startBy) + stepsMs;
}

/** How long forward work may go on after the last moment in which it could begin, in milliseconds: one step after the other. */
export function forwardWorkMs({ sbcResponseTimeoutMs, stepDeadlineMs }: { readonly stepDeadlineMs: number; readonly sbcResponseTimeoutMs: number }): number {
  // The agent counts the script of another customer, which one of its steps may have to wait for.
  return steps.length * stepDeadlineMs + sbcResponseTimeoutMs;
}

/** Nobody answers to being told of an abandonment, so it is told so many times more, for the case that a broker has lost it. */
const abandonmentRedrives = 6;

/** What is to be sent again: the request whose report the deployment waits for, or that it was abandoned. Undefined when it waits for nothing. */
export function decideRedrive(events: readonly DeploymentEventMessage[], redrives: number): DeploymentEventMessage | undefined {
  const round = currentRound(events);
  const abandoned = events.find((event) => event.round === round && event.type === DeploymentAbandoned.type);
  if (abandoned) return /* safeguard: abandonment-redrive */ redrives < abandonmentRedrives ? abandoned : undefined;
  const deployment = folded(events);
  if (!deployment || deployment.state === 'Held' || deployment.state === 'CleanupRequired' || isEnd(deployment.state)) return undefined;
  return inOrder(events).findLast((event) => event.round === round && requestTypes.has(event.type));
}

const requestTypes: ReadonlySet<string> = new Set(stepRequestTypes);
