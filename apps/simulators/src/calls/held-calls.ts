import type { CallEntry } from './call-log.js';

interface Held { readonly entry: CallEntry; readonly ruleId: string; readonly end: (outcome: 'released' | 'dropped') => void }

/** Calls that wait for a release. They outlive their rule and their caller: a device finishes what it was sent. */
export class HeldCalls {
  private readonly held = new Map<number, Held>();

  /** Resolves when the call is let go; `dropped` means that it must not be carried on. */
  async hold(entry: CallEntry, ruleId: string): Promise<'released' | 'dropped'> {
    entry.held = true;
    try {
      return await new Promise((resolve) => this.held.set(entry.seq, { entry, ruleId, end: resolve }));
    } finally {
      entry.held = false;
    }
  }

  /** Lets go one call (its sequence number), those of one rule, or all; returns how many. */
  release(which: { readonly seq?: number; readonly ruleId?: string } = {}): number {
    return this.end('released', ({ entry, ruleId }) => (which.seq === undefined || which.seq === entry.seq) && (which.ruleId === undefined || which.ruleId === ruleId));
  }

  /** Ends calls without carrying them on. */
  drop(which: (entry: CallEntry) => boolean = () => true): number {
    return this.end('dropped', ({ entry }) => which(entry));
  }

  private end(outcome: 'released' | 'dropped', which: (held: Held) => boolean): number {
    const ended = [...this.held.values()].filter(which);
    for (const { entry, end } of ended) {
      this.held.delete(entry.seq);
      end(outcome);
    }
    return ended.length;
  }
}
