import { TransientError } from '@trunkline/steps';

import { MicrosoftTenants, type TenantAnswer } from './microsoft-tenants.js';

export interface TenantCacheSettings {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** Tenants remembered, default 10 000; the longest unused goes first. */
  readonly maxEntries?: number;
  /** How long a call may take, default 5 s. */
  readonly callMs?: number;
}

interface Entry {
  readonly answer: TenantAnswer;
  readonly expiresAt: number;
}

interface SharedCall {
  readonly answer: Promise<TenantAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

const positiveMs = 24 * 3_600_000;
/** A new tenant appears minutes after its creation. */
const negativeMs = 60_000;

/**
 * Remembers answers, never failures. Lookups of one tenant at one time share a call; it is stopped when its time is over, or when the
 * last of them has gone.
 */
export class CachedMicrosoftTenants extends MicrosoftTenants {
  private readonly entries = new Map<string, Entry>();
  private readonly calls = new Map<string, SharedCall>();
  private readonly settings: Required<TenantCacheSettings>;

  constructor(private readonly inner: MicrosoftTenants, settings: TenantCacheSettings = {}) {
    super();
    this.settings = { now: () => performance.now(), maxEntries: 10_000, callMs: 5_000, ...settings };
  }

  override find(tenantId: string, signal: AbortSignal): Promise<TenantAnswer> {
    const id = tenantId.toLowerCase();
    const remembered = this.remembered(id);
    return remembered === undefined ? this.join(id, signal) : Promise.resolve(remembered);
  }

  private remembered(id: string): TenantAnswer | undefined {
    const entry = this.entries.get(id);
    if (entry === undefined) return undefined;
    this.entries.delete(id);
    if (entry.expiresAt <= this.settings.now()) return undefined;
    this.entries.set(id, entry);
    return entry.answer;
  }

  private async join(id: string, signal: AbortSignal): Promise<TenantAnswer> {
    const call = this.calls.get(id) ?? this.start(id);
    call.waiting += 1;
    try {
      return await orGone(call.answer, signal);
    } finally {
      call.waiting -= 1;
      if (call.waiting === 0) {
        this.calls.delete(id);
        call.controller.abort();
      }
    }
  }

  private start(id: string): SharedCall {
    const { callMs } = this.settings;
    const controller = new AbortController();
    const timer = setTimeout(() => { controller.abort(new Error(`no answer within ${callMs} ms`)); }, callMs);
    const answer = this.inner.find(id, controller.signal).finally(() => { clearTimeout(timer); }).then((found) => {
      this.remember(id, found);
      return found;
    });
    const call = { answer, controller, waiting: 0 };
    this.calls.set(id, call);
    return call;
  }

  private remember(id: string, answer: TenantAnswer): void {
    const { maxEntries, now } = this.settings;
    this.entries.delete(id);
    const [oldest] = this.entries.keys();
    if (oldest !== undefined && this.entries.size >= maxEntries) this.entries.delete(oldest);
    this.entries.set(id, { answer, expiresAt: now() + (answer.kind === 'valid' ? positiveMs : negativeMs) });
  }
}

/** The shared answer, or an end for this caller alone. */
function orGone(answer: Promise<TenantAnswer>, signal: AbortSignal): Promise<TenantAnswer> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new TransientError('MS_TENANT_CHECK_UNAVAILABLE', 'The tenant check was stopped before Microsoft answered', { cause: signal.reason }));
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) gone();
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone));
  });
}
