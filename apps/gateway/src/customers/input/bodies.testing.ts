/** The body the contract documents. */
export function aCreateBody(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    shortName: 'BradSB1E1',
    fullName: 'BradSB1E1',
    siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 },
    ovocCustomerType: 'IPGROUP_TYPE',
    msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
    ...changes,
  };
}

/** What becomes of `aCreateBody()`. */
export function aNormalRequest(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...aCreateBody(), scriptParameters: {}, candidates: {}, ...changes };
}
