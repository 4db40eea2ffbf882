/** Enough of a long answer to tell what it is and whether it is whole. */
const edgeBytes = 16 * 1024;
const sliceBytes = 8 * 1024;
/** Others share the event loop: a turn is over after this. */
const turnMs = 0.5;

/** Takes an answer's bytes as they come. */
export type TakeBytes = (bytes: Buffer) => void;

/**
 * The body of an answer: kept whole, or, where somebody takes its bytes, only its beginning and its end. The sender is never made to wait: undici 7 ends the
 * process when a connection closes on which an answer is paused.
 */
export class AnswerBody {
  private readonly chunks: Buffer[] = [];
  private readonly waiting: Buffer[] = [];
  private readonly last: Buffer[] = [];
  private lastBytes = 0;
  private kept = 0;
  private isBusy = false;
  private whenTaken: () => void = () => undefined;
  private failure: Error | undefined;
  size = 0;

  constructor(private readonly take: TakeBytes | undefined) {}

  add(chunk: Buffer): void {
    this.size += chunk.length;
    if (!this.take) {
      this.chunks.push(chunk);
      return;
    }
    if (this.kept < edgeBytes) {
      this.chunks.push(chunk.subarray(0, edgeBytes - this.kept));
      this.kept += Math.min(chunk.length, edgeBytes - this.kept);
    }
    this.last.push(chunk);
    this.lastBytes += chunk.length;
    for (let [first] = this.last; first && this.lastBytes - first.length >= edgeBytes; [first] = this.last) {
      this.last.shift();
      this.lastBytes -= first.length;
    }
    for (let at = 0; at < chunk.length; at += sliceBytes) this.waiting.push(chunk.subarray(at, at + sliceBytes));
    if (!this.isBusy) this.handSoon(this.take);
  }

  /** Resolves when every byte is taken. @throws what the taker threw */
  async taken(): Promise<void> {
    if (this.isBusy) await new Promise<void>((resolve) => { this.whenTaken = resolve; });
    if (this.failure) throw this.failure;
  }

  /** All of it; of a long one that is taken elsewhere, its beginning and its end. */
  get text(): string {
    const head = Buffer.concat(this.chunks);
    if (!this.take || this.size <= head.length) return head.toString('utf8');
    // What both hold stands there once.
    const tail = Buffer.concat(this.last).subarray(-edgeBytes);
    const rest = tail.subarray(Math.max(0, head.length + tail.length - this.size));
    return Buffer.concat([head, rest]).toString('utf8');
  }

  /** Never at once: several chunks may come in one turn. */
  private handSoon(take: TakeBytes): void {
    this.isBusy = true;
    setImmediate(() => { this.hand(take); });
  }

  private hand(take: TakeBytes): void {
    const startedAt = performance.now();
    try {
      for (let slice = this.waiting.shift(); slice; slice = this.waiting.shift()) {
        take(slice);
        if (this.waiting.length > 0 && performance.now() - startedAt > turnMs) {
          this.handSoon(take);
          return;
        }
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.waiting.length = 0;
    }
    this.isBusy = false;
    this.whenTaken();
  }
}
