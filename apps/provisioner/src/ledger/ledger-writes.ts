import { type CustomerCreateRequested, customerGuidOf, type DeploymentEventMessage, encode, isEnd, receiptOf, siteGuidOf } from '@trunkline/contracts';
import type { Transaction } from '@trunkline/persistence';
import { endJobs, type IntakeClaims } from '@trunkline/steps';

import { currentRound, folded } from '../process/event-log.js';
import type { LedgerItem } from '../process/ledger-item.js';
import type { CustomerDeployments, TrackedDeployment } from '../process/tracked-deployment.js';
import type { LedgerEffects } from './effects.js';
import { customerOf } from './ledger-reads.js';

/** Name under which validation jobs are stored. */
export const validationKind = 'validation';

/** What one item has changed, next to what was there before it. */
export interface Write {
  readonly item: LedgerItem;
  readonly before: CustomerDeployments;
  readonly effects: LedgerEffects;
}

interface LogEntry {
  readonly event: DeploymentEventMessage;
  readonly body: string;
  /** Of the deployment once everything of its batch is in the log. */
  readonly state: string;
}

/** Makes the rows of creates that are asked for the first time: of messages whose receipts are fresh. */
export function insertCreates(transaction: Transaction, items: readonly LedgerItem[], fresh: ReadonlySet<string>): void {
  const messages = new Map<string, CustomerCreateRequested>();
  const unseen = new Set(fresh);
  for (const item of items) {
    if (item.kind !== 'create-requested' && item.kind !== 'delete-requested') continue;
    // Of several under one id, or for one deployment, that come in one transaction the first stands.
    const isNew = unseen.delete(receiptOf(item.message));
    if (isNew && item.kind === 'create-requested' && /* safeguard: first-of-transaction */ !messages.has(item.message.subject)) {
      messages.set(item.message.subject, item.message);
    }
  }
  if (messages.size === 0) return;
  const sorted = [...messages.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  transaction.send({
    name: 'deployment-insert-create',
    text: `INSERT INTO deployment (id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round)
           SELECT id, 'create', customer_guid, site_guid, provider, caller, short_name, fingerprint, '{}', 'Accepted', 0
           FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
             AS n(id, customer_guid, site_guid, provider, caller, short_name, fingerprint)
           ON CONFLICT (id) DO NOTHING`,
    values: [
      sorted.map(({ subject }) => subject), sorted.map(({ subject }) => customerGuidOf(subject)), sorted.map(({ subject }) => siteGuidOf(subject)),
      sorted.map(({ data }) => data.provider), sorted.map(({ data }) => data.caller), sorted.map(({ data }) => data.request.shortName),
      sorted.map(({ data }) => data.fingerprint ?? null),
    ],
  });
}

/** Writes what was decided; answers the new log entries. */
export function writeEffects(transaction: Transaction, writes: readonly Write[], claims: IntakeClaims): LogEntry[] {
  const changed = new Map<string, TrackedDeployment>();
  const due = new Map<string, { inMs: number | null; redrives: number }>();
  const added: LogEntry[] = [];
  const closed = new Set<string>();
  for (const { before, effects, item } of writes) {
    for (const [now, old] of [[effects.deployments.create, before.create], [effects.deployments.removal, before.removal]] as const) {
      if (!now || now === old) continue;
      changed.set(now.id, now);
      const known = new Set(old?.events.map(({ id }) => id));
      for (const event of now.events) if (!known.has(event.id)) added.push({ event, body: bodyOf(event, item), state: folded(now.events)?.state ?? '' });
    }
    for (const [id, next] of effects.due) due.set(id, next);
    if (before.customer === 'open' && /* safeguard: name-release */ effects.deployments.customer === 'closed') closed.add(customerOf(item));
  }
  const validations = writes.flatMap(({ effects }) => effects.validations);
  upsertDeployments(transaction, [...changed.values()], due);
  updateDue(transaction, due, changed);
  if (added.length > 0) {
    transaction.send({
      name: 'deployment-event-insert',
      text: `INSERT INTO deployment_event (deployment_id, event_id, type, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
             ON CONFLICT (deployment_id, event_id) DO NOTHING`,
      values: [
        added.map(({ event }) => event.subject), added.map(({ event }) => event.id), added.map(({ event }) => event.type), added.map(({ body }) => body),
      ],
    });
  }
  if (closed.size > 0) {
    transaction.send({ name: 'customer-close', text: 'UPDATE customer SET closed_at = now() WHERE guid = ANY($1::uuid[]) AND closed_at IS NULL', values: [[...closed].sort()] });
  }
  claims.insertJobs(transaction, validations.map(({ messageId, body, ...job }) => ({ messageId, body, job: { ...job, kind: validationKind, isUndo: false, lane: '' } })));
  endJobs(transaction, writes.flatMap(({ item }) => (item.kind === 'validated' && item.job ? [item.job] : [])));
  return added;
}

const bodyOf = (event: DeploymentEventMessage, item: LedgerItem): string =>
  (item.kind === 'reported' && item.event === event ? item.body : encode(event).toString('utf8'));

function upsertDeployments(
  transaction: Transaction, changed: readonly TrackedDeployment[], due: ReadonlyMap<string, { inMs: number | null; redrives: number }>,
): void {
  if (changed.length === 0) return;
  const rows = changed.map((deployment) => ({ ...deployment, state: folded(deployment.events)?.state ?? 'Accepted', round: currentRound(deployment.events) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  transaction.send({
    name: 'deployment-upsert',
    text: `INSERT INTO deployment (id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round, due_at, redrives, completed_at)
           SELECT id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, string_to_array(origins, ' '), state, round,
             now() + due_ms * interval '1 millisecond', redrives, CASE WHEN is_end THEN now() END
           FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::bigint[], $13::int[], $14::boolean[])
             AS n(id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round, due_ms, redrives, is_end)
           ON CONFLICT (id) DO UPDATE SET origins = excluded.origins, state = excluded.state, round = excluded.round, due_at = CASE WHEN deployment.id = ANY($15::uuid[]) THEN excluded.due_at ELSE deployment.due_at END,
             redrives = excluded.redrives, completed_at = CASE WHEN excluded.completed_at IS NULL THEN NULL ELSE coalesce(deployment.completed_at, excluded.completed_at) END`,
    values: [
      rows.map(({ id }) => id), rows.map(({ kind }) => kind), rows.map(({ customerGuid }) => customerGuid), rows.map(({ siteGuid }) => siteGuid),
      rows.map(({ provider }) => provider), rows.map(({ caller }) => caller), rows.map(({ shortName }) => shortName),
      rows.map(({ fingerprint }) => fingerprint ?? null),
      rows.map(({ origins }) => origins.join(' ')), rows.map(({ state }) => state), rows.map(({ round }) => round),
      rows.map(({ id }) => due.get(id)?.inMs ?? null), rows.map(({ id, redrives }) => due.get(id)?.redrives ?? redrives), rows.map(({ state }) => isEnd(state)),
      [...due.keys()],
    ],
  });
}

/** Deployments of which nothing changed but when to look at them again. */
function updateDue(
  transaction: Transaction, due: ReadonlyMap<string, { inMs: number | null; redrives: number }>, changed: ReadonlyMap<string, unknown>,
): void {
  const only = [...due].filter(([id]) => !changed.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (only.length === 0) return;
  transaction.send({
    name: 'deployment-due',
    text: `UPDATE deployment SET due_at = now() + n.due_ms * interval '1 millisecond', redrives = n.redrives
           FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS n(id, due_ms, redrives) WHERE deployment.id = n.id`,
    values: [only.map(([id]) => id), only.map(([, { inMs }]) => inMs), only.map(([, { redrives }]) => redrives)],
  });
}
