import type {
  DeadLetterKeys, DeadLetterPage, DeadLetterState, DeadLetterView, DropAnswer, ReturnAnswer, ServiceName,
} from '@trunkline/contracts';
import type { Outbox } from '@trunkline/messaging';
import type { Database } from '@trunkline/persistence';

import { deadLetterColumns, type DeadLetterRow, viewOf } from './dead-letter-rows.js';
import { portionsOf } from './portions.decide.js';

interface ListQuestion {
  readonly state?: DeadLetterState;
  readonly order: 'newest' | 'oldest';
  readonly offset: number;
  readonly limit: number;
}

/** Of bodies, in one statement; one body is no longer than 1 MiB. */
const mostBytesAtOnce = 2 * 1024 * 1024;

export interface DeadLetterFilter {
  readonly messageType?: string;
  readonly deploymentId?: string;
}

interface ReturnedRow { id: string; message_id: string; body: Buffer; queue: string; times_returned: number }

/** What operators see of a service's refused messages and do with them. Each command is on disk, with all that follows, when it resolves. */
export class DeadLetterStore {
  constructor(private readonly database: Database, private readonly outbox: Outbox, private readonly service: ServiceName) {}

  /** One page by the time of the last refusal. Looking changes nothing. */
  async list(question: ListQuestion): Promise<DeadLetterPage> {
    const { keys, total } = await this.keys(question);
    const shown = new Map((await this.show(keys.map(({ id }) => id), question.state)).map((view) => [view.id, view]));
    return { total, items: keys.flatMap(({ id }) => shown.get(id) ?? []) };
  }

  /** Which ones a page is made of, in its order; no contents are read. */
  async keys({ limit, offset, order, state }: ListQuestion): Promise<DeadLetterKeys> {
    const direction = order === 'newest' ? 'DESC' : 'ASC';
    const [count] = await this.database.run<{ n: number }>({
      name: 'dead-letter-count', text: 'SELECT count(*)::int AS n FROM dead_letter WHERE $1::text IS NULL OR state = $1', values: [state ?? null],
    });
    const rows = await this.database.run<{ id: string; refused_at: Date }>({
      name: `dead-letter-keys-${order}`,
      text: `SELECT id, refused_at FROM dead_letter WHERE $1::text IS NULL OR state = $1
             ORDER BY refused_at ${direction}, id ${direction} OFFSET $2 LIMIT $3`,
      values: [state ?? null, offset, limit],
    });
    return { total: count?.n ?? 0, keys: rows.map((row) => ({ id: row.id, refusedAt: row.refused_at.toISOString() })) };
  }

  /** Those of the ids that are there in that state, in no order. Of their bodies only a portion is in memory at a time. */
  async show(ids: readonly string[], state?: DeadLetterState): Promise<DeadLetterView[]> {
    const sizes = await this.database.run<{ id: string; size: number }>({
      name: 'dead-letter-sizes', text: 'SELECT id, length(body) AS size FROM dead_letter WHERE id = ANY($1::text[])', values: [ids],
    });
    const views: DeadLetterView[] = [];
    for (const portion of portionsOf(sizes, /* safeguard: dead-letter-portions */ mostBytesAtOnce)) {
      const rows = await this.database.run<DeadLetterRow>({
        name: 'dead-letter-show', text: `SELECT ${deadLetterColumns} FROM dead_letter WHERE id = ANY($1::text[]) AND ($2::text IS NULL OR state = $2)`,
        values: [portion, state ?? null],
      });
      views.push(...rows.map((row) => viewOf(row, this.service)));
    }
    return views;
  }

  async get(id: string): Promise<DeadLetterView | null> {
    const [row] = await this.database.run<DeadLetterRow>({
      name: 'dead-letter-get', text: `SELECT ${deadLetterColumns} FROM dead_letter WHERE id = $1`, values: [id],
    });
    return row ? viewOf(row, this.service) : null;
  }

