import {
  type CustomerBrief, type CustomerView, type DeploymentEventMessage, type DeploymentView, fold, maxDeploymentsAsked, type OvocCustomerType,
  type SbcDeploymentState, sbcStateOf,
} from '@trunkline/contracts';
import type { Database } from '@trunkline/persistence';

interface CustomerRow {
  guid: string; short_name: string; full_name: string; license_type: number; ms_tenant_id: string; ovoc_customer_type: OvocCustomerType;
  channel_id: number | null;
  lc_customer_id: number | null; create_state: Parameters<typeof sbcStateOf>[0]; removal_state: Parameters<typeof sbcStateOf>[0] | null;
}
interface SiteRow { guid: string; name: string; sbc_id: number; configuration_type: string }

/** What no two open customers share: the name in a tenant of a provider, and on an SBC. */
export interface CustomerName {
  readonly provider: string;
  readonly msTenantId: string;
  /** The catalogue's id. */
  readonly sbcId: number;
  readonly shortName: string;
}

/** What is told to those who ask; nothing here changes anything. */
export class DeploymentReads {
  constructor(private readonly database: Database) {}

  async deployments(provider: string, ids: readonly string[]): Promise<DeploymentView[]> {
    const wanted = [...new Set(ids)].slice(0, maxDeploymentsAsked);
    const rows = await this.database.run<{ id: string; created_at: Date; completed_at: Date | null; bodies: string[] | null }>({
      name: 'read-deployments',
      text: `SELECT d.id, d.created_at, d.completed_at, (SELECT array_agg(e.body) FROM deployment_event e WHERE e.deployment_id = d.id) AS bodies
             FROM deployment d WHERE d.provider = $1 AND d.id = ANY($2::uuid[])`,
      values: [provider, wanted],
    });
    return rows.flatMap((row) => {
      const deployment = fold((row.bodies ?? []).map((body) => JSON.parse(body) as DeploymentEventMessage));
      return deployment ? [{ deployment, createdAt: row.created_at.toISOString(), completedAt: row.completed_at?.toISOString() ?? null }] : [];
    });
  }

  /** Whether an open customer has the name, in the tenant or on the SBC. For telling only: the database decides when a customer is stored. */
  async isNameTaken({ msTenantId, provider, sbcId, shortName }: CustomerName): Promise<boolean> {
    const rows = await this.database.run({
      name: 'read-name',
      text: `SELECT 1 FROM customer WHERE closed_at IS NULL AND lower(short_name) = lower($1) AND ((provider = $2 AND ms_tenant_id = $3) OR sbc_id = $4) LIMIT 1`,
      values: [shortName, provider, msTenantId, sbcId],
    });
    return rows.length > 0;
  }

  /** Whose deployment it is. */
  async customerOf(provider: string, deploymentId: string): Promise<string | undefined> {
    const [row] = await this.database.run<{ customer_guid: string }>({
      name: 'read-deployment-customer', text: 'SELECT customer_guid FROM deployment WHERE provider = $1 AND id = $2', values: [provider, deploymentId],
    });
    return row?.customer_guid;
  }

  async openCustomers(provider: string): Promise<CustomerBrief[]> {
    const rows = await this.database.run<CustomerRow>({
      name: 'read-customers',
      text: 'SELECT guid, short_name, full_name, license_type, ms_tenant_id FROM customer WHERE provider = $1 AND closed_at IS NULL ORDER BY created_at, guid',
      values: [provider],
    });
    return rows.map(briefOf);
  }

  /** A customer that was removed on request is gone; one whose creation failed can still be read. */
  async customer(provider: string, guid: string): Promise<CustomerView | null> {
    const [row] = await this.database.run<CustomerRow & { readonly sites: SiteRow[] | null }>({
      name: 'read-customer',
      text: `SELECT c.*, d.state AS create_state, r.state AS removal_state,
               (SELECT json_agg(s ORDER BY s.name, s.guid) FROM site_location s WHERE s.customer_guid = c.guid) AS sites
             FROM customer c JOIN deployment d ON d.id = c.deployment_id
             LEFT JOIN deployment r ON r.customer_guid = c.guid AND r.kind = 'delete' WHERE c.provider = $1 AND c.guid = $2`,
      values: [provider, guid],
    });
    if (!row || row.removal_state === 'Deleted') return null;
    const state: SbcDeploymentState = row.removal_state ? stateWhileRemoved(row) : sbcStateOf(row.create_state);
    return {
      ...briefOf(row), ovocCustomerType: row.ovoc_customer_type, channelId: row.channel_id, lcCustomerId: row.lc_customer_id,
      sites: (row.sites ?? []).map(
        (site) => ({ siteGuid: site.guid, name: site.name, sbcId: site.sbc_id, sbcDeploymentState: state, sbcConfigurationType: site.configuration_type }),
      ),
    };
  }
}

function stateWhileRemoved({ removal_state: removal }: CustomerRow): SbcDeploymentState {
  return removal === 'CleanupRequired' ? 'CleanupRequired' : 'Deleting';
}

function briefOf(row: CustomerRow): CustomerBrief {
  return { customerGuid: row.guid, shortName: row.short_name, fullName: row.full_name, licenseType: row.license_type, msTenantId: row.ms_tenant_id };
}
