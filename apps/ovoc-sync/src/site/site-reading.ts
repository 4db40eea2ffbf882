import type { KnownDevices } from '../ovoc/known-devices.js';
import type { Ovoc } from '../ovoc/ovoc.js';
import { chainOf, isOurs, wholeSite } from './site.decide.js';
import type { OwnLcCustomer, OwnObjects, Prerequisites, Seen, SiteJob } from './site-job.js';

const nothing: OwnObjects = { lcCustomers: [], services: [], sites: [], links: [] };

/** Reads everything the step creates, and what a creation leans on only while something is missing. */
export async function readSite(ovoc: Ovoc, devices: KnownDevices, job: SiteJob, signal: AbortSignal): Promise<Seen> {
  const { own, foreign } = await readObjects(ovoc, job, signal);
  const ids = wholeSite(chainOf(job, own));
  if (ids !== undefined) return { own, foreign, ids };
  return { own, foreign, prerequisites: await readPrerequisites(ovoc, devices, job, signal) };
}

/** The same for a site of which nothing can be there: should a service with its id stand all the same, everything is read. */
export async function readUntried(ovoc: Ovoc, devices: KnownDevices, job: SiteJob, signal: AbortSignal): Promise<Seen> {
  const [services, prerequisites] = await Promise.all([ovoc.findServices(job.customerGuid, signal), readPrerequisites(ovoc, devices, job, signal)]);
  return services.length > 0 ? readSite(ovoc, devices, job, signal) : { own: nothing, foreign: [], prerequisites };
}

/** The objects with our GUIDs, told apart by our mark. */
export async function readObjects(ovoc: Ovoc, job: SiteJob, signal: AbortSignal): Promise<Pick<Seen, 'own' | 'foreign'>> {
  const [customers, services, sites] = await Promise.all([
    job.lcCustomerId === undefined ? ovoc.findLcCustomers(job.customerGuid, job.msTenantId, signal) : [],
    /* safeguard: ovoc-existing-services */ ovoc.findServices(job.customerGuid, signal),
    ovoc.findSites(job.siteGuid, signal),
  ]);
  const ours = <Item extends { readonly id: number; readonly description?: string }>(items: readonly Item[]) => items.filter((item) => isOurs(job, item));
  const ownSites = ours(sites);
  const links = (await Promise.all(ownSites.map((site) => ovoc.linksOf(site.id, signal)))).flat().sort((a, b) => a.id - b.id);
  const found = { services: ours(services), sites: ownSites, links: ours(links) };
  const own: OwnObjects = { ...found, lcCustomers: await withUse(ovoc, job, ours(customers), found.services, signal) };
  return {
    own,
    foreign: [
      ...services.filter((service) => !isOurs(job, service)).map(({ id }) => `service ${id} in OVOC`),
      ...sites.filter((site) => !isOurs(job, site)).map(({ id }) => `site ${id} in OVOC`),
    ],
  };
}

/** The one that carries the only service of ours is not to be removed before it, so its use is not asked for. */
async function withUse(
  ovoc: Ovoc, job: SiteJob, customers: readonly { readonly id: number }[], services: OwnObjects['services'], signal: AbortSignal,
): Promise<OwnLcCustomer[]> {
  const [only] = customers;
  if (customers.length === 1 && only !== undefined && services.some(({ lcCustomerId }) => lcCustomerId === only.id)) return [{ ...only, isInUse: false }];
  return Promise.all(customers.map(async (customer) => {
    const standing = await ovoc.servicesOf(customer.id, signal);
    return { ...customer, isInUse: standing.some((service) => !isOurs(job, service)) };
  }));
}

async function readPrerequisites(ovoc: Ovoc, known: KnownDevices, job: SiteJob, signal: AbortSignal): Promise<Prerequisites> {
  const { channelId, lcCustomerId, sbc } = job;
  const [devices, channel, lcCustomer] = await Promise.all([
    known.find(sbc, signal),
    channelId === undefined ? undefined : ovoc.findChannel(channelId, signal),
    lcCustomerId === undefined ? undefined : ovoc.findLcCustomer(lcCustomerId, signal),
  ]);
  return { devices, ...(channel === undefined ? {} : { channel }), ...(lcCustomer === undefined ? {} : { lcCustomer }) };
}
