/** What every object of OVOC carries. `description` holds the owner's mark on objects that we create. */
export interface OvocObject {
  readonly id: number;
  readonly name?: string;
  readonly description?: string;
}

export interface LcCustomer extends OvocObject {
  readonly channelId?: number;
}

export interface OvocService extends OvocObject {
  /** The customer's GUID. */
  readonly serviceId?: string;
  readonly lcCustomerId?: number;
}

export interface OvocSite extends OvocObject {
  readonly siteGuid?: string;
  /** The integer id of the service, not its GUID. */
  readonly serviceId?: number;
}

export interface OvocLink extends OvocObject {
  readonly siteId?: number;
  readonly deviceId?: number;
  readonly ipGroupName?: string;
  readonly msTenantId?: string;
}

export interface OvocDevice extends OvocObject {
  readonly fqdn?: string;
  readonly ipAddress?: string;
}

export interface OvocChannel extends OvocObject {
  readonly tenantId?: number;
}

export interface NewLcCustomer {
  readonly name: string;
  readonly tenantId: number;
  readonly channelId?: number;
  readonly msTenantId: string;
  readonly description: string;
}

export interface NewService {
  readonly name: string;
  readonly fullName: string;
  readonly serviceId: string;
  readonly lcCustomerId: number;
  readonly licenseType: 'ESSENTIALS';
  readonly serviceSource: 'LTC';
  readonly customerType: 'IPGROUP_TYPE' | 'TENANT_TYPE';
  readonly msTenantId: string;
  readonly description: string;
}

export interface NewSite {
  readonly name: string;
  readonly serviceId: number;
  readonly siteGuid: string;
  readonly deviceId: number;
  readonly description: string;
}

/** Which calls OVOC attributes to the site: those of one IP Group, or those of one Microsoft tenant. */
export type LinkKey =
  | { readonly linkType: 'IP_GROUP'; readonly ipGroupName: string }
  | { readonly linkType: 'TENANT'; readonly msTenantId: string };

export type NewLink = LinkKey & {
  readonly name: string;
  readonly siteId: number;
  readonly deviceId: number;
  readonly description: string;
};
