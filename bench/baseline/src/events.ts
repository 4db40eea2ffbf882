export interface CustomerRequested {
  readonly customerId: string;
  readonly shortName: string;
  readonly fullName: string;
  readonly msTenantId: string;
  readonly sbcId: number;
  readonly scriptId: number;
}

/** Of `customer.created` and what follows from it. */
export type CustomerCreated = CustomerRequested & { readonly siteId: string };

export interface DeploymentCompleted {
  readonly customerId: string;
  readonly siteId: string;
}
