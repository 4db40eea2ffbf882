import { type CustomerCreateRequested, customerGuidOf, type DeploymentEventMessage, encode, isEnd, receiptOf, siteGuidOf } from '@trunkline/contracts';
import { type Outbox, outgoingEvent, type OutboxMessage, type StoredMessages, type StoredRow, storing } from '@trunkline/messaging';
import { heard, type Parameter, statementOf, type Transaction } from '@trunkline/persistence';
import { endJobs, type IntakeClaims, receiving } from '@trunkline/steps';

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

/**
 * Notes requests as received, and makes the rows of creates that are asked for the first time; answers the receipts that are new. Of several requests under one
 * receipt, or for one deployment, that come in one transaction the first stands.
 */
export async function receiveRequests(transaction: Transaction, items: readonly LedgerItem[]): Promise<Set<string>> {
  const requests = new Map<string, LedgerItem>();
  for (const item of items) {
    if (item.kind !== 'create-requested' && item.kind !== 'delete-requested') continue;
    const receipt = receiptOf(item.message);
    if (!requests.has(receipt)) requests.set(receipt, item);
  }
  const receipts = [...requests.keys()];
  if (receipts.length === 0) return new Set();
  const creates = [...requests].flatMap(([receipt, item]) => (item.kind === 'create-requested' ? [{ receipt, ...item.message }] : []));
  const rows = await transaction.run<{ message_id: string }>(statementOf('request-intake', (parameter) => `
    WITH ${receiving(receipts, parameter)}, created AS (${insertCreates(creates, parameter)})
    SELECT message_id FROM received`));
  return /* safeguard: inbox */ new Set(rows.map(({ message_id }) => message_id));
}

function insertCreates(creates: readonly (CustomerCreateRequested & { readonly receipt: string })[], parameter: Parameter): string {
  const column = (valueOf: (create: (typeof creates)[number]) => string | null) => parameter(creates.map(valueOf));
  return `
    INSERT INTO deployment (id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round)
    SELECT id, 'create', customer_guid, site_guid, provider, caller, short_name, fingerprint, '{}', 'Accepted', 0
    FROM unnest(
      ${column(({ receipt }) => receipt)}::text[], ${column(({ subject }) => subject)}::uuid[], ${column(({ subject }) => customerGuidOf(subject))}::uuid[],
      ${column(({ subject }) => siteGuidOf(subject))}::uuid[], ${column(({ data }) => data.provider)}::text[], ${column(({ data }) => data.caller)}::text[],
      ${column(({ data }) => data.request.shortName)}::text[], ${column(({ data }) => data.fingerprint ?? null)}::text[]
    ) WITH ORDINALITY AS n(message_id, id, customer_guid, site_guid, provider, caller, short_name, fingerprint, place)
    JOIN received USING (message_id)
    ORDER BY id, /* safeguard: first-of-transaction */ place
    ON CONFLICT (id) DO NOTHING`;
}

interface Written {
  /** New in the log. */
  readonly entries: readonly LogEntry[];
  readonly told: StoredMessages;
}

type DueTimes = LedgerEffects['due'];

/** Writes what was decided, and stores what it tells. */
export function writeEffects(transaction: Transaction, outbox: Outbox, writes: readonly Write[], claims: IntakeClaims): Written {
  const changed = new Map<string, TrackedDeployment>();
  const due = new Map<string, { inMs: number | null; redrives: number }>();
  const messages = writes.flatMap(({ effects }) => messagesOf(effects));
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
  const told = changed.size > 0 ? writeDeployments(transaction, [...changed.values()], due, added, messages) : outbox.store(transaction, messages);
  updateDue(transaction, due, changed);
  if (closed.size > 0) {
    transaction.send({ name: 'customer-close', text: 'UPDATE customer SET closed_at = now() WHERE guid = ANY($1::uuid[]) AND closed_at IS NULL', values: [[...closed].sort()] });
  }
  claims.insertJobs(transaction, validations.map(({ messageId, body, ...job }) => ({ messageId, body, job: { ...job, kind: validationKind, isUndo: false, lane: '' } })));
  endJobs(transaction, writes.flatMap(({ item }) => (item.kind === 'validated' && item.job ? [item.job] : [])));
  return { entries: added, told };
}

