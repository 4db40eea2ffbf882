import type { DeploymentState } from './deployment.js';

export type TaskStatus = 'Queued' | 'InProgress' | 'CompletedSuccess' | 'CompletedFailed' | 'Cancelled';

/** Numbers of the SIP Connection object; 3 is the vendor's, the others ours. */
export const sbcDeploymentStates = {
  Unknown: 0, Ready: 1, Deploying: 2, Deployed: 3, Failed: 4, Deleting: 5, CleanupRequired: 6,
} as const;
export type SbcDeploymentState = keyof typeof sbcDeploymentStates;

interface StateView {
  readonly task: TaskStatus;
  readonly sbc: SbcDeploymentState;
}

const views: Readonly<Record<DeploymentState, StateView>> = {
  Accepted: { task: 'Queued', sbc: 'Unknown' },
  Programming: { task: 'InProgress', sbc: 'Deploying' },
  Synchronising: { task: 'InProgress', sbc: 'Deploying' },
  Deployed: { task: 'CompletedSuccess', sbc: 'Deployed' },
  Held: { task: 'InProgress', sbc: 'Failed' },
  RollingBack: { task: 'InProgress', sbc: 'Deleting' },
  Failed: { task: 'CompletedFailed', sbc: 'Failed' },
  CleanupRequired: { task: 'CompletedFailed', sbc: 'CleanupRequired' },
  Rejected: { task: 'CompletedFailed', sbc: 'Unknown' },
  Cancelled: { task: 'Cancelled', sbc: 'Failed' },
  Deleted: { task: 'CompletedSuccess', sbc: 'Failed' },
};

export const taskStatusOf = (state: DeploymentState): TaskStatus => views[state].task;
export const sbcStateOf = (state: DeploymentState): SbcDeploymentState => views[state].sbc;
