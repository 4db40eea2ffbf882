import type { Verdict } from '@trunkline/steps';
import type { LinkKey, OvocLink, OvocObject } from '../ovoc/ovoc-objects.js';
import { decideReferences } from './reference.decide.js';
import type { OwnObjects, Seen, SiteIds, SiteJob } from './site-job.js';

/** What stands, from the top down to the first gap. */
export type Chain = { readonly [Id in keyof SiteIds]?: number };

export function decideSite(job: SiteJob, seen: Seen): Verdict {
  // A whole site with twins: apply finds nothing to create and takes the twins away.
  if (seen.ids !== undefined) return isEmpty(surplusOf(job, seen.own)) ? { kind: 'done' } : { kind: 'write' };
  const [foreign] = seen.foreign;
  if (foreign !== undefined) return { kind: 'refuse', code: 'OVOC_OBJECT_CONFLICT', reason: `${foreign} has this customer's id and belongs to somebody else` };
  const obstacle = obstacleOf(job, seen);
  if (obstacle !== undefined) return { kind: 'refuse', ...obstacle };
  return isEmpty(removableOf(seen.own)) ? { kind: 'write' } : { kind: 'clean-then-write' };
}

/** Why nothing can be created, whatever is tried. */
function obstacleOf(job: SiteJob, seen: Seen): { code: string; reason: string } | undefined {
  const { devices = [], channel, lcCustomer } = seen.prerequisites ?? {};
  const [problem] = decideReferences(job, { channel, lcCustomer });
  if (problem !== undefined) return { code: problem.code, reason: problem.message };
  if (devices.length === 0) return { code: 'OVOC_DEVICE_NOT_FOUND', reason: `SBC ${job.sbc.id} (${job.sbc.fqdn}) is not in OVOC` };
  if (devices.length > 1) return { code: 'OVOC_DEVICE_NOT_FOUND', reason: `${devices.length} devices in OVOC answer to SBC ${job.sbc.id} (${job.sbc.fqdn})` };
  return undefined;
}

/** The oldest object of each kind that hangs on the one above it. */
export function chainOf(job: SiteJob, own: OwnObjects): Chain {
  const owners = job.lcCustomerId === undefined ? own.lcCustomers.map((customer) => customer.id) : [job.lcCustomerId];
  const service = own.services.find(({ lcCustomerId }) => lcCustomerId !== undefined && owners.includes(lcCustomerId));
  const lcCustomerId = service?.lcCustomerId ?? owners[0];
  const site = service && own.sites.find(({ serviceId }) => serviceId === service.id);
  const link = site && own.links.find((candidate) => candidate.siteId === site.id && isKeyOf(job, candidate));
  return {
    ...(lcCustomerId === undefined ? {} : { lcCustomerId }),
    ...(service === undefined ? {} : { serviceId: service.id }),
    ...(site === undefined ? {} : { siteId: site.id }),
    ...(link === undefined ? {} : { linkId: link.id }),
  };
}

export function wholeSite({ lcCustomerId, serviceId, siteId, linkId }: Chain): SiteIds | undefined {
  if (lcCustomerId === undefined || serviceId === undefined || siteId === undefined || linkId === undefined) return undefined;
  return { lcCustomerId, serviceId, siteId, linkId };
}

/** Ids to remove, in the order of removal from left to right. */
export interface Removal {
  readonly links: readonly number[];
  readonly sites: readonly number[];
  readonly services: readonly number[];
  readonly lcCustomers: readonly number[];
}

/** Twins of the chain that stays. */
export function surplusOf(job: SiteJob, own: OwnObjects): Removal {
  const kept = chainOf(job, own);
  const removable = removableOf(own);
  return {
    links: removable.links.filter((id) => id !== kept.linkId),
    sites: removable.sites.filter((id) => id !== kept.siteId),
    services: removable.services.filter((id) => id !== kept.serviceId),
    lcCustomers: removable.lcCustomers.filter((id) => id !== kept.lcCustomerId),
  };
}

/** All that is ours, but an LC customer that others have put services under. */
export function removableOf(own: OwnObjects): Removal {
  return {
    links: own.links.map(idOf),
    sites: own.sites.map(idOf),
    services: own.services.map(idOf),
    lcCustomers: own.lcCustomers.filter(({ isInUse }) => !isInUse).map(idOf),
  };
}

export function isEmpty(removal: Removal): boolean {
  return removal.links.length + removal.sites.length + removal.services.length + removal.lcCustomers.length === 0;
}

export function linkKeyOf(job: SiteJob): LinkKey {
  return job.ovocCustomerType === 'IPGROUP_TYPE'
    ? { linkType: 'IP_GROUP', ipGroupName: job.shortName }
    : { linkType: 'TENANT', msTenantId: job.msTenantId };
}

/** Names are compared here, whole and exactly, because they never stand in a filter. */
function isKeyOf(job: SiteJob, link: OvocLink): boolean {
  const key = linkKeyOf(job);
  return key.linkType === 'IP_GROUP' ? link.ipGroupName === key.ipGroupName : link.msTenantId?.toLowerCase() === key.msTenantId.toLowerCase();
}

/** Every object we create carries the customer's GUID as its description; nothing else is ever ours. */
export function isOurs(job: SiteJob, object: OvocObject): boolean {
  return object.description?.trim().toLowerCase() === job.customerGuid.toLowerCase();
}

function idOf(object: OvocObject): number {
  return object.id;
}
