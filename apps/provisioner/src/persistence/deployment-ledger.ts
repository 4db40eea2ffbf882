import {
  customerGuidOf, type CustomerCreateRequested, type DeploymentEventMessage, encode, fold, isEnd, siteGuidOf,
} from '@trunkline/contracts';
import { Outbox, outgoingEvent, type OutboxMessage, type StoredMessage } from '@trunkline/messaging';
import { type Database, GroupCommit, type Transaction } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import { insertInbox, insertJobs } from '@trunkline/steps';

import { decideItem, type LedgerContext, type LedgerEffects } from '../outcome/ledger.decide.js';
import type { LedgerItem } from '../outcome/ledger-item.js';
import { currentRound, type OutcomePolicy } from '../outcome/outcome.decide.js';
import type { CustomerDeployments, TrackedDeployment } from '../outcome/tracked-deployment.js';

export interface LedgerOptions extends OutcomePolicy {
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
  readonly stepsMs: number;
}

interface DeploymentRow {
  id: string; kind: 'create' | 'delete'; customer_guid: string; site_guid: string; provider: string; caller: string; short_name: string;
  fingerprint: string | null; origins: string[]; redrives: number; is_due: boolean;
}

/** Name under which validation jobs are stored. */
export const validationKind = 'validation';

/**
 * Every change to a deployment. Many items are committed together: the deployments of their customers are locked in id order, their logs read,
 * decided on, and written, with what is to be told, in one transaction. Between BEGIN and COMMIT only the database is waited for.
 */
export class DeploymentLedger {
  private readonly commits: GroupCommit<LedgerItem>;
  private listener: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly options: LedgerOptions,
    private readonly logger: Logger,
  ) {
    this.commits = new GroupCommit((items) => this.commit(items), { maxBatch: 128 });
  }

  /** Called after commits that may have left a validation to run. */
  onWork(listener: () => void): void {
    this.listener = listener;
  }

  /** Resolves when the item's effects are on disk. */
  async tell(item: LedgerItem): Promise<void> {
    await this.commits.add(item);
    if (item.kind === 'create-requested') this.listener();
  }

  async idle(): Promise<void> {
    await this.commits.idle();
  }

  private async commit(items: readonly LedgerItem[]): Promise<void[]> {
    const toPublish: StoredMessage[] = [];
    const entries = await this.database.transaction(async (transaction) => {
      const requests = items.flatMap((item) => (item.kind === 'create-requested' || item.kind === 'delete-requested' ? [{ messageId: item.message.id }] : []));
      const fresh = requests.length > 0 ? await insertInbox(transaction, requests) : new Set<string>();
      await insertCreates(transaction, items);
      const states = await lockDeployments(transaction, [...new Set(items.map(customerOf))].sort());
      const stored = await insertCustomers(transaction, items, states);
      const writes = this.decide(items, states, stored, fresh);
      toPublish.push(...await this.outbox.store(transaction, writes.flatMap(({ effects }) => messagesOf(effects))));
      return writeEffects(transaction, writes);
    });
    this.outbox.publish(toPublish);
    for (const { event, state } of entries) {
      const { progress, ticket: { customerGuid, shortName } } = event.data;
      this.logger.info({
        deploymentId: event.subject, customerGuid, shortName, step: event.step, messageId: event.id, messageType: event.type, state,
        ...(progress.length > 0 ? { progress: progress.map(({ level, message }) => `(${level}, ${message})`) } : {}),
      }, 'deployment event recorded');
    }
    return items.map(() => undefined);
  }

  private decide(items: readonly LedgerItem[], states: Map<string, CustomerDeployments>, stored: ReadonlySet<string>, fresh: Set<string>): Write[] {
    const context: LedgerContext = {
      ...this.options,
      now: this.clock.now().toISOString(),
      isRepeated: (messageId) => !fresh.has(messageId),
      isStored: (customerGuid) => stored.has(customerGuid),
    };
    return items.map((item) => {
      const guid = customerOf(item);
      const before = states.get(guid) ?? { create: undefined, removal: undefined, customer: 'none' };
      const effects = decideItem(before, item, context);
      states.set(guid, effects.deployments);
      // The second copy of a message within one batch is a repetition.
      if (item.kind === 'create-requested' || item.kind === 'delete-requested') fresh.delete(item.message.id);
      return { before, effects, item };
    });
  }
}

interface Write {
  readonly item: LedgerItem;
  readonly before: CustomerDeployments;
  readonly effects: LedgerEffects;
}

