/** What a call to a peer can end in, besides its answer. Adapters translate everything they see into one of these. */
export abstract class PeerError extends Error {
  /**
   * @param code stable and searchable, e.g. `SBC_UNREACHABLE`
   * @param message one line for the person who reads `errorDetails`: what happened, to what; no secret, no script text
   */
  constructor(readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

interface RetryOptions extends ErrorOptions {
  /** The peer said when to come back, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

/** The peer is busy or away and nothing was applied: the runner tries again with back-off. */
export class TransientError extends PeerError {
  readonly retryAfterMs: number | undefined;
  constructor(code: string, message: string, options?: RetryOptions) {
    super(code, message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The peer says never (wrong account, wrong script): the step fails. */
export class PermanentError extends PeerError {}

/** Sent, and the answer was lost, or is a failure that says nothing about it: it may have been applied, so look before anything else. */
export class OutcomeUnknownError extends PeerError {
  /** The peer itself has answered: nothing of the call is under way any more, though what it did may be seen later. */
  readonly isAnswered: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(code: string, message: string, options?: RetryOptions & { readonly isAnswered?: boolean }) {
    super(code, message, options);
    this.isAnswered = options?.isAnswered ?? false;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Our own database could not be reached during an attempt; `cause` says more. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';
  constructor(options: ErrorOptions) {
    super('the database was away', options);
  }
}
