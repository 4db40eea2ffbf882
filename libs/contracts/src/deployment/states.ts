import type { DeploymentState } from './deployment.js';

type TaskStatus = 'Queued' | 'InProgress' | 'CompletedSuccess' | 'CompletedFailed' | 'Cancelled';

/** How a site stands on its SBC. */
export type SbcDeploymentState = 'Unknown' | 'Deploying' | 'Deployed' | 'Failed' | 'Deleting' | 'CleanupRequired';

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
