import type { LcCustomer, OvocChannel, OvocDevice, OvocLink, OvocService, OvocSite } from '../ovoc/ovoc-objects.js';

/** Everything the step needs to know; GUIDs in lower case. */
export interface SiteJob {
  readonly customerGuid: string;
  readonly siteGuid: string;
  readonly shortName: string;
  readonly fullName: string;
  readonly msTenantId: string;
  readonly ovocCustomerType: 'IPGROUP_TYPE' | 'TENANT_TYPE';
  readonly channelId?: number;
  /** Given: the service goes under this LC customer, which is never created, changed or removed here. */
  readonly lcCustomerId?: number;
  readonly sbc: SiteSbc;
  /** Nothing can have been created for it yet. */
  readonly isUntried?: boolean;
}

export interface SiteSbc {
  readonly id: number;
  readonly ovocSbcId?: number;
  readonly fqdn: string;
  readonly address?: string;
}

/** OVOC's ids of one whole site. */
export interface SiteIds {
  readonly lcCustomerId: number;
  readonly serviceId: number;
  readonly siteId: number;
  readonly linkId: number;
}

/** `isInUse`: services of others stand under it, so it stays. */
export type OwnLcCustomer = LcCustomer & { readonly isInUse: boolean };

/** The objects that carry the customer's mark, each kind in ascending order of id. */
export interface OwnObjects {
  readonly lcCustomers: readonly OwnLcCustomer[];
  readonly services: readonly OvocService[];
  readonly sites: readonly OvocSite[];
  readonly links: readonly OvocLink[];
}

/** What a creation leans on; read only while the site is not whole. */
export interface Prerequisites {
  readonly devices: readonly OvocDevice[];
  /** Of `job.channelId`, when that is given. */
  readonly channel?: OvocChannel;
  /** Of `job.lcCustomerId`, when that is given. */
  readonly lcCustomer?: LcCustomer;
}

export interface Seen {
  readonly own: OwnObjects;
  /** Objects with our GUID and without our mark, in words. */
  readonly foreign: readonly string[];
  readonly prerequisites?: Prerequisites;
  /** Present when everything the step creates is there. */
  readonly ids?: SiteIds;
}
