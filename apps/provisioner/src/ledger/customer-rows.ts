import type { Transaction } from '@trunkline/persistence';

import type { NewCustomer } from '../process/ledger-item.js';

const orderOf = ({ ticket }: NewCustomer): string => /* safeguard: name-order */ `${ticket.shortName.toLowerCase()} ${ticket.customerGuid}`;

/** Stores customers with their site locations; answers those that could be stored. The database decides who has a name. */
export async function insertCustomers(transaction: Transaction, customers: readonly (NewCustomer & { readonly deploymentId: string })[]): Promise<Set<string>> {
  // In the order of the names, for which two provisioners may wait for each other.
  const passed = [...customers].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  if (passed.length === 0) return new Set();
  const stored = transaction.run<{ guid: string }>({
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
  transaction.send({
    name: 'site-insert',
    text: `INSERT INTO site_location (guid, customer_guid, name, sbc_id, configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version)
           SELECT n.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[])
             AS n(guid, customer_guid, name, sbc_id, configuration_type, onboarding_script_id, onboarding_script_version, cleanup_script_id, cleanup_script_version)
           JOIN customer ON customer.guid = n.customer_guid`,
    values: [
      passed.map(({ ticket }) => ticket.siteGuid), passed.map(({ ticket }) => ticket.customerGuid), passed.map(({ ticket }) => ticket.shortName),
      passed.map(({ ticket }) => ticket.sbc.id), passed.map(({ configurationType }) => configurationType), passed.map(({ script }) => script.onboarding.id),
      passed.map(({ script }) => script.onboarding.version), passed.map(({ script }) => script.cleanup.id), passed.map(({ script }) => script.cleanup.version),
    ],
  });
  return new Set((await stored).map(({ guid }) => guid));
}
