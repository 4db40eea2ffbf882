import { setTimeout as pause } from 'node:timers/promises';
import { TransientError } from '@trunkline/steps';
import { withDeadline } from './deadline.js';
import { MicrosoftTenants, type TenantAnswer } from './microsoft-tenants.js';

export interface RetrySettings {
  /** Calls altogether, default 3. */
  readonly tries?: number;
  /** All calls and pauses together, default 15 s. */
  readonly budgetMs?: number;
  /** Upper end of the first pause, doubled for each further one; default 500 ms. */
  readonly pauseMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Asks again when Microsoft could not be asked. The step runner can't do it here: the check comes before any record exists,
 * with a caller waiting, so the patience is short and kept in memory.
 */
export class RetriedMicrosoftTenants extends MicrosoftTenants {
  private readonly tries: number;
  private readonly budgetMs: number;
  private readonly pauseMs: number;
  private readonly random: () => number;

  constructor(private readonly inner: MicrosoftTenants, settings: RetrySettings = {}) {
    super();
    this.tries = settings.tries ?? 3;
    this.budgetMs = settings.budgetMs ?? 15_000;
    this.pauseMs = settings.pauseMs ?? 500;
    this.random = settings.random ?? Math.random;
  }

  override find(tenantId: string, outer: AbortSignal): Promise<TenantAnswer> {
    const endsAt = performance.now() + this.budgetMs;
    return withDeadline(this.budgetMs, outer, async (signal) => {
      for (let tried = 1; ; tried += 1) {
        try {
          return await this.inner.find(tenantId, signal);
        } catch (error) {
          if (!(error instanceof TransientError) || tried >= this.tries || signal.aborted) throw error;
          const pauseMs = (error.retryAfterMs ?? 0) + this.random() * this.pauseMs * 2 ** (tried - 1);
          // A wish we can't wait for: better to say so now than after the budget.
          if (performance.now() + pauseMs >= endsAt) throw error;
          await pause(pauseMs, undefined, { signal }).catch(() => { throw error; });
        }
      }
    });
  }
}
