import type { FastifyReply } from 'fastify';

/** The requests that are not answered yet, and whether new ones are still taken. */
export class OpenRequests {
  private count = 0;
  private closing = false;
  private whenNone: (() => void) | undefined;

  get isClosing(): boolean { return this.closing; }

  begin(reply: FastifyReply): void {
    this.count += 1;
    // Comes after an answer and after a lost connection alike.
    reply.raw.once('close', () => {
      this.count -= 1;
      if (this.count === 0) this.whenNone?.();
    });
  }

  /** No further ones. */
  close(): void {
    this.closing = true;
  }

  /** Resolves when none is left, at the latest after `limitMs`. */
  async none(limitMs: number): Promise<void> {
    if (this.count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.whenNone = resolve;
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }
}
