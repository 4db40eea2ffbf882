import type { ActionAnswer, CustomerCreated, DeploymentEventMessage, FieldProblem, Message, Outcome, ProcessStep, Ticket, UndoCause } from '@trunkline/contracts';

import type { DeploymentKind, TrackedDeployment } from './tracked-deployment.js';

/** What becomes an event: recorded in the log of one of the customer's deployments, and published. */
export type NewEvent = { readonly of: DeploymentKind; readonly round: number } & (
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject'; readonly status: 400 | 409 | 503; readonly errorCode: string; readonly errors: readonly FieldProblem[] }
  | { readonly kind: 'create-customer'; readonly data: CustomerCreated['data'] }
  | { readonly kind: 'undo'; readonly step: ProcessStep; readonly closesRound: number; readonly cause: UndoCause; readonly reason: string | undefined; readonly ticket: Ticket }
  | { readonly kind: 'abandon'; readonly closesRound: number; readonly caller: string; readonly reason: string }
  | { readonly kind: 'complete'; readonly outcome: Outcome; readonly reason: string | undefined }
);

/** What the provisioner decides, as values: nothing of it has happened before `apply` makes events and effects of it. */
export type Decision =
  | NewEvent
  | { readonly kind: 'open-removal'; readonly removal: TrackedDeployment }
  /** A gateway waits for the deployment from now on. */
  | { readonly kind: 'join'; readonly of: DeploymentKind; readonly origin: string | undefined }
  | { readonly kind: 'validate'; readonly messageId: string; readonly body: string; readonly round: number }
  /** A step's report enters the log as it came. */
  | { readonly kind: 'hear'; readonly of: DeploymentKind; readonly event: DeploymentEventMessage }
  | { readonly kind: 'note-late'; readonly event: DeploymentEventMessage }
  | { readonly kind: 'tell-standing'; readonly of: DeploymentKind; readonly origin: string | undefined }
  | {
    readonly kind: 'refuse'; readonly request: Message & { readonly data: { readonly origin?: string } }; readonly status: 404 | 422; readonly errorCode: string;
    readonly message: string;
  }
  | { readonly kind: 'answer'; readonly answer: ActionAnswer }
  /** `event` is published once more under its old id; undefined: the deployment waits for nothing. */
  | { readonly kind: 'redrive'; readonly of: DeploymentKind; readonly event: DeploymentEventMessage | undefined };

export interface OutcomePolicy {
  /** `hold`: a failure waits for an operator instead of being undone. */
  readonly onFailure: 'undo' | 'hold';
}

/** What decisions need beside the deployments. */
export interface LedgerContext extends OutcomePolicy {
  readonly now: string;
  /** Whether a message had been received before. */
  readonly isRepeated: (message: Message) => boolean;
  /** Whether the customer's row could be stored; false: somebody else has the name. */
  readonly isStored: (customerGuid: string) => boolean;
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
  /** How long the steps may take together once the last of them could begin. */
  readonly stepsMs: number;
  /** Until when forward work of a round that begins now may begin. */
  readonly startBy: string;
}
