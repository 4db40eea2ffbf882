import type {
  LcCustomer, NewLcCustomer, NewLink, NewService, NewSite, OvocChannel, OvocDevice, OvocLink, OvocService, OvocSite,
} from './ovoc-objects.js';

/** `exists`: OVOC has one already and made none; `reason` is its own word. */
export type Creation =
  | { readonly kind: 'created'; readonly id: number }
  | { readonly kind: 'exists'; readonly reason: string };

/**
 * The topology of one OVOC. Finders answer in ascending order of id and never leave the mark (`description`) out of account
 * for their caller: they return what OVOC shows, whoever owns it. Removing what is not there succeeds.
 *
 * Every method throws `TransientError` (OVOC away or busy, nothing applied), `PermanentError` (OVOC says no) or, for
 * creations and removals, `OutcomeUnknownError` (sent, and the answer was lost). OVOC knows no idempotency keys.
 */
export abstract class Ovoc {
  /** LC customers that carry this mark and belong to this Microsoft tenant. */
  abstract findLcCustomers(mark: string, msTenantId: string, signal: AbortSignal): Promise<readonly LcCustomer[]>;
  abstract findLcCustomer(id: number, signal: AbortSignal): Promise<LcCustomer | undefined>;
  abstract createLcCustomer(customer: NewLcCustomer, signal: AbortSignal): Promise<Creation>;
  abstract removeLcCustomer(id: number, signal: AbortSignal): Promise<void>;

  /** @param serviceGuid the customer's GUID, `serviceId` in OVOC */
  abstract findServices(serviceGuid: string, signal: AbortSignal): Promise<readonly OvocService[]>;
  abstract servicesOf(lcCustomerId: number, signal: AbortSignal): Promise<readonly OvocService[]>;
  abstract createService(service: NewService, signal: AbortSignal): Promise<Creation>;
  abstract removeService(id: number, signal: AbortSignal): Promise<void>;

  abstract findSites(siteGuid: string, signal: AbortSignal): Promise<readonly OvocSite[]>;
  abstract createSite(site: NewSite, signal: AbortSignal): Promise<Creation>;
  abstract removeSite(id: number, signal: AbortSignal): Promise<void>;

  abstract linksOf(siteId: number, signal: AbortSignal): Promise<readonly OvocLink[]>;
  abstract createLink(link: NewLink, signal: AbortSignal): Promise<Creation>;
  abstract removeLink(id: number, signal: AbortSignal): Promise<void>;

  /** By OVOC's own id, then by name, then by address: the first of these that finds anything answers. */
  abstract findDevices(sought: SoughtDevice, signal: AbortSignal): Promise<readonly OvocDevice[]>;
  abstract findChannel(id: number, signal: AbortSignal): Promise<OvocChannel | undefined>;
}

export interface SoughtDevice {
  readonly ovocSbcId?: number;
  readonly fqdn: string;
  readonly address?: string;
}
