import type { CallEntry } from '../calls/call-log.js';

/** Notices writes to one device that run at the same time; it forbids nothing. */
export class WriteWatch {
  private readonly running = new Map<CallEntry, number>();

  /** A write is running from now on; the function returned ends it. One that a restart ended is in nobody's way. */
  begin(entry: CallEntry, boot: number): () => void {
    for (const [other, otherBoot] of this.running) {
      if (otherBoot !== boot) continue;
      other.overlap = true;
      entry.overlap = true;
    }
    this.running.set(entry, boot);
    return () => {
      this.running.delete(entry);
    };
  }
}
