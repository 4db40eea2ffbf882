import { type ServiceName, type Message, receiptOf } from '@trunkline/contracts';
import { type AfterHandlerFailure, type FailedMessage, HandlerFailures, type IncomingMessage, type Outbox, outgoingEvent } from '@trunkline/messaging';
import type { Database } from '@trunkline/persistence';
import { type Clock, errorMessage } from '@trunkline/runtime';

import { keepRefused } from './dead-letter-rows.js';
import { isAbsence } from './handler-error.js';
import { notHandled } from './not-handled.js';
import { givenUpMessage, keyOf } from './refused-message.js';

/** Attempts that may fail before a message is given up; those that fail because database or broker are away are not counted. */
export const mostAttempts = 8;

/**
 * Counts what fails, in rows: restarts, other processes and the order of redelivery change nothing about it. A message that is given up becomes a
 * dead letter in the transaction that tells the end of its work.
 */
export class FailedHandling extends HandlerFailures {
  constructor(
    private readonly database: Database, private readonly outbox: Outbox, private readonly service: ServiceName, private readonly clock: Clock,
  ) {
    super();
  }

  override async after({ decoded, error, incoming, type }: FailedMessage): Promise<AfterHandlerFailure> {
    /* safeguard: absence-not-counted */
    if (isAbsence(error)) return { kind: 'again' };
    const [row] = await this.database.run<{ attempts: number }>({
      name: 'failed-handling-count',
      text: `INSERT INTO failed_handling AS failed (id, attempts) VALUES ($1, 1)
             ON CONFLICT (id) DO UPDATE SET attempts = failed.attempts + 1, failed_at = now() RETURNING attempts`,
      values: [keyOf(incoming)],
    });
    const attempts = row?.attempts ?? 0;
    if (/* safeguard: handling-attempts */ attempts < mostAttempts) return { kind: 'again' };
    await this.giveUp(incoming, decoded as Message, `The handler of ${type} failed ${mostAttempts} times, at last with: ${errorMessage(error)}`, attempts);
    return { kind: 'given-up', attempts };
  }

  override async succeeded(incoming: IncomingMessage): Promise<void> {
    const forget = { name: 'failed-handling-over', text: 'DELETE FROM failed_handling WHERE id = $1', values: [keyOf(incoming)] };
    // What stays is forgotten by housekeeping.
    await this.database.run(forget).catch(() => undefined);
  }

  private async giveUp(incoming: IncomingMessage, message: Message, reason: string, attempts: number): Promise<void> {
    const told = await this.database.transaction(async (transaction) => {
      keepRefused(transaction, [givenUpMessage(incoming, this.service, reason, attempts)]);
      const [received] = await transaction.run({ name: 'inbox-has', text: 'SELECT 1 AS found FROM inbox WHERE message_id = $1', values: [receiptOf(message)] });
      // What can't be handled is a copy then: what the message asks for is under way or done.
      const end = /* safeguard: copy-failure-silent */ received ? undefined : notHandled(this.service, message, this.clock.now().toISOString());
      return this.outbox.store(transaction, end ? [outgoingEvent(end.message, end.origins)] : []);
    });
    this.outbox.publish(told);
  }
}
