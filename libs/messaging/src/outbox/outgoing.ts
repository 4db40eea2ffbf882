import { cloudEventsContentType, encode, type Message, routingKeyOf } from '@trunkline/contracts';

import type { OutgoingMessage } from '../transport/transport.js';

/** Header of a copy that is sent again because its effect was not seen; its id is the old one. */
export const redriveHeader = 'x-trunkline-redrive';

/** An event as the outbox keeps it. */
export interface OutboxMessage {
  readonly exchange: 'requests' | 'events';
  readonly routingKey: string;
  readonly messageId: string;
  readonly body: string;
  /** Copies keys of the gateways that wait. */
  readonly bcc: readonly string[];
  readonly isRedrive: boolean;
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

/** Events are guarded by declared queues and by re-drive: `mandatory` would be masked by a copy's key. */
export function toTransport(message: OutboxMessage): OutgoingMessage {
  return {
    exchange: message.exchange,
    routingKey: message.routingKey,
    messageId: message.messageId,
    contentType: cloudEventsContentType,
    body: Buffer.from(message.body),
    mandatory: false,
    ...(message.bcc.length > 0 ? { bcc: message.bcc } : {}),
    ...(message.isRedrive ? { headers: { [redriveHeader]: true } } : {}),
  };
}
