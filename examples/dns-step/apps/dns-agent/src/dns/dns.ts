/** A host name as an alias of `target`, and whose it is. */
export interface Registration {
  readonly hostName: string;
  readonly target: string;
  readonly owner: string;
}

/**
 * The names of one zone. Every method throws `TransientError` (server busy, or a question without an answer), `PermanentError` (it says no) or, for
 * updates, `OutcomeUnknownError` (sent, and no answer came).
 */
export abstract class Dns {
  abstract find(hostName: string, signal: AbortSignal): Promise<Registration | undefined>;
  /** False when the name is in use already. */
  abstract register(registration: Registration, signal: AbortSignal): Promise<boolean>;
  /** Removes nothing but what is the owner's; there may be nothing. */
  abstract remove(registration: Registration, signal: AbortSignal): Promise<void>;
}
