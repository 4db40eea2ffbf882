import type { ActionAnswer, DeploymentEventMessage, Message } from '@trunkline/contracts';

import type { CustomerDeployments, DueInMs } from '../process/tracked-deployment.js';

/** Everything one item changes, as values; the ledger writes it in the transaction that holds the locks. */
export interface LedgerEffects {
  readonly deployments: CustomerDeployments;
  /** New log entries: stored, and published to everybody. */
  readonly recorded: readonly DeploymentEventMessage[];
  /** Reports that came after the end: nowhere but in the service's own log. */
  readonly late: readonly DeploymentEventMessage[];
  /** Told to waiting gateways only; never stored. */
  readonly told: readonly { readonly message: Message; readonly origins: readonly string[] }[];
  /** Log entries that are published once more under their old ids. */
  readonly redriven: readonly DeploymentEventMessage[];
  /** Validation jobs to start. */
  readonly validations: readonly {
    readonly messageId: string; readonly body: string; readonly deploymentId: string; readonly customerGuid: string; readonly round: number;
  }[];
  readonly due: ReadonlyMap<string, { readonly inMs: DueInMs; readonly redrives: number }>;
  /** Of an operator's action. */
  readonly answer: ActionAnswer;
  /** Of a request that joins no deployment. */
  readonly refusal: RefusedRequest | undefined;
}

/** Why one request starts and joins nothing. */
export interface RefusedRequest {
  readonly errorCode: string;
  readonly message: string;
}

export function noEffects(deployments: CustomerDeployments): LedgerEffects {
  return {
    deployments, recorded: [], late: [], told: [], redriven: [], validations: [], due: new Map(), answer: { kind: 'done' }, refusal: undefined,
  };
}
