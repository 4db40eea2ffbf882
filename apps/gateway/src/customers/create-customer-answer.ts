import type { Deployment, ProgressEntry } from '@trunkline/contracts';

import { printProgress } from './print-progress.js';

/** The body that answers a create request; exactly these fields. */
export interface CreateCustomerAnswer {
  readonly id: string;
  readonly customerGuid: string;
  /** The short name. */
  readonly customerId: string;
  readonly siteLocationIds: readonly string[];
  readonly deploymentState: 'Deployed' | 'Unknown';
  readonly errorDetails: string | null;
  readonly progressDetails: string;
}

export interface CreatedCustomer {
  readonly customerGuid: string;
  readonly shortName: string;
  readonly siteGuids: readonly string[];
  readonly deploymentState: 'Deployed' | 'Unknown';
  readonly errorDetails: string | null;
  readonly progress: readonly ProgressEntry[];
}

/** The contract's words for what became of a customer. */
export function createCustomerAnswer({ customerGuid, shortName, siteGuids, deploymentState, errorDetails, progress }: CreatedCustomer): CreateCustomerAnswer {
  return {
    id: customerGuid, customerGuid, customerId: shortName, siteLocationIds: [...siteGuids],
    deploymentState, errorDetails, progressDetails: printProgress(progress),
  };
}

/** What the create answer shows: inside the documented pair, with the reason of a failure. */
export function createOutcome(deployment: Deployment): { deploymentState: 'Deployed' | 'Unknown'; errorDetails: string | null } {
  if (deployment.state === 'Deployed') return { deploymentState: 'Deployed', errorDetails: null };
  return { deploymentState: 'Unknown', errorDetails: 'reason' in deployment ? deployment.reason : null };
}
