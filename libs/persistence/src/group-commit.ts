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

/** How a commit meets what somebody else has locked. */
export interface LockWait {
  /** There is one item, and what it needs is waited for. Else `locked` may be answered for an item, which is then tried alone. */
  readonly isAlone: boolean;
  /** How long a lock is waited for; as long as the session allows when left out. */
  readonly lockTimeoutMs?: number;
}

/** Answer of a commit for an item of which it has stored nothing, because a row of it was locked. */
export const locked = Symbol('locked');

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const defaults: GroupCommitOptions = { maxBatch: 256, maxWaiting: 20_000, busyPauseMs: 3, busyAbove: 8 };

/** Each may wait for a lock, and has a session of the pool meanwhile: the rest of it is for those that need not wait. */
const aloneAtOnce = 2;
/** Who holds a lock too long does not let it go at once: for so long groups wait for no lock longer than that. */
const hurriedForMs = 10_000;
const hurriedLockMs = 100;

/**
 * Commits what arrived while the last commit ran in the next one: one transaction for many items. `commit` gets the items in order of
 * arrival, answers in the same order, and either all of its effects are on disk or none. An item that makes it fail is found by
 * halving and fails alone; where a lock could not be had each is tried alone, while the next groups are committed.
 */
export class GroupCommit<Item, Result = void> {
  private waiting: Waiting<Item, Result>[] = [];
  private running: Promise<void> | undefined;
  /** To be tried alone. */
  private readonly alone: Waiting<Item, Result>[] = [];
  private readonly runningAlone: (Promise<void> | undefined)[] = Array.from({ length: aloneAtOnce });
  private hurriedUntilMs = -Infinity;
  private readonly options: GroupCommitOptions;

  constructor(
    private readonly commit: (items: readonly Item[], wait: LockWait) => Promise<readonly (Result | typeof locked)[]>,
    options: Partial<GroupCommitOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  /** Resolves when the item's effects are on disk. */
  add(item: Item): Promise<Result> {
    const waiting = this.waiting.length + this.alone.length;
    if (waiting >= this.options.maxWaiting) return Promise.reject(new GroupCommitFullError(`${waiting} items wait for the database`));
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.running || this.runningAlone.some((run) => run !== undefined)) await Promise.all([this.running, ...this.runningAlone]);
  }

  private async drain(): Promise<void> {
    // Let everything of this turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.maxBatch);
      await this.settle(batch, { isAlone: false, ...performance.now() < this.hurriedUntilMs && { lockTimeoutMs: hurriedLockMs } });
      if (batch.length > this.options.busyAbove && this.waiting.length < this.options.maxBatch) await delay(this.options.busyPauseMs);
    }
    this.running = undefined;
  }

  private async settle(batch: readonly Waiting<Item, Result>[], wait: LockWait): Promise<void> {
    let results: readonly (Result | typeof locked)[];
    try {
      results = await this.commit(batch.map(({ item }) => item), wait);
    } catch (error) {
      if (isLockError(error)) this.hurriedUntilMs = performance.now() + hurriedForMs;
      const mayWaitAlone = batch.length > 1 || (!wait.isAlone && wait.lockTimeoutMs !== undefined);
      // Nothing of the batch is on disk. When no item can be to blame, all wait for better times; else whose fault it is must not be the others'.
      if (/* safeguard: batch-lock-alone */ isLockError(error) && mayWaitAlone) this.tryAlone(batch);
      else if (/* safeguard: batch-halving */ isConnectionError(error)) batch.forEach(({ reject }) => { reject(error); });
      else if (batch.length === 1) batch[0]?.reject(isRowError(error) ? new RefusedRowError(error instanceof Error ? error.message : 'refused', { cause: error }) : error);
      else {
        const middle = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, middle), wait);
        await this.settle(batch.slice(middle), wait);
      }
      return;
    }
    if (results.length !== batch.length) {
      batch.forEach(({ reject }) => { reject(new Error(`commit answered ${results.length} of ${batch.length} items`)); });
      return;
    }
    batch.forEach((one, index) => {
      const result = results[index] as Result | typeof locked;
      if (result !== locked) one.resolve(result);
      else if (wait.isAlone) one.reject(new Error('commit answered that a row is locked which it was to wait for'));
      else this.tryAlone([one]);
    });
  }

  private tryAlone(batch: readonly Waiting<Item, Result>[]): void {
    this.alone.push(...batch);
    for (const [place, run] of this.runningAlone.entries()) if (!run && this.alone.length > 0) this.runningAlone[place] = this.drainAlone(place);
  }

  private async drainAlone(place: number): Promise<void> {
    for (let one = this.alone.shift(); one; one = this.alone.shift()) await this.settle([one], { isAlone: true });
    this.runningAlone[place] = undefined;
  }
}
