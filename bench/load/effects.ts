import type { OvocResource, Simulators } from '@trunkline/testing';

import type { Deployed } from '../contenders/contender.js';

const shownProblems = 5;

/**
 * Looks at the peers for the effects of every deployment: the tenant was asked, IP Group and route run on the SBC and are saved, OVOC has one chain of LC
 * customer, service, site and link. @throws when something is not there
 */
export async function verifyEffects(simulators: Simulators, deployments: readonly Deployed[]): Promise<void> {
  const problems: string[] = [];
  const asked = new Set((await simulators.calls({ peer: 'microsoft' })).map(({ path }) => path.split('/')[1]?.toLowerCase()));
  for (const { msTenantId, shortName } of deployments) if (!asked.has(msTenantId)) problems.push(`${shortName}: tenant ${msTenantId} was not asked`);
  for (const sbcId of new Set(deployments.map((deployment) => deployment.sbcId))) {
    const { running, saved } = await simulators.tables(sbcId);
    for (const [what, tables] of [['run', running], ['is saved', saved]] as const) {
      const groups = new Map((tables['ip-group'] ?? []).map((row) => [row['name'], row]));
      const routes = new Set((tables['sbc routing ip2ip-routing'] ?? []).map((row) => row['dst-ip-group-name']));
      for (const { msTenantId, shortName } of deployments.filter((deployment) => deployment.sbcId === sbcId)) {
        if (!String(groups.get(shortName)?.['tags']).includes(msTenantId)) problems.push(`${shortName}: no IP Group ${what} on SBC ${sbcId}`);
        if (!routes.has(shortName)) problems.push(`${shortName}: no route ${what} on SBC ${sbcId}`);
      }
    }
  }
  const ovoc = await simulators.allOvocObjects();
  const byMark = (resource: OvocResource) => grouped(ovoc[resource], ({ description }) => String(description));
  const [lcCustomers, services, sites, links] = [byMark('lcCustomers'), byMark('services'), byMark('sites'), byMark('links')];
  for (const { customerGuid, sbcId, shortName } of deployments) {
    const all = [lcCustomers, services, sites, links].map((objects) => objects.get(customerGuid) ?? []);
    const [lcCustomer, service, site, link] = all.map(([first]) => first);
    const isChain = all.every(({ length }) => length === 1) && service?.['lcCustomerId'] === lcCustomer?.id && site?.['serviceId'] === service?.id
      && link?.['siteId'] === site?.id && link?.['ipGroupName'] === shortName && link['deviceId'] === 400 + sbcId;
    if (!isChain) problems.push(`${shortName}: OVOC does not have one chain of it`);
  }
  if (problems.length > 0) throw new Error(`${problems.length} effects of ${deployments.length} deployments are missing:\n${problems.slice(0, shownProblems).join('\n')}`);
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item]);
  return groups;
}