function customerOf(item: LedgerItem): string {
  switch (item.kind) {
    case 'create-requested': return customerGuidOf(item.message.subject);
    case 'delete-requested': return item.message.data.customerGuid.toLowerCase();
    case 'validated': case 'due': return item.customerGuid;
    case 'reported': return item.event.data.ticket.customerGuid;
  }
}

async function insertCreates(transaction: Transaction, items: readonly LedgerItem[]): Promise<void> {
  const messages = new Map<string, CustomerCreateRequested>();
  for (const item of items) if (item.kind === 'create-requested') messages.set(item.message.subject, item.message);
  if (messages.size === 0) return;
  const sorted = [...messages.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  await transaction.run({
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

async function lockDeployments(transaction: Transaction, customerGuids: readonly string[]): Promise<Map<string, CustomerDeployments>> {
  const rows = await transaction.run<DeploymentRow>({
    name: 'deployment-lock',
    text: `SELECT id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, redrives, coalesce(due_at <= now(), false) AS is_due
           FROM deployment WHERE customer_guid = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    values: [customerGuids],
  });
  // Read after the lock is held: a snapshot taken before it would miss what the last holder wrote.
  const logs = await transaction.run<{ deployment_id: string; body: string }>({
    name: 'deployment-log', text: 'SELECT deployment_id, body FROM deployment_event WHERE deployment_id = ANY($1::uuid[])', values: [rows.map(({ id }) => id)],
  });
  const customers = await transaction.run<{ guid: string; is_closed: boolean }>({
    name: 'customer-state', text: 'SELECT guid, closed_at IS NOT NULL AS is_closed FROM customer WHERE guid = ANY($1::uuid[])', values: [customerGuids],
  });
  const events = new Map<string, DeploymentEventMessage[]>();
  for (const { deployment_id: id, body } of logs) events.set(id, [...(events.get(id) ?? []), JSON.parse(body) as DeploymentEventMessage]);
  const closed = new Map(customers.map(({ guid, is_closed: isClosed }) => [guid, isClosed]));
  return new Map(customerGuids.map((guid) => {
    const own = rows.filter((row) => row.customer_guid === guid).map((row) => tracked(row, events.get(row.id) ?? []));
    const isClosed = closed.get(guid);
    return [guid, {
      create: own.find(({ kind }) => kind === 'create'),
      removal: own.find(({ kind }) => kind === 'delete'),
      customer: isClosed === undefined ? 'none' : isClosed ? 'closed' : 'open',
    }];
  }));
}

function tracked(row: DeploymentRow, events: DeploymentEventMessage[]): TrackedDeployment {
  return {
    id: row.id, kind: row.kind, customerGuid: row.customer_guid, siteGuid: row.site_guid, provider: row.provider, caller: row.caller, shortName: row.short_name,
    fingerprint: row.fingerprint ?? undefined, origins: row.origins, redrives: row.redrives, isDue: row.is_due, events,
  };
}

/** Stores the customers whose checks have passed; answers those that could be, or had been, stored. The database decides who has a name. */
async function insertCustomers(transaction: Transaction, items: readonly LedgerItem[], states: ReadonlyMap<string, CustomerDeployments>): Promise<Set<string>> {
  const passed = items.flatMap((item) => {
    if (item.kind !== 'validated' || item.validation.kind !== 'passed') return [];
    const { create, customer, removal } = states.get(item.customerGuid) ?? {};
    const isWaiting = create && !removal && customer === 'none' && currentRound(create.events) === item.round && fold(create.events)?.state === 'Accepted';
    return isWaiting ? [{ deploymentId: create.id, ...item.validation.customer }] : [];
  }).sort((a, b) => (a.ticket.customerGuid < b.ticket.customerGuid ? -1 : 1));
  if (passed.length === 0) return new Set();
  const rows = await transaction.run<{ guid: string }>({
    name: 'customer-insert',
    text: `INSERT INTO customer (guid, deployment_id, provider, short_name, full_name, license_type, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id)
           SELECT guid, deployment_id, provider, short_name, full_name, 0, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id
           FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::int[], $9::int[], $10::int[])
             AS n(guid, deployment_id, provider, short_name, full_name, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id)
           ON CONFLICT DO NOTHING RETURNING guid`,
    values: [
      passed.map(({ ticket }) => ticket.customerGuid), passed.map(({ deploymentId }) => deploymentId), passed.map(({ ticket }) => ticket.provider),
      passed.map(({ ticket }) => ticket.shortName), passed.map(({ ticket }) => ticket.fullName), passed.map(({ ticket }) => ticket.msTenantId),
      passed.map(({ ticket }) => ticket.ovocCustomerType), passed.map(({ ticket }) => ticket.channelId ?? null),
      passed.map(({ ticket }) => ticket.lcCustomerId ?? null),
      passed.map(({ ticket }) => ticket.sbc.id),
    ],
  });
  const stored = new Set(rows.map(({ guid }) => guid));
  const sites = passed.filter(({ ticket }) => stored.has(ticket.customerGuid));
  if (sites.length === 0) return stored;
  await transaction.run({
    name: 'site-insert',
    text: `INSERT INTO site_location (guid, customer_guid, name, sbc_id, configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[])`,
    values: [
      sites.map(({ ticket }) => ticket.siteGuid), sites.map(({ ticket }) => ticket.customerGuid), sites.map(({ ticket }) => ticket.shortName),
      sites.map(({ ticket }) => ticket.sbc.id), sites.map(({ configurationType }) => configurationType), sites.map(({ script }) => script.onboarding.id),
      sites.map(({ script }) => script.onboarding.version), sites.map(({ script }) => script.cleanup.id), sites.map(({ script }) => script.cleanup.version),
    ],
  });
  return stored;
}

interface LogEntry {
  readonly event: DeploymentEventMessage;
  readonly body: string;
  /** Of the deployment once everything of its batch is in the log. */
  readonly state: string;
}

/** Writes what was decided; answers the new log entries. */
async function writeEffects(transaction: Transaction, writes: readonly Write[]): Promise<LogEntry[]> {
  const changed = new Map<string, TrackedDeployment>();
  const due = new Map<string, { inMs: number | null; redrives: number }>();
  const added: LogEntry[] = [];
  const closed = new Set<string>();
  for (const { before, effects, item } of writes) {
    for (const [now, old] of [[effects.deployments.create, before.create], [effects.deployments.removal, before.removal]] as const) {
      if (!now || now === old) continue;
      changed.set(now.id, now);
      const known = new Set(old?.events.map(({ id }) => id));
      for (const event of now.events) if (!known.has(event.id)) added.push({ event, body: bodyOf(event, item), state: fold(now.events)?.state ?? '' });
    }
    for (const [id, next] of effects.due) due.set(id, next);
    if (effects.deployments.customer === 'closed' && before.customer === 'open') closed.add(customerOf(item));
  }
  const validations = writes.flatMap(({ effects }) => effects.validations);
  await upsertDeployments(transaction, [...changed.values()], due);
  await updateDue(transaction, due, changed);
  if (added.length > 0) {
    await transaction.run({
      name: 'deployment-event-insert',
      text: `INSERT INTO deployment_event (deployment_id, event_id, type, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
             ON CONFLICT (deployment_id, event_id) DO NOTHING`,
      values: [
        added.map(({ event }) => event.subject), added.map(({ event }) => event.id), added.map(({ event }) => event.type), added.map(({ body }) => body),
      ],
    });
  }
  if (closed.size > 0) {
    await transaction.run({ name: 'customer-close', text: 'UPDATE customer SET closed_at = now() WHERE guid = ANY($1::uuid[]) AND closed_at IS NULL', values: [[...closed].sort()] });
  }
  await insertJobs(transaction, validations.map(({ messageId, body, ...job }) => ({ messageId, body, job: { ...job, kind: validationKind, isUndo: false, lane: '' } })));
  return added;
}

const bodyOf = (event: DeploymentEventMessage, item: LedgerItem): string =>
  (item.kind === 'reported' && item.event === event ? item.body : encode(event).toString('utf8'));

async function upsertDeployments(
  transaction: Transaction, changed: readonly TrackedDeployment[], due: ReadonlyMap<string, { inMs: number | null; redrives: number }>,
): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map((deployment) => ({ ...deployment, state: fold(deployment.events)?.state ?? 'Accepted', round: currentRound(deployment.events) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await transaction.run({
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
async function updateDue(
  transaction: Transaction, due: ReadonlyMap<string, { inMs: number | null; redrives: number }>, changed: ReadonlyMap<string, unknown>,
): Promise<void> {
  const only = [...due].filter(([id]) => !changed.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (only.length === 0) return;
  await transaction.run({
    name: 'deployment-due',
    text: `UPDATE deployment SET due_at = now() + n.due_ms * interval '1 millisecond', redrives = n.redrives
           FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS n(id, due_ms, redrives) WHERE deployment.id = n.id`,
    values: [only.map(([id]) => id), only.map(([, { inMs }]) => inMs), only.map(([, { redrives }]) => redrives)],
  });
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
