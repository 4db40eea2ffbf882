import type { ServiceName } from '../process/services.js';
import { queriesOf, query } from './query.js';

/** `held` waits for an operator; `returned` went back to its queue; `dropped` stays where it is until it is forgotten. */
export const deadLetterStates = ['held', 'returned', 'dropped'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** Most dead letters of one answer, and most that one command returns. */
export const mostDeadLetters = 100;

/** A refused message as an operator may see it: nothing secret is in it. */
export interface DeadLetterView {
  readonly service: ServiceName;
  /** 32 hexadecimal digits that follow from the message's id and text. */
  readonly id: string;
  readonly messageId: string;
  /** As the message says; null when it says none. */
  readonly messageType: string | null;
  readonly deploymentId: string | null;
  readonly origin: { readonly queue: string; readonly exchange: string | null; readonly routingKey: string | null };
  readonly reason: string;
  /** How often the service has tried to take it in, over all returns. */
  readonly attempts: number;
  readonly timesReturned: number;
  readonly state: DeadLetterState;
  /** False for what is no whole text: it could only be refused again. */
  readonly isReturnable: boolean;
  /** Of the whole message, in bytes. */
  readonly size: number;
  readonly firstRefusedAt: string;
  readonly refusedAt: string;
  /** Why it was dropped. */
  readonly dropReason: string | null;
  /** Who returned or dropped it last, and when. */
  readonly actedBy: string | null;
  readonly actedAt: string | null;
  /** The message with secrets masked; null when it is no JSON object and so can't be told apart from one. */
  readonly envelope: Readonly<Record<string, unknown>> | null;
  /** Whether something of the envelope is left out: it is shown up to 16 KiB of JSON. What is returned is always the whole message. */
  readonly isEnvelopeCut: boolean;
}

export interface DeadLetterPage {
  /** On all pages. */
  readonly total: number;
  readonly items: readonly DeadLetterView[];
}

/** Where a dead letter stands among others. */
export interface DeadLetterKey {
  readonly id: string;
  readonly refusedAt: string;
}

export interface DeadLetterKeys {
  /** All there are. */
  readonly total: number;
  readonly keys: readonly DeadLetterKey[];
}

export interface ReturnAnswer {
  /** Sent to their queue; on disk when this is answered. */
  readonly returned: readonly string[];
  /** Asked for by id and not returned: their state, or why they can't be. */
  readonly kept: readonly { readonly id: string; readonly because: DeadLetterState | 'unknown' | 'not-returnable' }[];
  /** Of a filter: what it still finds. */
  readonly remaining: number;
}

export type DropAnswer =
  | { readonly kind: 'done'; readonly deadLetter: DeadLetterView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-allowed'; readonly state: DeadLetterState };

interface ListQuestion {
  readonly state?: DeadLetterState;
  readonly order: 'newest' | 'oldest';
  readonly offset: number;
  readonly limit: number;
}

type ReturnQuestion = { readonly caller: string } & (
  | { readonly ids: readonly string[] }
  | { readonly filter: { readonly messageType?: string; readonly deploymentId?: string }; readonly limit: number }
);

/** What an operator may ask a service about its dead letters. A command is on disk when it is answered; asked twice, the second changes nothing. */
export function deadLetterQuestions(service: ServiceName) {
  const queue = queriesOf(service);
  return {
    /** The first ones of an order without their contents, at most ten times `mostDeadLetters`. */
    keys: query<{ state?: DeadLetterState; order: 'newest' | 'oldest'; limit: number }, DeadLetterKeys>()(queue, 'dead-letter.keys'),
    /** Those of the ids that are (still) there in that state, in no order; at most `mostDeadLetters`. */
    show: query<{ ids: readonly string[]; state?: DeadLetterState }, readonly DeadLetterView[]>()(queue, 'dead-letter.show'),
    list: query<ListQuestion, DeadLetterPage>()(queue, 'dead-letter.list'),
    get: query<{ id: string }, DeadLetterView | null>()(queue, 'dead-letter.get'),
    giveBack: query<ReturnQuestion, ReturnAnswer>()(queue, 'dead-letter.return'),
    drop: query<{ id: string; caller: string; reason: string }, DropAnswer>()(queue, 'dead-letter.drop'),
  } as const;
}
