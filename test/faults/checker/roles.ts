import type { PeerState, Row, Tables } from './facts.js';
import type { Customer } from './ledger.js';
import type { Violation } from './verdict.js';

const ipGroups = 'ip-group';
const routes = 'sbc routing ip2ip-routing';

/** What stands for a customer who lives has his name, and belongs together: route to group, service to customer, site to service and SBC, link to both. */
export function checkRoles(after: PeerState, customers: readonly Customer[]): Violation[] {
  const devices = new Map((after.ovoc['devices'] ?? []).map((row) => [row['id'], row['name']]));
  return customers.filter(({ fate }) => fate === 'lives').flatMap((customer) => {
    const device = after.devices.find(({ sbcId }) => sbcId === customer.sbcId);
    return [...(['running', 'saved'] as const).flatMap((kind) => wrongRows(device?.[kind] ?? {}, customer).map((what) => `${what} (${kind})`)), ...wrongObjects(after.ovoc, devices, customer)]
      .map((what): Violation => ({ offence: 'unexpected', rule: 'what stands for a customer is called and joined as it should', evidence: `${customer.shortName} (${customer.guid}): ${what}` }));
  });
}

function wrongRows(tables: Tables, { guid, shortName }: Customer): string[] {
  const groups = (tables[ipGroups] ?? []).filter(({ tags }) => typeof tags === 'string' && tags.toLowerCase().includes(`owner=${guid}`));
  return [
    ...groups.filter(({ name }) => name !== shortName).map(({ name }) => `an IP Group of this customer is called ${String(name)}`),
    ...(tables[routes] ?? []).filter((row) => row['route-name'] === `${shortName}-in` && row['dst-ip-group-name'] !== shortName)
      .map((row) => `the route leads to ${String(row['dst-ip-group-name'])}`),
  ];
}

function wrongObjects(ovoc: Tables, devices: ReadonlyMap<unknown, unknown>, { guid, sbcId, shortName, siteGuid }: Customer): string[] {
  const of = (resource: string): Row | undefined => (ovoc[resource] ?? []).find(({ description }) => description === guid);
  const [customer, service, site, link] = [of('lcCustomers'), of('services'), of('sites'), of('links')];
  const sbcName = `sbc${sbcId ?? '?'}`;
  const expectations: readonly (readonly [string, unknown, unknown])[] = [
    ['name of the OVOC customer', customer?.['name'], shortName], ['name of the service', service?.['name'], shortName], ['name of the site', site?.['name'], shortName],
    ['name of the link', link?.['name'], shortName],
    ['customer of the service', service?.['lcCustomerId'], customer?.['id']], ['service of the site', site?.['serviceId'], service?.['id']],
    ['SBC of the site', devices.get(site?.['deviceId']), sbcName], ['GUID of the site', site?.['siteGuid'], siteGuid],
    ['site of the link', link?.['siteId'], site?.['id']], ['SBC of the link', devices.get(link?.['deviceId']), sbcName], ['IP Group of the link', link?.['ipGroupName'], shortName],
  ];
  // What is missing is told by another rule.
  if (!customer || !service || !site || !link) return [];
  return expectations.filter(([, is, wanted]) => is !== wanted).map(([what, is, wanted]) => `${what} is ${String(is)} instead of ${String(wanted)}`);
}
