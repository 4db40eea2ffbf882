import {
  type CustomerCreateRequested, type CustomerDeleteRequested, type DeploymentAction, type DeploymentEventMessage, type FieldProblem, type ProgressEntry,
  type ScriptJob, type Ticket,
} from '@trunkline/contracts';

/** Customer and site as they are stored once every check has passed. */
export interface NewCustomer {
  readonly ticket: Ticket;
  readonly script: ScriptJob;
  readonly startBy: string;
  readonly configurationType: string;
  readonly progress: readonly ProgressEntry[];
}

export type Validation =
  | { readonly kind: 'passed'; readonly customer: NewCustomer }
  | { readonly kind: 'rejected'; readonly status: 400 | 409 | 503; readonly errorCode: string; readonly errors: readonly FieldProblem[] };

export interface ClaimedCheck {
  readonly id: string;
  readonly epoch: string;
}

/** What the ledger is told. Each kind may be told again: the second time changes nothing. */
export type LedgerItem =
  | { readonly kind: 'create-requested'; readonly message: CustomerCreateRequested; readonly body: string }
  | { readonly kind: 'delete-requested'; readonly message: CustomerDeleteRequested }
  /** `job`, whose result this is, ends with it. */
  | { readonly kind: 'validated'; readonly customerGuid: string; readonly round: number; readonly validation: Validation; readonly job?: ClaimedCheck }
  | { readonly kind: 'reported'; readonly event: DeploymentEventMessage; readonly body: string }
  | {
    readonly kind: 'action'; readonly customerGuid: string; readonly deploymentId: string; readonly action: DeploymentAction; readonly caller: string;
    readonly reason: string | undefined;
  }
  /** Something of this customer's is overdue. */
  | { readonly kind: 'due'; readonly customerGuid: string };

export type ItemOf<Kind extends LedgerItem['kind']> = Extract<LedgerItem, { kind: Kind }>;
