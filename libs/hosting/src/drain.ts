import type { Logger } from '@trunkline/runtime';

/** What of its end a service needs beyond the drain: results, messages and sessions with its servers. */
const lastThingsMs = 10_000;
const askedAgainMs = 2_000;
/** Ctrl-C comes from the terminal and from the program that has started this one. */
const sameRequestMs = 500;

/**
 * The end of a process. Once it is asked for, what runs may go on for `drainMs`; then, or when it is asked for again, `cutOff` is aborted. It comes in any
 * case, with exit code 1: 10 s after the drain, 2 s after it was asked for again. Within half a second it is the same request.
 */
export class Drain {
  /** Resolves when the end is asked for. */
  readonly asked: Promise<void>;
  private resolveAsked: () => void = () => undefined;
  private readonly over = new AbortController();
  private overAtMs: number | undefined;
  private askedAtMs = -Infinity;

  constructor(private readonly drainMs: number, private readonly logger: Logger) {
    this.asked = new Promise((resolve) => { this.resolveAsked = resolve; });
  }

  get cutOff(): AbortSignal {
    return this.over.signal;
  }

  get isStopping(): boolean {
    return this.overAtMs !== undefined;
  }

  /** Null when the end has not been asked for. */
  get endsInMs(): number | null {
    if (this.overAtMs === undefined) return null;
    return this.over.signal.aborted ? 0 : Math.max(0, Math.round(this.overAtMs - performance.now()));
  }

  /** Takes SIGTERM and SIGINT for the wish to end. */
  listen(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { this.ask(signal); });
  }

  ask(signal: string): void {
    const nowMs = performance.now();
    if (/* safeguard: asked-once */ nowMs - this.askedAtMs < sameRequestMs) return;
    this.askedAtMs = nowMs;
    const isAgain = this.isStopping;
    this.logger.info({ signal, isAgain }, 'stopping');
    if (/* safeguard: asked-again */ isAgain) {
      this.over.abort();
      this.endWithin(askedAgainMs);
      return;
    }
    this.overAtMs = nowMs + this.drainMs;
    setTimeout(() => { this.over.abort(); }, this.drainMs);
    this.endWithin(/* safeguard: forced-end */ this.drainMs + lastThingsMs);
    this.resolveAsked();
  }

  private endWithin(ms: number): void {
    setTimeout(() => {
      this.logger.error('stopping took too long, the rest is handed out again');
      process.exit(1);
    }, ms);
  }
}

/** Ends something with a signal of its own, aborted after so long and at the latest with `cutOff`: the rest of the drain is for what comes after it. */
export async function withinDrain(ms: number, cutOff: AbortSignal, stop: (sooner: AbortSignal) => Promise<void>): Promise<void> {
  const over = new AbortController();
  const cut = (): void => { over.abort(); };
  if (cutOff.aborted) cut();
  else cutOff.addEventListener('abort', cut, { once: true });
  const timer = setTimeout(cut, ms);
  await stop(over.signal).finally(() => { clearTimeout(timer); });
}
