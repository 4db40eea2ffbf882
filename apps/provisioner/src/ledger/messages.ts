import {
  CustomerCreateAccepted, CustomerCreated, CustomerCreateRejected, CustomerDeleteAccepted, DeploymentAbandoned, DeploymentCompleted,
  type DeploymentEventMessage, type DeploymentRef, eventIdOf, inOrder, messageOf, type ProcessStep, RequestRefused, type Ticket,
} from '@trunkline/contracts';

import type { Decision, NewEvent } from '../process/decision.js';
import { currentRound } from '../process/event-log.js';
import type { TrackedDeployment } from '../process/tracked-deployment.js';

const source = 'trunkline/provisioner';

/** The event of a decision, with the envelope that makes it one entry of the deployment's log: the same decision has the same id. */
export function eventOf(tracked: TrackedDeployment, decision: NewEvent, now: string): DeploymentEventMessage {
  const envelope = ({ step, type }: { readonly type: string; readonly step: string }) => (
    { id: eventIdOf(tracked.id, decision.round, type, 0), source, subject: tracked.id, time: now, round: decision.round, sequence: 0, step });
  const common = { ticket: refOf(tracked), progress: [] };
  switch (decision.kind) {
    case 'accept': {
      const accepted = tracked.kind === 'create' ? CustomerCreateAccepted : CustomerDeleteAccepted;
      return messageOf<typeof CustomerCreateAccepted | typeof CustomerDeleteAccepted>(accepted, { ...envelope(accepted), data: common });
    }
    case 'reject': {
      const { errorCode, errors, status } = decision;
      return messageOf(CustomerCreateRejected, { ...envelope(CustomerCreateRejected), data: { ...common, status, errorCode, errors: [...errors] } });
    }
    case 'create-customer': {
      const { data } = decision;
      return messageOf(CustomerCreated, { ...envelope(CustomerCreated), data: { ...data, ticket: ticketFor(tracked, data.ticket) } });
    }
    case 'undo': {
      const { cause, closesRound, reason, step: { undo }, ticket } = decision;
      const data = { ticket: ticketFor(tracked, ticket), progress: [], closesRound, cause, ...(reason === undefined ? {} : { reason }) };
      return messageOf<ProcessStep['undo']>(undo, { ...envelope(undo), data });
    }
    case 'abandon': {
      const { caller, closesRound, reason } = decision;
      const progress = [{ level: 'Warning' as const, message: `Abandoned by an operator: ${reason}` }];
      return messageOf(DeploymentAbandoned, { ...envelope(DeploymentAbandoned), data: { ...common, progress, reason, caller, closesRound } });
    }
    case 'complete': {
      const { outcome, reason } = decision;
      const eventCount = tracked.events.length + 1;
      const data = { ...common, outcome, eventCount, ...(reason === undefined ? {} : { reason }) };
      return messageOf(DeploymentCompleted, { ...envelope(DeploymentCompleted), data });
    }
  }
}

export function refusalOf({ errorCode, message, request, status }: Extract<Decision, { kind: 'refuse' }>, now: string): RequestRefused {
  return messageOf(RequestRefused, {
    id: eventIdOf(request.subject, 0, `${RequestRefused.type}/${request.id}`, 0), source, subject: request.subject, time: now,
    data: { requestId: request.id, status, errorCode, errors: [{ field: '', code: errorCode, message }] },
  });
}

/** Where the deployment stands, for one gateway: that it is accepted, and its outcome when it has one. */
export function standingOf({ events }: TrackedDeployment): DeploymentEventMessage[] {
  const round = currentRound(events);
  return inOrder(events).filter((event) => {
    const isAccept = event.type === CustomerCreateAccepted.type || event.type === CustomerDeleteAccepted.type;
    const isOutcome = event.type === DeploymentCompleted.type || event.type === CustomerCreateRejected.type;
    return isAccept || (isOutcome && event.round === round);
  });
}

function refOf({ customerGuid, origins, provider, shortName, siteGuid }: TrackedDeployment): DeploymentRef {
  const origin = origins.at(-1);
  return { provider, customerGuid, siteGuid, shortName, ...(origin === undefined ? {} : { origin }) };
}

function ticketFor({ origins }: TrackedDeployment, ticket: Ticket): Ticket {
  const { origin: _old, ...rest } = ticket;
  const origin = origins.at(-1);
  return { ...rest, ...(origin === undefined ? {} : { origin }) };
}