function messagesOf(effects: LedgerEffects): OutboxMessage[] {
  const originsOf = (event: DeploymentEventMessage) => [
    effects.deployments.create, effects.deployments.removal,
  ].find((known) => known?.id === event.subject)?.origins ?? [];
  return [
    ...effects.recorded.map((event) => outgoingEvent(event, originsOf(event))),
    ...effects.told.map(({ message, origins }) => outgoingEvent(message, origins)),
    ...effects.redriven.map((event) => outgoingEvent(event, originsOf(event), { isRedrive: true })),
  ];
}

const bodyOf = (event: DeploymentEventMessage, item: LedgerItem): string =>
  (item.kind === 'reported' && item.event === event ? item.body : encode(event).toString('utf8'));

/** Deployments, their new log entries and the messages of one commit: none reads what another writes, so they are one statement. */
function writeDeployments(
  transaction: Transaction, changed: readonly TrackedDeployment[], due: DueTimes, added: readonly LogEntry[], messages: readonly OutboxMessage[],
): StoredMessages {
  const rows = heard(transaction.run<StoredRow>(statementOf('deployment-write', (parameter) => `
    WITH deployment_row AS (${upsertDeployments(changed, due, parameter)}),
    event_row AS (${insertEvents(added, parameter)}),
    ${storing(messages, parameter)}
    SELECT id::text, place::int FROM stored_message`)));
  return { messages, rows };
}

function upsertDeployments(changed: readonly TrackedDeployment[], due: DueTimes, parameter: Parameter): string {
  const rows = changed.map((deployment) => ({ ...deployment, state: folded(deployment.events)?.state ?? 'Accepted', round: currentRound(deployment.events) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const column = (valueOf: (row: (typeof rows)[number]) => unknown) => parameter(rows.map(valueOf));
  return `
    INSERT INTO deployment (id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round, due_at, redrives, completed_at)
    SELECT id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, string_to_array(origins, ' '), state, round,
      now() + due_ms * interval '1 millisecond', redrives, CASE WHEN is_end THEN now() END
    FROM unnest(
      ${column(({ id }) => id)}::uuid[], ${column(({ kind }) => kind)}::text[], ${column(({ customerGuid }) => customerGuid)}::uuid[],
      ${column(({ siteGuid }) => siteGuid)}::uuid[], ${column(({ provider }) => provider)}::text[], ${column(({ caller }) => caller)}::text[],
      ${column(({ shortName }) => shortName)}::text[], ${column(({ fingerprint }) => fingerprint ?? null)}::text[],
      ${column(({ origins }) => origins.join(' '))}::text[], ${column(({ state }) => state)}::text[], ${column(({ round }) => round)}::int[],
      ${column(({ id }) => due.get(id)?.inMs ?? null)}::bigint[], ${column(({ id, redrives }) => due.get(id)?.redrives ?? redrives)}::int[],
      ${column(({ state }) => isEnd(state))}::boolean[]
    ) AS n(id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, state, round, due_ms, redrives, is_end)
    ON CONFLICT (id) DO UPDATE SET origins = excluded.origins, state = excluded.state, round = excluded.round,
      due_at = CASE WHEN deployment.id = ANY(${parameter([...due.keys()])}::uuid[]) THEN excluded.due_at ELSE deployment.due_at END, redrives = excluded.redrives,
      completed_at = CASE WHEN excluded.completed_at IS NULL THEN NULL ELSE coalesce(deployment.completed_at, excluded.completed_at) END`;
}

function insertEvents(added: readonly LogEntry[], parameter: Parameter): string {
  const column = (valueOf: (entry: LogEntry) => string) => parameter(added.map(valueOf));
  return `
    INSERT INTO deployment_event (deployment_id, event_id, type, body)
    SELECT * FROM unnest(
      ${column(({ event }) => event.subject)}::uuid[], ${column(({ event }) => event.id)}::text[], ${column(({ event }) => event.type)}::text[], ${column(({ body }) => body)}::text[])
    ON CONFLICT (deployment_id, event_id) DO NOTHING`;
}

/** Deployments of which nothing changed but when to look at them again. */
function updateDue(transaction: Transaction, due: DueTimes, changed: ReadonlyMap<string, unknown>): void {
  const only = [...due].filter(([id]) => !changed.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (only.length === 0) return;
  transaction.send({
    name: 'deployment-due',
    text: `UPDATE deployment SET due_at = now() + n.due_ms * interval '1 millisecond', redrives = n.redrives
           FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS n(id, due_ms, redrives) WHERE deployment.id = n.id`,
    values: [only.map(([id]) => id), only.map(([, { inMs }]) => inMs), only.map(([, { redrives }]) => redrives)],
  });
}
