import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

import { type IncomingMessage, reasonHeader, returnedHeader, routingKeyHeader, topology } from '@trunkline/messaging';

import { shownText } from './masked-envelope.js';

/** A refused message as its row is made. */
export interface RefusedMessage {
  readonly id: string;
  readonly messageId: string;
  readonly messageType: string | null;
  readonly deploymentId: string | null;
  readonly queue: string;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  /** At most `mostBytes` of it. */
  readonly body: Buffer;
  readonly size: number;
  readonly isReturnable: boolean;
  readonly reason: string;
  readonly attempts: number;
  /** As the message itself says: 0 for one that never went back. */
  readonly timesReturned: number;
}

/** What is longer is refused as such by everybody, so the rest of it is of no use. */
const mostBytes = 1024 * 1024;
const mostReturns = 1_000_000;
const reasonLost = 'refused; the broker moved the message itself, and the reason is only in the log';

/** The same message has the same key however often it comes: its id and its text, since ids are the senders' and two texts may share one. */
export function keyOf({ body, messageId }: Pick<IncomingMessage, 'body' | 'messageId'>): string {
  return createHash('sha256').update(messageId).update('\0').update(body).digest('hex').slice(0, 32);
}

/** How often a message has gone back to its queue, by its own word. */
export function timesReturnedOf({ headers }: Pick<IncomingMessage, 'headers'>): number {
  const times = headers[returnedHeader];
  return typeof times === 'number' && Number.isInteger(times) && times > 0 && times <= mostReturns ? times : 0;
}

/** A message that was handed out from the dead-letter queue of `queue`. */
export function refusedMessage(message: IncomingMessage, queue: string): RefusedMessage {
  const { headers } = message;
  const reason = headers[reasonHeader];
  const routingKey = headers[routingKeyHeader] ?? movedFrom(headers['x-death']);
  return describe({ ...message, routingKey: typeof routingKey === 'string' ? routingKey : '' }, queue, typeof reason === 'string' ? reason : reasonLost, 1);
}

/** A message that `queue` handed out, and that is given up after `attempts`. */
export function givenUpMessage(message: IncomingMessage, queue: string, reason: string, attempts: number): RefusedMessage {
  return describe(message, queue, reason, attempts);
}

function describe(message: IncomingMessage, queue: string, reason: string, attempts: number): RefusedMessage {
  const { body, messageId, routingKey } = message;
  const isWhole = body.length <= mostBytes;
  const named = isWhole ? namesIn(body) : {};
  const binding = topology.queues.find(({ name }) => name === queue)?.bindings.find((each) => each.routingKey === routingKey);
  return {
    id: keyOf(message),
    messageId: storable(messageId, 256),
    messageType: textOf(named.type, 128), deploymentId: textOf(named.subject, 64),
    queue, exchange: binding?.exchange ?? null, routingKey: routingKey === '' || routingKey === queue ? null : storable(routingKey, 256),
    body: isWhole ? body : body.subarray(0, mostBytes), size: body.length,
    // What is returned goes through the outbox, which holds text; no message of ours is anything else.
    isReturnable: isWhole && isUtf8(body) && !body.includes(0) && storable(messageId, 256) === messageId,
    reason: storable(reason, 1_000), attempts, timesReturned: timesReturnedOf(message),
  };
}

function namesIn(body: Buffer): { readonly type?: unknown; readonly subject?: unknown } {
  try {
    const value: unknown = JSON.parse(shownText(body));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown, mostCharacters: number): string | null => (typeof value === 'string' ? storable(value, mostCharacters) : null);

/** PostgreSQL takes no NUL in a text, and UTF-8 no half of a surrogate pair. */
const storable = (text: string, mostCharacters: number): string => text.slice(0, mostCharacters).replace(/[\p{Cs}\0]/gu, '\uFFFD');

/** The broker's own note on a message it has moved. */
function movedFrom(deaths: unknown): unknown {
  const last: unknown = Array.isArray(deaths) ? deaths[0] : undefined;
  const keys: unknown = typeof last === 'object' && last !== null && 'routing-keys' in last ? last['routing-keys'] : undefined;
  return Array.isArray(keys) ? keys[0] : undefined;
}
