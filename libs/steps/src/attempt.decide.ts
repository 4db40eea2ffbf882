import { DatabaseAwayError, OutcomeUnknownError, PermanentError, TransientError } from './errors.js';

export interface StepLimits {
  /** How long a step may go on trying, from its first attempt. Infinity: for ever. */
  readonly deadlineMs: number;
  /** Attempts after which the step is given up, whatever time is left. Infinity: as many as the deadline allows. */
  readonly maxAttempts: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** After an unknown outcome of a call that may be under way the peer is not looked at before this has passed. */
  readonly lookAfterMs: number;
  /** Attempts that may end in a bug of ours before the step fails. */
  readonly maxBugs: number;
}

export interface Attempt {
  readonly number: number;
  readonly elapsedMs: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
  /** How long what it has begun may still come to light: the next one would look too early, and begin it once more. */
  readonly quietAfterMs?: number;
}

export type AfterFailure =
  | { readonly kind: 'again'; readonly afterMs: number; readonly code: string; readonly note: string }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };

/** What follows an attempt that threw. Total: whatever was thrown has an answer. */
export function decideAfterFailure(error: unknown, attempt: Attempt, limits: StepLimits): AfterFailure {
  if (error instanceof PermanentError) return { kind: 'failed', code: error.code, reason: error.message };
  if (error instanceof TransientError || error instanceof OutcomeUnknownError) {
    const isUnderWay = error instanceof OutcomeUnknownError && !error.isAnswered;
    const afterMs = isUnderWay ? /* safeguard: look-after-call */ limits.lookAfterMs : backoffMs(attempt, limits);
    return againOrFailed(error.code, error.message, Math.max(afterMs, error.retryAfterMs ?? 0), attempt, limits);
  }
  // The database is nobody's fault here, and no reason to give the work up: it comes back.
  if (error instanceof DatabaseAwayError) return again('DATABASE_AWAY', error.message, backoffMs(attempt, limits), attempt);
  // A bug: its text is for the log, not for the caller.
  if (attempt.number >= limits.maxBugs) return { kind: 'failed', code: 'INTERNAL', reason: 'Internal error; the log has the details' };
  return again('INTERNAL', 'internal error', backoffMs(attempt, limits), attempt);
}

function againOrFailed(code: string, message: string, afterMs: number, attempt: Attempt, limits: StepLimits): AfterFailure {
  const next = again(code, message, afterMs, attempt);
  // An attempt that could only begin after the deadline is not waited for.
  if (attempt.number >= limits.maxAttempts || /* safeguard: step-deadline */ attempt.elapsedMs + next.afterMs > limits.deadlineMs) {
    return { kind: 'failed', code, reason: message };
  }
  return next;
}

function again(code: string, note: string, afterMs: number, { quietAfterMs = 0 }: Attempt): Extract<AfterFailure, { kind: 'again' }> {
  return { kind: 'again', afterMs: /* safeguard: attempt-after-quiet */ Math.max(afterMs, quietAfterMs), code, note };
}

/** Exponential with full jitter: anywhere from nothing to the cap of this attempt, so that many jobs do not come back together. */
export function backoffMs(attempt: Pick<Attempt, 'number' | 'random'>, limits: Pick<StepLimits, 'backoffBaseMs' | 'backoffMaxMs'>): number {
  const cap = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** Math.min(attempt.number - 1, 30));
  return Math.floor(attempt.random * cap);
}
