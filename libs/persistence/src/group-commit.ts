import { setTimeout as delay } from 'node:timers/promises';

import { isConnectionError, isLockError, isRowError } from './database.js';

export interface GroupCommitOptions {
  /** Most items of one commit. */
  readonly maxBatch: number;
  /** Most items waiting; `add` rejects beyond. */
  readonly maxWaiting: number;
  /** After a batch larger than `busyAbove` the next one waits this long for more. */
  readonly busyPauseMs: number;
  readonly busyAbove: number;
}

export class GroupCommitFullError extends Error {
  override readonly name = 'GroupCommitFullError';
}

/** A row that PostgreSQL refuses also when it is alone. */
export class RefusedRowError extends Error {
  override readonly name = 'RefusedRowError';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const defaults: GroupCommitOptions = { maxBatch: 256, maxWaiting: 20_000, busyPauseMs: 3, busyAbove: 8 };

/**
 * Commits what arrived while the last commit ran in the next one: one transaction for many items. `commit` gets the items in order of
 * arrival, answers in the same order, and either all of its effects are on disk or none. An item that makes it fail is found by
 * halving and fails alone; where a lock could not be had each is tried by itself, beside the others.
 */
export class GroupCommit<Item, Result = void> {
  private waiting: Waiting<Item, Result>[] = [];
  private running: Promise<void> | undefined;
  private readonly options: GroupCommitOptions;

  constructor(private readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>, options: Partial<GroupCommitOptions> = {}) {
    this.options = { ...defaults, ...options };
  }

  /** Resolves when the item's effects are on disk. */
  add(item: Item): Promise<Result> {
    if (this.waiting.length >= this.options.maxWaiting) return Promise.reject(new GroupCommitFullError(`${this.waiting.length} items wait for the database`));
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    // Let everything of this turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.maxBatch);
      await this.settle(batch);
      if (batch.length > this.options.busyAbove && this.waiting.length < this.options.maxBatch) await delay(this.options.busyPauseMs);
    }
    this.running = undefined;
  }

  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    let results: readonly Result[];
    try {
      results = await this.commit(batch.map(({ item }) => item));
    } catch (error) {
      // Nothing of the batch is on disk. When no item can be to blame, all wait for better times; else whose fault it is must not be the others'.
      if (/* safeguard: batch-lock-alone */ isLockError(error) && batch.length > 1) await Promise.all(batch.map((one) => this.settle([one])));
      else if (/* safeguard: batch-halving */ isConnectionError(error)) batch.forEach(({ reject }) => { reject(error); });
      else if (batch.length === 1) batch[0]?.reject(isRowError(error) ? new RefusedRowError(error instanceof Error ? error.message : 'refused', { cause: error }) : error);
      else {
        const middle = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, middle));
        await this.settle(batch.slice(middle));
      }
      return;
    }
    const answered = results.length === batch.length;
    batch.forEach(({ reject, resolve }, index) => {
      if (answered) resolve(results[index] as Result);
      else reject(new Error(`commit answered ${results.length} of ${batch.length} items`));
    });
  }
}
