import { backoff, shortPauses } from '@trunkline/runtime';

const REMEMBERED = 2_000;

/** How long to keep a message whose handler failed before it goes back: grows with the failures in a row of that message. */
export class RedeliveryPauses {
  private readonly failures = new Map<string, number>();

  constructor(private readonly chance: () => number) {}

  /** Notes one more failure and says the pause in milliseconds. */
  failed(messageId: string): number {
    const count = (this.failures.get(messageId) ?? 0) + 1;
    this.failures.delete(messageId);
    this.failures.set(messageId, count);
    if (this.failures.size > REMEMBERED) this.forgetOldest();
    return backoff(count, shortPauses, this.chance());
  }

  /** Forgets the message; whether it had failed before. */
  succeeded(messageId: string): boolean {
    return this.failures.delete(messageId);
  }

  private forgetOldest(): void {
    const oldest = this.failures.keys().next();
    if (!oldest.done) this.failures.delete(oldest.value);
  }
}
