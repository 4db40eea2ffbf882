import { Chance } from '../faults/chance.js';

export type CloudName = 'public' | 'usgov';

export interface Tenant {
  /** Lower case. */
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomainName: string;
  readonly cloud: CloudName;
  /** Why nobody gets in any more. */
  readonly blocked?: Block;
}

export const blocks = ['inactive', 'decommissioned'] as const;
export type Block = (typeof blocks)[number];

export interface Cloud {
  readonly regionScope: string;
  readonly instanceName: string;
  readonly graphHostName: string;
  readonly msGraphHost: string;
  readonly loginHost: string;
}

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  public: { regionScope: 'EU', instanceName: 'microsoftonline.com', graphHostName: 'graph.windows.net', msGraphHost: 'graph.microsoft.com', loginHost: 'login.microsoftonline.com' },
  usgov: { regionScope: 'USGov', instanceName: 'microsoftonline.us', graphHostName: 'graph.windows.net', msGraphHost: 'graph.microsoft.us', loginHost: 'login.microsoftonline.us' },
};

/** Tenant of private accounts; it exists in the real service too. */
export const consumerTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
/** The seeded tenant in the US government's cloud. */
export const governmentTenantId = '5d2f8a10-77c4-4b1e-9a3c-60c1d9e0b7f2';

const named: readonly Tenant[] = [
  { tenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de', displayName: 'Northwind Traders', defaultDomainName: 'northwind.example.com', cloud: 'public' },
  { tenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', displayName: 'Fabrikam', defaultDomainName: 'fabrikam.example.com', cloud: 'public' },
  { tenantId: governmentTenantId, displayName: 'Government Office', defaultDomainName: 'office.example.us', cloud: 'usgov' },
  { tenantId: consumerTenantId, displayName: 'Private accounts', defaultDomainName: 'private.example.com', cloud: 'public' },
];

/** The tenants that exist. */
export class Directory {
  private tenants = new Map<string, Tenant>();

  constructor(private readonly seed: number) {
    this.reseed();
  }

  get all(): Tenant[] {
    return [...this.tenants.values()];
  }

  /** By GUID or domain, in any case. */
  find(idOrDomain: string): Tenant | undefined {
    const wanted = idOrDomain.toLowerCase();
    return this.tenants.get(wanted) ?? this.all.find((tenant) => tenant.defaultDomainName === wanted);
  }

  add(tenant: Tenant): void {
    this.tenants.set(tenant.tenantId, tenant);
  }

  remove(tenantId: string): boolean {
    return this.tenants.delete(tenantId);
  }

  /** The tenants named above and 20 made from the seed. */
  reseed(): void {
    const chance = new Chance(this.seed, 'tenants');
    const generated = Array.from({ length: 20 }, (_, at): Tenant => ({
      tenantId: chance.guid(), displayName: `Generated Company ${at + 1}`, defaultDomainName: `company${at + 1}.example.com`, cloud: 'public',
    }));
    this.tenants = new Map([...named, ...generated].map((tenant) => [tenant.tenantId, tenant]));
  }
}
