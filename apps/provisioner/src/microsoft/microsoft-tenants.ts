/** Microsoft runs separate clouds that do not know each other; a carrier serves the tenants of one. */
export const microsoftClouds = ['public', 'usgov', 'china'] as const;
export type MicrosoftCloud = (typeof microsoftClouds)[number];

/** What Microsoft says about a tenant id. */
export type TenantAnswer =
  | { readonly kind: 'valid' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-allowed'; readonly reason: string };

/** Knows which Microsoft tenants exist. */
export abstract class MicrosoftTenants {
  /**
   * Never guesses: when Microsoft gives no usable answer it throws `TransientError` with code `MS_TENANT_CHECK_UNAVAILABLE`.
   * @param tenantId a GUID in any case; anything else is `not-found` without asking
   */
  abstract find(tenantId: string, signal: AbortSignal): Promise<TenantAnswer>;
}
