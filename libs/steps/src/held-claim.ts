import type { ClaimedJob } from './job.js';

/**
 * A claim as far as this process can know. By its own clock, counted from before the database was asked, it ends so early that a call that was begun last
 * has no effect any more when somebody else may have the job.
 */
export class HeldClaim {
  private readonly abort = new AbortController();
  private expiry: NodeJS.Timeout | undefined;
  private endsAtMs = 0;

  /** @param forMs how long it lasts unless it is prolonged */
  constructor(readonly job: ClaimedJob, askedAtMs: number, private readonly forMs: number) {
    this.prolonged(askedAtMs);
    claims.set(this.signal, this);
  }

  /** Aborted when the claim has run out, is lost, or is to be given up: nothing more may be begun. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  prolonged(askedAtMs: number): void {
    this.endsAtMs = askedAtMs + this.forMs;
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => { this.giveUp(); }, this.endsAtMs - performance.now());
  }

  /** In a process that was paused the timer may not have come to its turn. */
  check(): void {
    if (performance.now() >= this.endsAtMs) this.giveUp();
  }

  giveUp(): void {
    this.abort.abort();
  }

  /** The work has ended. */
  done(): void {
    clearTimeout(this.expiry);
  }
}

const claims = new WeakMap<AbortSignal, HeldClaim>();

/** Whether a call may be begun that this signal would abort: to be asked in the same turn in which it is sent. */
export function mayBegin(signal: AbortSignal): boolean {
  /* safeguard: claim-check-before-call */
  claims.get(signal)?.check();
  return !signal.aborted;
}
