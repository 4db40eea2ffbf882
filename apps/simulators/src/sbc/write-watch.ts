import type { CallEntry } from '../peer/call-log.js';

/** Notices writes to one device that run at the same time; it forbids nothing. */
export class WriteWatch {
  private readonly running = new Set<CallEntry>();

  /** A write is running from now on; the function returned ends it. */
  begin(entry: CallEntry): () => void {
    for (const other of this.running) {
      other.overlap = true;
      entry.overlap = true;
    }
    this.running.add(entry);
    return () => {
      this.running.delete(entry);
    };
  }
}
