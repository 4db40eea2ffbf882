import { HttpMicrosoftTenants, type MicrosoftHttpSettings } from './microsoft-tenants.http.js';
import type { MicrosoftTenants } from './microsoft-tenants.js';
import { CachedMicrosoftTenants, type TenantCacheSettings } from './tenant-cache.js';

export interface OpenMicrosoftTenants {
  readonly tenants: MicrosoftTenants;
  /** Ends calls that still run. */
  close(): Promise<void>;
}

/** The tenant check as the service uses it: remembered answers, one HTTP peer. */
export function openMicrosoftTenants(settings: MicrosoftHttpSettings & TenantCacheSettings): OpenMicrosoftTenants {
  const http = new HttpMicrosoftTenants(settings);
  const tenants = new CachedMicrosoftTenants(http, settings);
  return { tenants, close: () => http.close() };
}
