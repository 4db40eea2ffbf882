import { CustomerCreateRequested } from '../customer/customer-create-requested.js';
import { CustomerDeleteRequested } from '../customer/customer-delete-requested.js';
import { DeploymentProgressed } from '../deployment/deployment-progressed.js';
import { RequestRefused } from '../deployment/request-refused.js';
import type { Message } from '../message/message.js';
import { deploymentEventClasses } from '../process/steps.js';

/** What anybody may ask for: exchange `requests`. */
export const requestClasses = [CustomerCreateRequested, CustomerDeleteRequested] as const;

/** What happened: exchange `events`. */
export const eventClasses = [...deploymentEventClasses, DeploymentProgressed, RequestRefused] as const;

const requestTypes: ReadonlySet<string> = new Set(requestClasses.map(({ type }) => type));

/** What a service remembers of a message it has received. Ids of requests are their senders', and two senders may choose the same one. */
export function receiptOf({ id, source, type }: Pick<Message, 'id' | 'source' | 'type'>): string {
  return /* safeguard: receipt-source */ requestTypes.has(type) ? `${source} ${id}` : id;
}

export const messageClasses = [...requestClasses, ...eventClasses] as const;
