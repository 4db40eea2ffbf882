import type { Deployment } from './deployment.js';

/** What an operator may ask of a deployment. */
export const deploymentActions = ['cancel', 'retry', 'rollback', 'abandon'] as const;
export type DeploymentAction = (typeof deploymentActions)[number];

/**
 * What is legal now. `cancel`: undo what runs. `retry`: the failed step, or the undo that could not be finished, again. `rollback`: undo what is
 * held. `abandon`: leave what is left to the operator. Nothing while an undo runs, and nothing after an end.
 */
export function allowedActions({ kind, state }: Pick<Deployment, 'kind' | 'state'>): readonly DeploymentAction[] {
  switch (state) {
    case 'Accepted': case 'Programming': case 'Synchronising': return kind === 'create' ? ['cancel'] : [];
    case 'Held': return ['retry', 'rollback', 'abandon'];
    case 'CleanupRequired': return ['retry', 'abandon'];
    case 'RollingBack': case 'Deployed': case 'Failed': case 'Cancelled': case 'Deleted': case 'Rejected': return [];
  }
}
