import { statementOf, type Transaction } from '@trunkline/persistence';

import type { NewCustomer } from '../process/ledger-item.js';

const orderOf = ({ ticket }: NewCustomer): string => /* safeguard: name-order */ `${ticket.shortName.toLowerCase()} ${ticket.customerGuid}`;

/** Stores customers, each with its site location; answers those that could be stored. The database decides who has a name. */
export async function insertCustomers(transaction: Transaction, customers: readonly (NewCustomer & { readonly deploymentId: string })[]): Promise<Set<string>> {
  // In the order of the names, for which two provisioners may wait for each other.
  const passed = [...customers].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  if (passed.length === 0) return new Set();
  const rows = await transaction.run<{ guid: string }>(statementOf('customer-insert', (parameter) => {
    const column = (valueOf: (customer: (typeof passed)[number]) => string | number | null) => parameter(passed.map(valueOf));
    return `
      WITH passed AS (
        SELECT * FROM unnest(
          ${column(({ ticket }) => ticket.customerGuid)}::uuid[], ${column(({ ticket }) => ticket.siteGuid)}::uuid[],
          ${column(({ deploymentId }) => deploymentId)}::uuid[], ${column(({ ticket }) => ticket.provider)}::text[],
          ${column(({ ticket }) => ticket.shortName)}::text[], ${column(({ ticket }) => ticket.fullName)}::text[],
          ${column(({ ticket }) => ticket.msTenantId)}::uuid[], ${column(({ ticket }) => ticket.ovocCustomerType)}::text[],
          ${column(({ ticket }) => ticket.channelId ?? null)}::int[], ${column(({ ticket }) => ticket.lcCustomerId ?? null)}::int[],
          ${column(({ ticket }) => ticket.sbc.id)}::int[], ${column(({ configurationType }) => configurationType)}::text[],
          ${column(({ script }) => script.onboarding.id)}::int[], ${column(({ script }) => script.onboarding.version)}::int[],
          ${column(({ script }) => script.cleanup.id)}::int[], ${column(({ script }) => script.cleanup.version)}::int[]
        ) AS n(guid, site_guid, deployment_id, provider, short_name, full_name, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id,
          configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version)
      ), stored AS (
        INSERT INTO customer (guid, deployment_id, provider, short_name, full_name, license_type, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id)
        SELECT guid, deployment_id, provider, short_name, full_name, 0, ms_tenant_id, ovoc_customer_type, channel_id, lc_customer_id, sbc_id FROM passed
        ON CONFLICT DO NOTHING RETURNING guid
      ), site AS (
        INSERT INTO site_location (guid, customer_guid, name, sbc_id, configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version)
        SELECT site_guid, guid, short_name, sbc_id, configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version
        FROM passed JOIN stored USING (guid)
      )
      SELECT guid FROM stored`;
  }));
  return new Set(rows.map(({ guid }) => guid));
}
