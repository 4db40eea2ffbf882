import { type OutboxMessage, outgoingEvent } from '@trunkline/messaging';
import type { Message } from '@trunkline/contracts';
import { BackgroundLoop, idle, type Logger } from '@trunkline/runtime';

import type { StepLimits } from './attempt.decide.js';
import { concludeFailure } from './conclude-failure.js';
import { HeldClaim } from './held-claim.js';
import type { Claimer } from './intake-claims.js';
import type { ClaimedJob } from './job.js';
import type { JobResult, JobStore } from './job-store.js';

/** What a finished job tells the others. */
export interface JobOutcome {
  readonly message: Message;
  readonly origins: readonly string[];
}

/** The work of one kind of job. Peer errors are thrown; the runner decides what follows. */
export interface JobHandler {
  limits(job: ClaimedJob): StepLimits;
  /**
   * Undefined when the work itself has stored its effects and ended the job. Who fails says by `lingers` how long what he has begun may still come
   * to light.
   */
  run(job: ClaimedJob, signal: AbortSignal, lingers: (ms: number) => void): Promise<JobOutcome | undefined>;
  /** The outcome of a job that will not be tried again; undefined as of `run`. */
  failed(job: ClaimedJob, failure: { readonly code: string; readonly reason: string }): Promise<JobOutcome | undefined>;
}

export interface JobRunnerOptions {
  readonly holder: string;
  readonly concurrency: number;
  /** How long others keep away from a job whose claim is not prolonged. */
  readonly claimMs: number;
  /** How long after it was begun a call may take effect: none begins when less than that is left of the claim. */
  readonly callMs: number;
  readonly random: () => number;
  /** Called when jobs have been claimed that may have been stored by another process; they run when it has resolved. */
  readonly afterClaim?: () => Promise<void>;
}

/** Outcome of a job as its result to store. */
export function doneWith(job: ClaimedJob, outcome: JobOutcome | undefined, quietAfterMs = 0): JobResult {
  if (!outcome) return { kind: 'done', job, quietAfterMs };
  const message: OutboxMessage = outgoingEvent(outcome.message, outcome.origins);
  return { kind: 'done', job, outcome: { type: outcome.message.type, id: outcome.message.id, message }, quietAfterMs };
}

const endOf = (job: ClaimedJob, outcome: JobOutcome | undefined, quietAfterMs = 0): JobResult | 'ended' => (outcome ? doneWith(job, outcome, quietAfterMs) : 'ended');

const pollMs = 1_000;
/** Room for so many jobs is claimed for at once; for fewer so much later. */
const worthAClaim = 8;
const soonMs = 50;

