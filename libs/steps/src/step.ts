/** What a decision may answer after looking. `done`: everything is there and ours. `refuse`: an expected no, final. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'write' }
  | { readonly kind: 'clean-then-write' }
  | { readonly kind: 'refuse'; readonly code: string; readonly reason: string };

/**
 * One step against a peer. `verify` looks for everything the step creates and runs before and after every `apply`;
 * `undo` succeeds when there is nothing to undo. All may be run any number of times.
 */
export interface Step<Job, Seen> {
  readonly name: string;
  verify(job: Job, signal: AbortSignal): Promise<Seen>;
  decide(job: Job, seen: Seen): Verdict;
  apply(job: Job, signal: AbortSignal): Promise<void>;
  undo(job: Job, signal: AbortSignal): Promise<void>;
}
