import type { ClaimedJob } from './job.js';

/**
 * A claim as far as this process can know. By its own clock, counted from before the database was asked, it ends so early that a call that was begun last
 * has no effect any more when somebody else may have the job.
 */
export class HeldClaim {
  private readonly abort = new AbortController();
  private expiry: NodeJS.Timeout | undefined;

  /** @param forMs how long it lasts unless it is prolonged */
  constructor(readonly job: ClaimedJob, askedAtMs: number, private readonly forMs: number) {
    this.prolonged(askedAtMs);
  }

  /** Aborted when the claim has run out, is lost, or is to be given up: nothing more may be begun. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  prolonged(askedAtMs: number): void {
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => { this.giveUp(); }, askedAtMs + this.forMs - performance.now());
  }

  giveUp(): void {
    this.abort.abort();
  }

  /** The work has ended. */
  done(): void {
    clearTimeout(this.expiry);
  }
}
