/** Lower case, 8-4-4-4-12. */
export const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const notTenants: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  // The directory of all personal Microsoft accounts.
  '9188040d-6c67-4c5b-b112-36a304b66dad',
]);

/** Whether a GUID in lower case may be the directory of a company. */
export function mayBeCustomerTenant(guid: string): boolean {
  return !notTenants.has(guid);
}
