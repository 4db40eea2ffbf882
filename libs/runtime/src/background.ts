import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from './logger.js';

/**
 * A task that runs again and again until stopped: at the latest after `intervalMs`, at once when `wake` is called. A run that
 * throws is logged and the next one comes after the interval. Runs never overlap.
 */
export class BackgroundLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;
  private isWoken = false;

  constructor(
    private readonly name: string,
    private readonly intervalMs: number,
    private readonly task: (signal: AbortSignal) => Promise<void>,
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
    while (!signal.aborted) {
      this.isWoken = false;
      try {
        await this.task(signal);
      } catch (err) {
        if (!signal.aborted) this.logger.warn({ err, loop: this.name }, 'background task failed, it runs again');
      }
      if (this.isWoken || signal.aborted) continue;
      const waiting = new AbortController();
      this.wakeUp = () => { waiting.abort(); };
      await delay(this.intervalMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      this.wakeUp = undefined;
    }
  }
}
