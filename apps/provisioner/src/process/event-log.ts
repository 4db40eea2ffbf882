import {
  CustomerCreateAccepted, CustomerDeleteAccepted, type Deployment, type DeploymentEventMessage, fold, inOrder, type MessageOf, type ProcessStep,
  type Ticket, undoOrder,
} from '@trunkline/contracts';

const folds = new WeakMap<readonly DeploymentEventMessage[], Deployment | undefined>();

/** The fold of a log; a decision asks for that of the same log several times. */
export function folded(events: readonly DeploymentEventMessage[]): Deployment | undefined {
  if (!folds.has(events)) folds.set(events, fold(events));
  return folds.get(events);
}

export function currentRound(events: readonly DeploymentEventMessage[]): number {
  return events.reduce((highest, event) => Math.max(highest, event.round), 0);
}

/** The whole ticket, once an event has carried one. */
export function ticketOf(events: readonly DeploymentEventMessage[]): Ticket | undefined {
  const carrier = events.find((event) => event.type !== CustomerCreateAccepted.type && event.type !== CustomerDeleteAccepted.type && 'sbc' in event.data.ticket);
  return carrier?.data.ticket as Ticket | undefined;
}

export function lastUndo(events: readonly DeploymentEventMessage[]): MessageOf<ProcessStep['undo']> | undefined {
  const [{ undo }] = undoOrder;
  return inOrder(events).findLast((event): event is MessageOf<typeof undo> => event.type === undo.type);
}

/** Whether a delete that waits for this create can be answered: nothing of the customer is left. */
export function isGone(create: Deployment | undefined): boolean {
  return create?.state === 'Failed' || create?.state === 'Cancelled' || create?.state === 'Rejected';
}
