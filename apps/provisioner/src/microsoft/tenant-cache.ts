import { TransientError } from '@trunkline/steps';
import { type MicrosoftCloud, MicrosoftTenants, type TenantAnswer } from './microsoft-tenants.js';

export interface TenantCacheSettings {
  readonly cloud: MicrosoftCloud;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** Default 24 h. */
  readonly positiveMs?: number;
  /** Default 60 s, because a new tenant appears minutes after its creation. */
  readonly negativeMs?: number;
  /** Tenants remembered, default 10 000; the longest unused goes first. */
  readonly maxEntries?: number;
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

/**
 * Remembers answers, never failures. Lookups of one tenant at one time share a call; it is stopped only
 * when the last of them has gone.
 */
export class CachedMicrosoftTenants extends MicrosoftTenants {
  private readonly entries = new Map<string, Entry>();
  private readonly calls = new Map<string, SharedCall>();
  private readonly now: () => number;

  constructor(private readonly inner: MicrosoftTenants, private readonly settings: TenantCacheSettings) {
    super();
    this.now = settings.now ?? (() => performance.now());
  }

  override find(tenantId: string, signal: AbortSignal): Promise<TenantAnswer> {
    const id = tenantId.toLowerCase();
    const key = `${this.settings.cloud} ${id}`;
    const remembered = this.remembered(key);
    return remembered === undefined ? this.join(key, id, signal) : Promise.resolve(remembered);
  }

  private remembered(key: string): TenantAnswer | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    if (entry.expiresAt <= this.now()) return undefined;
    this.entries.set(key, entry);
    return entry.answer;
  }

  private async join(key: string, id: string, signal: AbortSignal): Promise<TenantAnswer> {
    const call = this.calls.get(key) ?? this.start(key, id);
    call.waiting += 1;
    try {
      return await orGone(call.answer, signal);
    } finally {
      call.waiting -= 1;
      if (call.waiting === 0) {
        this.calls.delete(key);
        call.controller.abort();
      }
    }
  }

  private start(key: string, id: string): SharedCall {
    const controller = new AbortController();
    const answer = this.inner.find(id, controller.signal).then((found) => {
      this.remember(key, found);
      return found;
    });
    const call = { answer, controller, waiting: 0 };
    this.calls.set(key, call);
    return call;
  }

  private remember(key: string, answer: TenantAnswer): void {
    const { positiveMs = 24 * 3_600_000, negativeMs = 60_000, maxEntries = 10_000 } = this.settings;
    this.entries.delete(key);
    const [oldest] = this.entries.keys();
    if (oldest !== undefined && this.entries.size >= maxEntries) this.entries.delete(oldest);
    this.entries.set(key, { answer, expiresAt: this.now() + (answer.kind === 'valid' ? positiveMs : negativeMs) });
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
