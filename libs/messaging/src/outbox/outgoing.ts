import { cloudEventsContentType, encode, type Message, routingKeyOf } from '@trunkline/contracts';

import type { OutgoingMessage } from '../transport/transport.js';

/** Header of a copy that is sent again because its effect was not seen; its id is the old one. */
export const redriveHeader = 'x-trunkline-redrive';

/** Header of a dead letter that goes back to its queue: how often it has gone back, this time included. */
export const returnedHeader = 'x-trunkline-returned';

/** A message as the outbox keeps it. */
export interface OutboxMessage {
  /** `''`: straight to the queue that `routingKey` names. */
  readonly exchange: 'requests' | 'events' | '';
  readonly routingKey: string;
  readonly messageId: string;
  readonly body: string;
  /** Copies keys of the gateways that wait. */
  readonly bcc: readonly string[];
  readonly isRedrive: boolean;
  /** Of a returned dead letter, from 1. */
  readonly timesReturned?: number;
}

/** An event for the outbox, with copies to the gateways that wait for its deployment. */
export function outgoingEvent(message: Message, origins: readonly string[], options: { readonly isRedrive?: boolean } = {}): OutboxMessage {
  return outgoingText(message.type, message.id, encode(message).toString('utf8'), origins, options);
}

/** The same for an event whose text was stored before. */
export function outgoingText(
  type: string, messageId: string, body: string, origins: readonly string[], options: { readonly isRedrive?: boolean } = {},
): OutboxMessage {
  return { exchange: 'events', routingKey: routingKeyOf(type), messageId, body, bcc: [...new Set(origins)], isRedrive: options.isRedrive ?? false };
}

/** Events are guarded by declared queues and by re-drive: `mandatory` would be masked by a copy's key. What goes to one queue has neither. */
export function toTransport(message: OutboxMessage): OutgoingMessage {
  const headers = { ...(message.isRedrive ? { [redriveHeader]: true } : {}), ...(message.timesReturned ? { [returnedHeader]: message.timesReturned } : {}) };
  return {
    exchange: message.exchange,
    routingKey: message.routingKey,
    messageId: message.messageId,
    contentType: cloudEventsContentType,
    body: Buffer.from(message.body),
    mandatory: message.exchange === '',
    ...(message.bcc.length > 0 ? { bcc: message.bcc } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}
