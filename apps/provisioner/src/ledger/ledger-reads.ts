import { customerGuidOf, type DeploymentEventMessage } from '@trunkline/contracts';
import type { Transaction } from '@trunkline/persistence';

import { catalogueRevision } from '../catalogue/catalogue.repository.js';
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

interface LogRow { deployment_id: string; body: string | null; is_known: boolean; is_closed: boolean; revision: string }

interface Locked {
  readonly states: Map<string, CustomerDeployments>;
  /** Of the catalogue; undefined where there is no deployment. */
  readonly revision: string | undefined;
}

/** Locks all deployments of these customers, in id order, and reads their logs. */
export async function lockDeployments(transaction: Transaction, customerGuids: readonly string[]): Promise<Locked> {
  const locked = transaction.run<DeploymentRow>({
    name: 'deployment-lock',
    text: `SELECT id, kind, customer_guid, site_guid, provider, caller, short_name, fingerprint, origins, redrives, coalesce(due_at <= now(), false) AS is_due
           FROM deployment WHERE customer_guid = ANY($1::uuid[]) ORDER BY id /* safeguard: deployment-row-lock */ FOR UPDATE`,
    values: [customerGuids],
  });
  // Read after the lock is held: a snapshot taken before it would miss what the last holder wrote.
  const logged = transaction.run<LogRow>({
    name: 'deployment-log',
    text: `SELECT d.id AS deployment_id, e.body, c.guid IS NOT NULL AS is_known, c.closed_at IS NOT NULL AS is_closed, ${catalogueRevision} AS revision
           FROM deployment d LEFT JOIN deployment_event e ON e.deployment_id = d.id LEFT JOIN customer c ON c.guid = d.customer_guid
           WHERE d.customer_guid = ANY($1::uuid[])`,
    values: [customerGuids],
  });
  const [rows, logs] = await Promise.all([locked, logged]);
  const events = new Map<string, DeploymentEventMessage[]>();
  for (const { body, deployment_id: id } of logs) if (body !== null) events.set(id, [...(events.get(id) ?? []), JSON.parse(body) as DeploymentEventMessage]);
  const customers = new Map(logs.map((row) => [row.deployment_id, row]));
  const states = new Map(customerGuids.map((guid) => {
    const rowsOf = rows.filter((row) => row.customer_guid === guid);
    const own = rowsOf.map((row) => tracked(row, events.get(row.id) ?? []));
    const { is_closed: isClosed, is_known: isKnown } = customers.get(rowsOf[0]?.id ?? '') ?? { is_closed: false, is_known: false };
    return [guid, {
      create: own.find(({ kind }) => kind === 'create'),
      removal: own.find(({ kind }) => kind === 'delete'),
      customer: !isKnown ? 'none' as const : isClosed ? 'closed' as const : 'open' as const,
    }];
  }));
  return { states, revision: logs[0]?.revision };
}

function tracked(row: DeploymentRow, events: DeploymentEventMessage[]): TrackedDeployment {
  return {
    id: row.id, kind: row.kind, customerGuid: row.customer_guid, siteGuid: row.site_guid, provider: row.provider, caller: row.caller, shortName: row.short_name,
    fingerprint: row.fingerprint ?? undefined, origins: row.origins, redrives: row.redrives, isDue: row.is_due, events,
  };
}
