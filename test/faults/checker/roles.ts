import type { PeerState, Row, Tables } from './facts.js';
import type { Customer } from './ledger.js';
import { childrenOf, ownerOf, rowsCalled, siteRows } from './site-rows.js';
import type { Violation } from './verdict.js';

const ipGroups = 'ip-group';

/** What stands for a customer who lives has his name, and belongs together: route to group, service to customer, site to service and SBC, link to both. */
export function checkRoles(after: PeerState, customers: readonly Customer[]): Violation[] {
  const devices = new Map((after.ovoc['devices'] ?? []).map((row) => [row['id'], row['name']]));
  return customers.filter(({ fate }) => fate === 'lives').flatMap((customer) => {
    const device = after.devices.find(({ sbcId }) => sbcId === customer.sbcId);
    return [...(['running', 'saved'] as const).flatMap((kind) => wrongRows(device?.[kind] ?? {}, customer).map((what) => `${what} (${kind})`)), ...wrongObjects(after.ovoc, devices, customer)]
      .map((what): Violation => ({ offence: 'unexpected', rule: 'what stands for a customer is called and joined as it should', evidence: `${customer.shortName} (${customer.guid}): ${what}` }));
  });
}

function wrongRows(tables: Tables, customer: Customer): string[] {
  const rows = siteRows(customer);
  const groupNames = rows.filter(({ table }) => table === ipGroups).map(({ name }) => name);
  const groups = (tables[ipGroups] ?? []).filter((group) => ownerOf(group) === customer.guid);
  return [
    ...groups.filter(({ name }) => !groupNames.includes(String(name))).map(({ name }) => `an IP Group of this customer is called ${String(name)}`),
    ...rows.flatMap((row) => rowsCalled(row, tables).flatMap((found) => {
      const what = `${row.table} ${row.name}`;
      const children = childrenOf(found);
      const words = new Set([...Object.keys(row.inside), ...Object.keys(children)]);
      const counts = [...words].map((word) => ({ word, is: (children[word] ?? []).filter(isInEffect).length, wanted: row.inside[word] ?? 0 }));
      return [
        ...isInEffect(found) ? [] : [`${what} is not in effect`],
        ...Object.entries(row.points).filter(([parameter, name]) => found[parameter] !== name)
          .map(([parameter]) => `${parameter} of ${what} leads to ${String(found[parameter])}`),
        ...counts.filter(({ is, wanted }) => is !== wanted).map(({ is, wanted, word }) => `${what} holds ${is} ${word} in effect instead of ${wanted}`),
      ];
    })),
  ];
}

const isInEffect = ({ notActivated }: Row): boolean => notActivated !== true;

function wrongObjects(ovoc: Tables, devices: ReadonlyMap<unknown, unknown>, customer: Customer): string[] {
  const { guid, sbcId, shortName, siteGuid } = customer;
  const of = (resource: string): Row | undefined => (ovoc[resource] ?? []).find(({ description }) => description === guid);
  const [lcCustomer, service, site, link] = [of('lcCustomers'), of('services'), of('sites'), of('links')];
  const hasGroup = siteRows(customer).some(({ table }) => table === ipGroups);
  const sbcName = `sbc${sbcId ?? '?'}`;
  const expectations: readonly (readonly [string, unknown, unknown])[] = [
    ['name of the OVOC customer', lcCustomer?.['name'], shortName], ['name of the service', service?.['name'], shortName], ['name of the site', site?.['name'], shortName],
    ['name of the link', link?.['name'], shortName],
    ['customer of the service', service?.['lcCustomerId'], lcCustomer?.['id']], ['service of the site', site?.['serviceId'], service?.['id']],
    ['SBC of the site', devices.get(site?.['deviceId']), sbcName], ['GUID of the site', site?.['siteGuid'], siteGuid],
    ['site of the link', link?.['siteId'], site?.['id']], ['SBC of the link', devices.get(link?.['deviceId']), sbcName], ['IP Group of the link', link?.['ipGroupName'] ?? undefined, hasGroup ? shortName : undefined],
  ];
  // What is missing is told by another rule.
  if (!lcCustomer || !service || !site || !link) return [];
  return expectations.filter(([, is, wanted]) => is !== wanted).map(([what, is, wanted]) => `${what} is ${String(is)} instead of ${String(wanted)}`);
}
