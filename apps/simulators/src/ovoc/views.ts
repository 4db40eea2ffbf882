import { type ResourceName, resources } from './resources.js';
import type { Stored, Topology } from './topology.js';

export type View = Readonly<Record<string, unknown>>;

/** An object as its URL shows it, with everything that is counted or derived. */
export function fullView(topology: Topology, resource: ResourceName, stored: Stored): View {
  return {
    id: stored.id,
    type: resources[resource].type,
    description: null,
    ...stored.values,
    ...derived(topology, resource, stored),
    definedAt: stored.definedAt,
    url: urlOf(resource, stored.id),
  };
}

/** An object in a list that asked for no details. */
export function briefView(resource: ResourceName, { id, values }: Stored): View {
  return { id, description: values['description'] ?? null, url: urlOf(resource, id) };
}

export function urlOf(resource: ResourceName, id: number): string {
  return `/ovoc/v1/topology/${resource}/${id}`;
}

function derived(topology: Topology, resource: ResourceName, { id, values }: Stored): View {
  const ids = (objects: readonly Stored[]) => objects.map((object) => object.id);
  switch (resource) {
    case 'services': {
      const sites = topology.children('sites', 'serviceId', id);
      const links = sites.flatMap((site) => topology.children('links', 'siteId', site.id));
      const devices = [...new Set(sites.map((site) => site.values['deviceId']))];
      return {
        attachedSites: ids(sites),
        attachedLinks: ids(links),
        attachedDevices: devices,
        elementsCount: { total: devices.length + links.length + sites.length, devices: devices.length, links: links.length, sites: sites.length },
        serviceUcaasTenantId: values['msTenantId'] ?? null,
        applicationsStatus: {
          management: { managementStatus: 'MONITORED', serviceDeployStatus: links.length > 0 ? 'DEPLOYED' : 'NOT_DEPLOYED' },
          voiceQuality: { voiceQualityStatus: 'UNMONITORED' },
        },
      };
    }
    case 'lcCustomers': return { attachedServices: ids(topology.children('services', 'lcCustomerId', id)), contacts: {}, status: 'OK' };
    case 'channels': {
      const customers = topology.children('lcCustomers', 'channelId', id);
      return { servicesNumber: customers.flatMap((customer) => topology.children('services', 'lcCustomerId', customer.id)).length, attachedCustomers: ids(customers) };
    }
    case 'sites': return { attachedLinks: ids(topology.children('links', 'siteId', id)) };
    case 'devices': return { attachedSites: ids(topology.children('sites', 'deviceId', id)), administrativeState: 'UNLOCKED' };
    case 'tenants': return { attachedRegions: ids(topology.children('regions', 'tenantId', id)) };
    case 'regions': return { attachedDevices: ids(topology.children('devices', 'regionId', id)) };
    case 'links': return { status: 'OK' };
  }
}
