import type { Logger } from './logger.js';

/** What a run says that had nothing to do, and knows of nothing that is about to be. */
export const idle = 'idle';

const longestIdlePauseMs = 4_000;

/** The pause after a run, in ms; `pauseMs` is the one before it, 0 when there was none or it was cut short. */
export function pauseAfter({ intervalMs, isIdle, pauseMs }: { readonly intervalMs: number; readonly isIdle: boolean; readonly pauseMs: number }): number {
  if (!isIdle || pauseMs === 0) return intervalMs;
  return Math.max(intervalMs, Math.min(2 * pauseMs, longestIdlePauseMs));
}

/**
 * A task that runs again and again until stopped: at the latest after `intervalMs`, at once when `wake` is called. After each run that was `idle` the pause
 * doubles, up to 4 s. A run that throws is logged and the next one comes after the interval. Runs never overlap.
 */
export class BackgroundLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;
  private isWoken = false;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly task: (signal: AbortSignal) => Promise<typeof idle | void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.isWoken = true;
    this.wakeUp?.();
  }

  /** Resolves when a run that was under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wakeUp?.();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let pauseMs = 0;
    while (!signal.aborted) {
      this.isWoken = false;
      let isIdle = false;
      try {
        isIdle = await this.task(signal) === idle;
      } catch (err) {
        if (!signal.aborted) this.logger.warn({ err, loop: this.name }, 'background task failed, it runs again');
      }
      pauseMs = pauseAfter({ intervalMs: this.intervalMs, isIdle, pauseMs });
      if (!this.isWoken && !signal.aborted) await this.pause(pauseMs);
      if (this.isWoken) pauseMs = 0;
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }
}
