import { customerGuidOf, type DeploymentEventMessage } from '@trunkline/contracts';
import type { Transaction } from '@trunkline/persistence';

import type { LedgerItem } from '../process/ledger-item.js';
import type { CustomerDeployments, TrackedDeployment } from '../process/tracked-deployment.js';

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

/** Locks all deployments of these customers, in id order, and reads their logs. */
export async function lockDeployments(transaction: Transaction, customerGuids: readonly string[]): Promise<Map<string, CustomerDeployments>> {
  const locked = transaction.run<DeploymentRow>({
    name: 'deployment-lock',
    text: `SELECT id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, redrives, coalesce(due_at <= now(), false) AS is_due
           FROM deployment WHERE customer_guid = ANY($1::uuid[]) ORDER BY id /* safeguard: deployment-row-lock */ FOR UPDATE`,
    values: [customerGuids],
  });
  // Read after the lock is held: a snapshot taken before it would miss what the last holder wrote.
  const logged = transaction.run<{ deployment_id: string; body: string }>({
    name: 'deployment-log',
    text: `SELECT deployment_id, body FROM deployment_event WHERE deployment_id IN (SELECT id FROM deployment WHERE customer_guid = ANY($1::uuid[]))`,
    values: [customerGuids],
  });
  const known = transaction.run<{ guid: string; is_closed: boolean }>({
    name: 'customer-state', text: 'SELECT guid, closed_at IS NOT NULL AS is_closed FROM customer WHERE guid = ANY($1::uuid[])', values: [customerGuids],
  });
  const [rows, logs, customers] = await Promise.all([locked, logged, known]);
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
