export type FieldType = 'integer' | 'string' | 'guid';

export interface Field {
  readonly type: FieldType;
  readonly isRequired?: boolean;
  readonly choices?: readonly string[];
  /** The resource whose id it holds. */
  readonly parent?: ResourceName;
}

export interface Resource {
  /** What its integer ids count from, besides the seed's share. */
  readonly firstId: number;
  readonly type: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const integer: Field = { type: 'integer' };
const string: Field = { type: 'string' };
const required = (field: Field): Field => ({ ...field, isRequired: true });
const idOf = (parent: ResourceName): Field => ({ type: 'integer', parent });
const choice = (...choices: string[]): Field => ({ type: 'string', choices });

export const resourceNames = ['tenants', 'regions', 'devices', 'channels', 'lcCustomers', 'services', 'sites', 'links'] as const;
export type ResourceName = (typeof resourceNames)[number];

/** What the topology is made of. Parents come first. */
export const resources: Readonly<Record<ResourceName, Resource>> = {
  tenants: { firstId: 1, type: 'TENANT', fields: { name: required(string), description: string } },
  regions: { firstId: 10, type: 'REGION', fields: { name: required(string), description: string, tenantId: required(idOf('tenants')) } },
  devices: {
    firstId: 400, type: 'DEVICE',
    fields: { name: required(string), description: string, fqdn: string, ipAddress: string, tenantId: idOf('tenants'), regionId: idOf('regions'), productType: string },
  },
  channels: {
    firstId: 1570, type: 'CHANNEL',
    fields: { name: required(string), description: string, tenantId: required(idOf('tenants')), msTenantId: { type: 'guid' }, maxCustomers: integer },
  },
  lcCustomers: {
    firstId: 3000, type: 'LC_CUSTOMER',
    fields: {
      name: required(string), fullName: string, description: string, tenantId: required(idOf('tenants')), channelId: idOf('channels'), msTenantId: { type: 'guid' },
    },
  },
  services: {
    firstId: 5000, type: 'SERVICE',
    fields: {
      name: required(string), fullName: string, description: string, serviceId: required({ type: 'guid' }), lcCustomerId: required(idOf('lcCustomers')), licenseType: string,
      serviceSource: choice('LTC', 'OC', 'DM'), customerType: choice('IPGROUP_TYPE', 'TENANT_TYPE'), msTenantId: { type: 'guid' },
    },
  },
  sites: {
    firstId: 7000, type: 'SITE',
    fields: { name: required(string), description: string, serviceId: required(idOf('services')), siteGuid: required({ type: 'guid' }), deviceId: required(idOf('devices')) },
  },
  links: {
    firstId: 9000, type: 'LINK',
    fields: {
      name: required(string), description: string, siteId: required(idOf('sites')), deviceId: required(idOf('devices')), linkType: required(choice('IP_GROUP', 'TENANT')),
      ipGroupName: string, msTenantId: { type: 'guid' },
    },
  },
};