/** Runs the due jobs of a store, a bounded number at a time: claims, renews the claims, stores results, tries again with back-off. */
export class JobRunner implements Claimer {
  readonly holder: string;
  readonly claimMs: number;
  private readonly running = new Map<HeldClaim, Promise<void>>();
  private reserved = 0;
  /** The last claim has found more than there was room for, or there was no room. */
  private mayBeMore = false;
  private readonly claiming: BackgroundLoop;
  private readonly renewing: BackgroundLoop;
  private isStopping = false;
  private soon: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: JobStore,
    private readonly handlers: ReadonlyMap<string, JobHandler>,
    private readonly options: JobRunnerOptions,
    private readonly logger: Logger,
  ) {
    this.holder = options.holder;
    this.claimMs = options.claimMs;
    this.claiming = new BackgroundLoop('job runner', pollMs, () => this.claimDue(), logger);
    this.renewing = new BackgroundLoop('claim renewal', (options.claimMs - options.callMs) / 4, () => this.renewClaims(), logger);
  }

  start(): void {
    this.store.onWork(() => { this.claiming.wake(); });
    this.store.claimFor(this);
    this.claiming.start();
    this.renewing.start();
  }

  /** Something may be due that the store itself has not noticed. */
  wake(): void {
    this.claiming.wake();
  }

  /** Takes no more jobs, waits for the running ones, and hands back what has not ended at `cutOff`, for when its last call is over. */
  async stop(cutOff: AbortSignal): Promise<void> {
    this.isStopping = true;
    await this.claiming.stop();
    const giveUpAll = (): void => { for (const claim of this.running.keys()) claim.giveUp(); };
    if (cutOff.aborted) giveUpAll();
    else cutOff.addEventListener('abort', giveUpAll, { once: true });
    await Promise.all(this.running.values());
    await this.renewing.stop();
    await this.store.idle();
  }

  reserve(most: number): number {
    const reserved = this.isStopping ? 0 : Math.max(0, Math.min(most, this.free));
    this.reserved += reserved;
    return reserved;
  }

  adopt(reserved: number, jobs: readonly ClaimedJob[], askedAtMs: number): void {
    this.reserved -= reserved;
    for (const job of jobs) this.begin(job, askedAtMs);
    // Somebody may have found no room meanwhile.
    if (this.mayBeMore && /* safeguard: freed-room-is-used */ jobs.length < reserved) this.claiming.wake();
  }

  private get free(): number {
    return this.options.concurrency - this.running.size - this.reserved;
  }

  private async claimDue(): Promise<typeof idle | undefined> {
    while (!this.isStopping) {
      const limit = this.free;
      if (limit <= 0) {
        this.mayBeMore = true;
        return undefined;
      }
      const jobs = await this.claim(limit);
      if (jobs.length < limit) return this.running.size === 0 ? idle : undefined;
    }
    return undefined;
  }

  /** Keeps the room while it asks: an intake must not use it as well. */
  private async claim(limit: number): Promise<readonly ClaimedJob[]> {
    const { claimMs, holder } = this.options;
    const askedAtMs = performance.now();
    /* safeguard: claim-keeps-room */
    this.reserved += limit;
    try {
      const jobs = await this.store.claim({ holder, limit, claimMs });
      this.mayBeMore = jobs.length === limit;
      const ready = jobs.length > 0 ? this.options.afterClaim?.() : undefined;
      ready?.catch(() => undefined);
      for (const job of jobs) this.begin(job, askedAtMs, ready);
      return jobs;
    } finally {
      this.reserved -= limit;
    }
  }

  /** @param ready to be waited for in each attempt, which fails with it */
  private begin(job: ClaimedJob, askedAtMs: number, ready?: Promise<void>): void {
    const { callMs, claimMs } = this.options;
    const claim = new HeldClaim(job, askedAtMs, /* safeguard: claim-margin */ claimMs - callMs);
    this.running.set(claim, this.execute(job, claim.signal, ready).finally(() => {
      claim.done();
      this.running.delete(claim);
      // Jobs that found no room wait for this.
      if (this.mayBeMore) this.claimSoon();
    }));
  }

  /** Several jobs are claimed for the price of one: a moment is waited for more room. */
  private claimSoon(): void {
    if (/* safeguard: room-for-several */ this.free >= Math.min(worthAClaim, this.options.concurrency)) this.claiming.wake();
    else /* safeguard: room-soon */ this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.claiming.wake();
    }, soonMs).unref();
  }

  private async execute(job: ClaimedJob, signal: AbortSignal, ready: Promise<void> | undefined): Promise<void> {
    const logger = this.logger.child({ deploymentId: job.deploymentId, step: job.kind, attempt: job.attempt, messageId: job.messageId });
    const startedAt = performance.now();
    try {
      const result = await this.attempt(job, signal, ready, logger);
      if (result === 'given-up') return;
      const isMine = result === 'ended' || await this.store.finish(result);
      const durationMs = Math.round(performance.now() - startedAt);
      if (isMine) logger.info({ outcome: result === 'ended' ? result : result.kind === 'done' ? result.outcome?.type ?? 'done' : result.kind, durationMs }, 'step attempt ended');
      else logger.warn({ durationMs }, 'step attempt ended after its claim: the result is not stored');
    } catch (err) {
      logger.warn({ err }, 'result could not be stored: the claim runs out and the step is tried again');
    }
  }

  private async attempt(job: ClaimedJob, signal: AbortSignal, ready: Promise<void> | undefined, logger: Logger): Promise<JobResult | 'ended' | 'given-up'> {
    const handler = this.handlers.get(job.kind);
    if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
    let quietAfterMs = 0;
    try {
      if (job.isTooLate) return endOf(job, await handler.failed(job, { code: 'START_BY_PASSED', reason: 'The time within which the work could begin has passed' }));
      await ready;
      return endOf(job, await handler.run(job, signal, (ms) => { quietAfterMs = ms; }));
    } catch (error) {
      // Whoever has it next waits for the end of the claim.
      if (signal.aborted && /* safeguard: jobs-released-at-stop */ !this.isStopping) return 'given-up';
      const { callMs } = this.options;
      if (signal.aborted) return { kind: 'again', job, afterMs: callMs, note: 'STOPPED: the process ended before the step did', quietAfterMs: callMs };
      const end = concludeFailure(error, job, { limits: handler.limits(job), random: this.options.random(), quietAfterMs }, logger);
      return end.kind === 'failed' ? endOf(job, await handler.failed(job, end), quietAfterMs) : end;
    }
  }

  private async renewClaims(): Promise<void> {
    const held = [...this.running.keys()];
    if (held.length === 0) return;
    const askedAtMs = performance.now();
    const mine = await this.store.renew(held.map(({ job }) => job), this.options.claimMs);
    for (const claim of held) {
      if (mine.has(claim.job.id)) /* safeguard: claim-renewal */ claim.prolonged(askedAtMs);
      else /* safeguard: lost-claim */ claim.giveUp();
    }
  }
}
