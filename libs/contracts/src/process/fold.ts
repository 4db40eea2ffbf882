import type { Deployment } from '../deployment/deployment.js';
import { DeploymentCompleted } from '../deployment/deployment-completed.js';
import { eventOrder } from './event-order.js';
import { evolve } from './evolve.js';
import type { DeploymentEventMessage } from './steps.js';

/**
 * The one place that knows how events become an answer. A function of the *set* of events: order of arrival and duplicates
 * change nothing, and an event that comes late takes its old place. Undefined without events.
 */
export function fold(events: Iterable<DeploymentEventMessage>): Deployment | undefined {
  let deployment: Deployment | undefined;
  for (const event of inOrder(events)) deployment = evolve(deployment, event);
  return deployment;
}

/** The events once each, by (round, phase, sequence); of two outcomes of one round the first stays. */
export function inOrder(events: Iterable<DeploymentEventMessage>): DeploymentEventMessage[] {
  const unique = new Map<string, DeploymentEventMessage>();
  for (const event of events) if (!unique.has(event.id)) unique.set(event.id, event);
  const sorted = [...unique.values()].sort(byPlace);
  const ended = new Set<number>();
  return sorted.filter((event) => {
    if (event.type !== DeploymentCompleted.type) return true;
    if (ended.has(event.round)) return false;
    ended.add(event.round);
    return true;
  });
}

/** The longest beginning in which every event stands after one that can have caused it: what a live view may show. */
export function withoutGaps(events: Iterable<DeploymentEventMessage>): DeploymentEventMessage[] {
  const ordered = inOrder(events);
  const seenInRound = new Map<number, Set<string>>();
  let highest = 0;
  const gap = ordered.findIndex((event) => {
    const { after } = eventOrder[event.type];
    const seen = seenInRound.get(event.round) ?? new Set<string>();
    const isCaused = after.length === 0 ? event.round <= highest + 1 : after.some((type) => seen.has(type));
    if (!isCaused) return true;
    seenInRound.set(event.round, seen.add(event.type));
    highest = Math.max(highest, event.round);
    return false;
  });
  return gap < 0 ? ordered : ordered.slice(0, gap);
}

function byPlace(a: DeploymentEventMessage, b: DeploymentEventMessage): number {
  return /* safeguard: fold-round-order */ a.round - b.round
    || eventOrder[a.type].phase - eventOrder[b.type].phase || a.sequence - b.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
