import { type CustomerCreateRequested, customerGuidOf, type DeploymentEventMessage, fold, siteGuidOf } from '@trunkline/contracts';
import type { Transaction } from '@trunkline/persistence';

import type { LedgerItem } from '../outcome/ledger-item.js';
import { currentRound } from '../outcome/outcome.decide.js';
import type { CustomerDeployments, TrackedDeployment } from '../outcome/tracked-deployment.js';

interface DeploymentRow {
  id: string; kind: 'create' | 'delete'; customer_guid: string; site_guid: string; provider: string; caller: string; short_name: string;
  fingerprint: string | null; origins: string[]; redrives: number; is_due: boolean;
}

/** Whose deployments an item is about. */
export function customerOf(item: LedgerItem): string {
  switch (item.kind) {
    case 'create-requested': return customerGuidOf(item.message.subject);
    case 'delete-requested': return item.message.data.customerGuid.toLowerCase();
    case 'validated': case 'action': case 'due': return item.customerGuid;
    case 'reported': return item.event.data.ticket.customerGuid;
  }
}

/** Makes the rows of creates that are asked for the first time. */
export async function insertCreates(transaction: Transaction, items: readonly LedgerItem[]): Promise<void> {
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

/** Locks all deployments of these customers, in id order, and reads their logs. */
export async function lockDeployments(transaction: Transaction, customerGuids: readonly string[]): Promise<Map<string, CustomerDeployments>> {
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
export async function insertCustomers(
  transaction: Transaction, items: readonly LedgerItem[], states: ReadonlyMap<string, CustomerDeployments>,
): Promise<Set<string>> {
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
