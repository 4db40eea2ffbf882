export const zeroTenantId = '00000000-0000-0000-0000-000000000000';
/** The directory of all personal Microsoft accounts. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Whether a GUID in lower case may be the directory of a company. */
export function mayBeCustomerTenant(guid: string): boolean {
  return guid !== zeroTenantId && guid !== consumersTenantId;
}