  /** Sends held messages back to the queue that refused them, under their own ids. Of two who ask for the same one, one does it. */
  async giveBack(ids: readonly string[], caller: string): Promise<ReturnAnswer> {
    const { returned, stored } = await this.database.transaction(async (transaction) => {
      const rows = await transaction.run<ReturnedRow>({
        name: 'dead-letter-return',
        text: `
          WITH chosen AS (
            SELECT id FROM dead_letter WHERE id = ANY($1::text[]) AND is_returnable
              /* safeguard: dead-letter-returned-once */ AND state = 'held'
            ORDER BY id /* safeguard: dead-letter-row-lock */ FOR UPDATE
          )
          UPDATE dead_letter d SET state = 'returned', times_returned = times_returned + 1, acted_by = $2, acted_at = now()
          FROM chosen WHERE d.id = chosen.id RETURNING d.id, d.message_id, d.body, d.queue, d.times_returned`,
        values: [ids, caller],
      });
      // Whoever returns it has seen to the cause: it is tried as often as a new one.
      transaction.send({ name: 'failed-handling-forgive', text: 'DELETE FROM failed_handling WHERE id = ANY($1::text[])', values: [rows.map(({ id }) => id)] });
      const stored = this.outbox.store(transaction, rows.map((row) => ({
        exchange: '', routingKey: row.queue, messageId: row.message_id, body: row.body.toString('utf8'), bcc: [], isRedrive: false, timesReturned: row.times_returned,
      })));
      return { returned: rows.map(({ id }) => id), stored };
    });
    this.outbox.publish(stored);
    return { returned, kept: await this.whyKept(ids.filter((id) => !returned.includes(id))), remaining: 0 };
  }

  /** The oldest held messages that a filter finds, at most `limit` of them. */
  async giveBackFound(filter: DeadLetterFilter, limit: number, caller: string): Promise<ReturnAnswer> {
    const values = [filter.messageType ?? null, filter.deploymentId ?? null];
    const where = `state = 'held' AND is_returnable AND ($1::text IS NULL OR message_type = $1) AND ($2::text IS NULL OR deployment_id = $2)`;
    const found = await this.database.run<{ id: string }>({
      name: 'dead-letter-find', text: `SELECT id FROM dead_letter WHERE ${where} ORDER BY refused_at, id LIMIT $3`, values: [...values, limit],
    });
    const { returned } = await this.giveBack(found.map(({ id }) => id), caller);
    const [rest] = await this.database.run<{ n: number }>({ name: 'dead-letter-found', text: `SELECT count(*)::int AS n FROM dead_letter WHERE ${where}`, values });
    return { returned, kept: [], remaining: rest?.n ?? 0 };
  }

  /** Gives a held message up for good. */
  async drop(id: string, caller: string, reason: string): Promise<DropAnswer> {
    const [row] = await this.database.run<DeadLetterRow>({
      name: 'dead-letter-drop',
      text: `UPDATE dead_letter SET state = 'dropped', drop_reason = $2, acted_by = $3, acted_at = now() WHERE id = $1 AND state = 'held' RETURNING ${deadLetterColumns}`,
      values: [id, reason, caller],
    });
    if (row) return { kind: 'done', deadLetter: viewOf(row, this.service) };
    const there = await this.get(id);
    return there ? { kind: 'not-allowed', state: there.state } : { kind: 'unknown' };
  }

  private async whyKept(ids: readonly string[]): Promise<ReturnAnswer['kept']> {
    if (ids.length === 0) return [];
    const rows = await this.database.run<{ id: string; state: DeadLetterState }>({
      name: 'dead-letter-states', text: 'SELECT id, state FROM dead_letter WHERE id = ANY($1::text[])', values: [ids],
    });
    const states = new Map(rows.map(({ id, state }) => [id, state]));
    return ids.map((id) => {
      const state = states.get(id);
      return { id, because: state === undefined ? 'unknown' : state === 'held' ? 'not-returnable' : state };
    });
  }
}

/** What may be forgotten, for housekeeping: `$1` days after it was settled, at most `$2` rows at a time. */
export const deadLetterHousekeeping: readonly (readonly [name: string, text: string])[] = [
  ['forget-dead-letters', `DELETE FROM dead_letter WHERE id IN (
     SELECT id FROM dead_letter WHERE state <> 'held' AND acted_at < now() - $1 * interval '1 day' LIMIT $2) RETURNING 1`],
  ['forget-failed-handling', `DELETE FROM failed_handling WHERE id IN (
     SELECT id FROM failed_handling WHERE failed_at < now() - $1 * interval '1 day' LIMIT $2) RETURNING 1`],
];
