import type { FieldProblem } from '../problem/field-problem.js';
import type { ProgressEntry } from '../message/progress-entry.js';

/** What every view of a deployment shows. `progress` is the whole list, oldest first. */
export interface DeploymentFacts {
  readonly deploymentId: string;
  readonly kind: 'create' | 'delete';
  readonly provider: string;
  readonly customerGuid: string;
  readonly siteGuid: string;
  readonly shortName: string;
  readonly round: number;
  readonly progress: readonly ProgressEntry[];
  /** What the SBC shows only as set: `<row>: <parameter>`. */
  readonly unverified?: readonly string[];
}

/** States with nothing more to tell than that they are reached. */
export type PlainState = 'Accepted' | 'Programming' | 'Synchronising' | 'RollingBack' | 'Deployed' | 'Deleted';
/** States that end a round with a reason, which is the caller's `errorDetails`. */
export type ReasonedState = 'Held' | 'Failed' | 'CleanupRequired' | 'Cancelled';

export type Deployment =
  | (DeploymentFacts & { readonly state: PlainState })
  | (DeploymentFacts & { readonly state: ReasonedState; readonly reason: string })
  | (DeploymentFacts & {
    readonly state: 'Rejected';
    readonly status: 400 | 409 | 503;
    readonly errorCode: string;
    readonly errors: readonly FieldProblem[];
  });

export type DeploymentState = Deployment['state'];

/** States after which nothing follows by itself. `Rejected` with 503 may be started afresh by the same request. */
export function isEnd(state: DeploymentState): boolean {
  return state === 'Deployed' || state === 'Failed' || state === 'Cancelled' || state === 'Deleted' || state === 'Rejected';
}

/** Whether the caller who waits has his answer: an end, or a resting place. */
export function isAnswered(state: DeploymentState): boolean {
  return isEnd(state) || state === 'Held' || state === 'CleanupRequired';
}
