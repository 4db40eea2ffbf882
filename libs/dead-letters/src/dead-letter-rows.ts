import type { DeadLetterState, DeadLetterView, ServiceName } from '@trunkline/contracts';
import type { Transaction } from '@trunkline/persistence';

import { maskedEnvelope, maskedText } from './masked-envelope.js';
import type { RefusedMessage } from './refused-message.js';

export interface DeadLetterRow {
  id: string; message_id: string; message_type: string | null; deployment_id: string | null; queue: string; exchange: string | null; routing_key: string | null;
  body: Buffer; size: number; is_returnable: boolean; reason: string; attempts: number; times_returned: number; state: DeadLetterState;
  drop_reason: string | null; acted_by: string | null; acted_at: Date | null; first_refused_at: Date; refused_at: Date;
}

export const deadLetterColumns = `id, message_id, message_type, deployment_id, queue, exchange, routing_key, body, size, is_returnable, reason, attempts, times_returned,
  state, drop_reason, acted_by, acted_at, first_refused_at, refused_at`;

export function viewOf(row: DeadLetterRow, service: ServiceName): DeadLetterView {
  return {
    service, id: row.id, messageId: maskedText(row.message_id), messageType: row.message_type === null ? null : maskedText(row.message_type),
    deploymentId: row.deployment_id === null ? null : maskedText(row.deployment_id),
    origin: { queue: row.queue, exchange: row.exchange, routingKey: row.routing_key },
    reason: maskedText(row.reason), attempts: row.attempts, timesReturned: row.times_returned, state: row.state,
    isReturnable: row.is_returnable, size: row.size, firstRefusedAt: row.first_refused_at.toISOString(), refusedAt: row.refused_at.toISOString(),
    dropReason: row.drop_reason, actedBy: row.acted_by, actedAt: row.acted_at?.toISOString() ?? null, ...maskedEnvelope(row.body),
  };
}

/**
 * Keeps refused messages, one row each. A row that is there changes only when the message comes back from its last return: another copy of
 * it, or the same one handed out again, says nothing new.
 */
export function keepRefused(transaction: Transaction, messages: readonly RefusedMessage[]): void {
  // One row can't be met twice in a statement; of copies the one that went back most often speaks.
  const byId = new Map<string, RefusedMessage>();
  for (const message of messages) if (message.timesReturned >= (byId.get(message.id)?.timesReturned ?? 0)) byId.set(message.id, message);
  const rows = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  transaction.send({
    name: 'dead-letter-keep',
    text: `
      INSERT INTO dead_letter AS kept (
        id, message_id, message_type, deployment_id, queue, exchange, routing_key, body, size, is_returnable, reason, attempts, times_returned)
      SELECT * FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::int[], $10::boolean[], $11::text[], $12::int[], $13::int[])
      ON CONFLICT (id) DO UPDATE SET state = 'held', reason = excluded.reason, attempts = kept.attempts + excluded.attempts, refused_at = now()
        WHERE kept.state = 'returned' AND excluded.times_returned >= kept.times_returned`,
    values: [
      rows.map(({ id }) => id), rows.map(({ messageId }) => messageId), rows.map(({ messageType }) => messageType),
      rows.map(({ deploymentId }) => deploymentId),
      rows.map(({ queue }) => queue), rows.map(({ exchange }) => exchange), rows.map(({ routingKey }) => routingKey), rows.map(({ body }) => body),
      rows.map(({ size }) => size), rows.map(({ isReturnable }) => isReturnable), rows.map(({ reason }) => reason), rows.map(({ attempts }) => attempts),
      rows.map(({ timesReturned }) => timesReturned),
    ],
  });
}
