import { HttpMicrosoftTenants, type MicrosoftHttpSettings } from './microsoft-tenants.http.js';
import type { MicrosoftTenants } from './microsoft-tenants.js';
import { CachedMicrosoftTenants } from './tenant-cache.js';
import { RetriedMicrosoftTenants, type RetrySettings } from './tenant-retry.js';

export interface OpenMicrosoftTenants {
  readonly tenants: MicrosoftTenants;
  /** Ends calls that still run. */
  close(): Promise<void>;
}

/** The tenant check as the service uses it: remembered answers, a few tries, one HTTP peer. */
export function openMicrosoftTenants(settings: MicrosoftHttpSettings & RetrySettings): OpenMicrosoftTenants {
  const http = new HttpMicrosoftTenants(settings);
  const tenants = new CachedMicrosoftTenants(new RetriedMicrosoftTenants(http, settings), { cloud: settings.cloud });
  return { tenants, close: () => http.close() };
}
