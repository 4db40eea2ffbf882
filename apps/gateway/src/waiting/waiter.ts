import type { CustomerCreateRequested, CustomerDeleteRequested, Deployment, RequestRefused } from '@trunkline/contracts';

/** A request that is to be passed on, and how its caller wants to wait for it. */
export interface WaitingRequest {
  readonly message: CustomerCreateRequested | CustomerDeleteRequested;
  /** Somebody else may have asked for the same deployment. */
  readonly isShared: boolean;
  /** Tells requests for one deployment apart. */
  readonly fingerprint: string | undefined;
  readonly answersWhenAccepted: boolean;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

export type WaitingResult =
  /** An end or a resting place is reached. */
  | { readonly kind: 'ended'; readonly deployment: Deployment }
  | { readonly kind: 'refused'; readonly refusal: RequestRefused['data'] }
  /** It is on disk and will end; `deployment` is what is known of it. */
  | { readonly kind: 'accepted'; readonly deployment: Deployment | undefined }
  /** It was sent, and nobody said that it arrived: it may still run. */
  | { readonly kind: 'unconfirmed' }
  | { readonly kind: 'gone' };

/** One caller who waits. All times are of the monotonic clock. */
export interface Waiter {
  readonly request: WaitingRequest;
  deadlineMs: number;
  /** When the request is sent again unless it was accepted. */
  repeatAtMs: number;
  acceptedAtMs: number | undefined;
  overdueAtMs: number | undefined;
  isAskedWhenOverdue: boolean;
  isRepeated: boolean;
  resolve(result: WaitingResult): void;
  reject(error: unknown): void;
}
