import type { DeploymentEventMessage } from '@trunkline/contracts';

export type DeploymentKind = 'create' | 'delete';

/** A deployment as the ledger holds it under its lock. */
export interface TrackedDeployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly customerGuid: string;
  readonly siteGuid: string;
  readonly provider: string;
  readonly caller: string;
  readonly shortName: string;
  readonly fingerprint: string | undefined;
  readonly origins: readonly string[];
  readonly redrives: number;
  readonly isDue: boolean;
  readonly events: readonly DeploymentEventMessage[];
}

/** All deployments of one customer: they are locked, and decided on, together. */
export interface CustomerDeployments {
  readonly create: TrackedDeployment | undefined;
  readonly removal: TrackedDeployment | undefined;
  readonly customer: 'none' | 'open' | 'closed';
}

/** When a deployment wants to be looked at again, in milliseconds from now; null: never by itself. */
export type DueInMs = number | null;

export function deploymentOf({ create, removal }: CustomerDeployments, kind: DeploymentKind): TrackedDeployment | undefined {
  return kind === 'create' ? create : removal;
}

export function deploymentWithId({ create, removal }: CustomerDeployments, id: string): TrackedDeployment | undefined {
  return [create, removal].find((deployment) => deployment?.id === id);
}

export function withDeployment(deployments: CustomerDeployments, changed: TrackedDeployment): CustomerDeployments {
  return changed.kind === 'create' ? { ...deployments, create: changed } : { ...deployments, removal: changed };
}
