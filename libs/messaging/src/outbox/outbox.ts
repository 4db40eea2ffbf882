import { setTimeout as delay } from 'node:timers/promises';

import { type Database, heard, type Parameter, statementOf, type Transaction } from '@trunkline/persistence';
import { BackgroundLoop, idle, type Logger, reachFaultPoint } from '@trunkline/runtime';

import type { Transport } from '../transport/transport.js';
import { type OutboxMessage, toTransport } from './outgoing.js';

/** Messages of a transaction; they are on disk once it is committed. */
export interface StoredMessages {
  readonly messages: readonly OutboxMessage[];
  readonly rows: Promise<readonly StoredRow[]>;
}

/** A message that is stored: the id of its row, and its place among those given, from 1. */
export interface StoredRow {
  readonly id: string;
  readonly place: number;
}

interface StoredMessage extends OutboxMessage {
  readonly id: string;
}

interface Row {
  id: string;
  exchange: OutboxMessage['exchange'];
  routing_key: string;
  message_id: string;
  body: string;
  bcc: string[];
  is_redrive: boolean;
  times_returned: number;
}

const relayIntervalMs = 2_000;
/** What has left is removed so much later, many at a time. A crash before makes the relay send it once more. */
const removalPauseMs = 1_000;
const longestStopMs = 2_000;
/** Younger rows are on their way from memory; older ones have been left behind by a crash, a lost connection or a full queue. */
const relayAfterMs = 5_000;
const relayPortion = 200;
const maxInMemory = 5_000;

/**
 * Queries that store messages, for the WITH of a statement that writes rows of its owner beside them. `stored_message` then has the columns of `StoredRow`,
 * both bigint. `only` is an SQL condition on `place`.
 */
export function storing(messages: readonly OutboxMessage[], parameter: Parameter, only = 'true'): string {
  const rows = messages.map((m) => ({
    exchange: m.exchange, routing_key: m.routingKey, message_id: m.messageId, bcc: m.bcc, is_redrive: m.isRedrive, times_returned: m.timesReturned ?? 0,
  }));
  return `
    stored_message AS (
      SELECT nextval(pg_get_serial_sequence('outbox', 'id')) AS id, m.* FROM ROWS FROM (
        jsonb_to_recordset(${parameter(JSON.stringify(rows))}::jsonb) AS (exchange text, routing_key text, message_id text, bcc text[], is_redrive boolean, times_returned int),
        unnest(${parameter(messages.map(({ body }) => body))}::text[])
      ) WITH ORDINALITY AS m(exchange, routing_key, message_id, bcc, is_redrive, times_returned, body, place)
      WHERE ${only}
    ), outbox_row AS (
      INSERT INTO outbox (id, exchange, routing_key, message_id, body, bcc, is_redrive, times_returned) OVERRIDING SYSTEM VALUE
      SELECT id, exchange, routing_key, message_id, body, bcc, is_redrive, times_returned FROM stored_message
    )`;
}

/**
 * Messages leave only after the transaction that stored them is on disk, and stay stored until the transport has confirmed them:
 * each leaves at least once.
 */
export class Outbox {
  private readonly inMemory = new Map<string, Promise<boolean>>();
  /** Have left, and are still stored. */
  private readonly left = new Set<string>();
  private readonly removal: BackgroundLoop;
  private readonly relay: BackgroundLoop;

  constructor(private readonly database: Database, private readonly transport: Transport, private readonly logger: Logger) {
    this.removal = new BackgroundLoop('outbox removal', removalPauseMs, () => this.removeLeft(), logger);
    this.relay = new BackgroundLoop('outbox relay', relayIntervalMs, () => this.relayOldRows(), logger);
  }

  start(): void {
    /* safeguard: outbox-relay */
    this.relay.start();
    this.removal.start();
  }

  /** What is still on its way is waited for; what does not leave stays stored. */
  async stop(): Promise<void> {
    await this.relay.stop();
    await this.removal.stop();
    // A confirm that does not come fails by itself.
    await Promise.race([Promise.all(this.inMemory.values()), delay(longestStopMs, undefined, { ref: false })]);
    await this.removeLeft().catch((err: unknown) => { this.logger.warn({ err }, 'messages that have left stay stored, the relay sends them again'); });
  }

  /** Stores messages in the caller's transaction. Give the answer to `publish` once that is committed. */
  store(transaction: Transaction, messages: readonly OutboxMessage[]): StoredMessages {
    if (messages.length === 0) return { messages, rows: Promise.resolve([]) };
    const rows = transaction.run<StoredRow>(statementOf('outbox-store', (parameter) => (
      `WITH ${storing(messages, parameter)} SELECT id::text, place::int FROM stored_message`)));
    return { messages, rows: heard(rows) };
  }

  /** Sends committed messages from memory, beside the caller. Beyond a bound they are left to the relay. */
  publish({ messages, rows }: StoredMessages): void {
    void rows.then((stored) => {
      for (const { id, place } of stored) {
        if (this.inMemory.size >= maxInMemory) return;
        void this.send({ ...messages[place - 1] as OutboxMessage, id });
      }
    });
  }

  private send(message: StoredMessage): Promise<boolean> {
    const sending = this.inMemory.get(message.id) ?? this.sendOnce(message);
    this.inMemory.set(message.id, sending);
    return sending;
  }

  private async sendOnce(message: StoredMessage): Promise<boolean> {
    try {
      reachFaultPoint('outbox.before-publish');
      /* safeguard: outbox-until-confirmed */
      await this.transport.publish(toTransport(message));
      reachFaultPoint('outbox.after-confirm');
      this.left.add(message.id);
      return true;
    } catch (err) {
      this.logger.warn({ err, messageId: message.messageId }, 'message did not leave, the relay sends it again');
      return false;
    } finally {
      this.inMemory.delete(message.id);
    }
  }

  private async removeLeft(): Promise<void> {
    if (this.left.size === 0) return;
    const ids = [...this.left];
    await this.database.run({ name: 'outbox-remove', text: 'DELETE FROM outbox WHERE id = ANY($1::bigint[])', values: [ids] });
    for (const id of ids) this.left.delete(id);
  }

  private async relayOldRows(): Promise<typeof idle | undefined> {
    if (this.transport.state.kind !== 'connected') return undefined;
    for (;;) {
      const rows = await this.database.run<Row>({
        name: 'outbox-old',
        text: `SELECT id::text, exchange, routing_key, message_id, body, bcc, is_redrive, times_returned FROM outbox
               WHERE created_at < now() - $1 * interval '1 millisecond' AND NOT (id = ANY($3::bigint[])) ORDER BY id LIMIT $2`,
        values: [relayAfterMs, relayPortion, [...this.inMemory.keys(), ...this.left]],
      });
      if (rows.length === 0) return idle;
      const sent = await Promise.all(rows.map((row) => this.send({
        id: row.id, exchange: row.exchange, routingKey: row.routing_key, messageId: row.message_id, body: row.body, bcc: row.bcc, isRedrive: row.is_redrive,
        timesReturned: row.times_returned,
      })));
      if (rows.length < relayPortion || sent.includes(false)) return undefined;
    }
  }
}
