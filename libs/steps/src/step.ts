/** What a decision may answer after looking. `done`: everything is there and ours. `refuse`: an expected no, final. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'write' }
  | { readonly kind: 'clean-then-write' }
  | { readonly kind: 'refuse'; readonly code: string; readonly reason: string };

/**
 * One attempt of a step against a peer, for one job. `verify` looks for everything the step creates and runs before and after every `apply`;
 * `undo` succeeds when there is nothing to undo. All may be run any number of times.
 */
export interface StepAttempt<Seen> {
  readonly name: string;
  verify(signal: AbortSignal): Promise<Seen>;
  decide(seen: Seen): Verdict;
  /** @param seen by the `verify` just before */
  apply(seen: Seen, signal: AbortSignal): Promise<void>;
  undo(signal: AbortSignal): Promise<void>;
}
