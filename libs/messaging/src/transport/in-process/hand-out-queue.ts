import { Fifo } from '../fifo.js';

const BATCH = 128;

export interface HandOutConsumer<T> {
  readonly prefetch: number;
  handOut(item: T): void;
}

/** One reader of a queue. */
export interface Attachment {
  /** One item handed out here is settled: room for another. */
  release(): void;
  /** Nothing more is handed out here. */
  detach(): void;
}

interface Reader<T> {
  readonly consumer: HandOutConsumer<T>;
  unsettled: number;
}

/** A bounded queue that hands items to its readers in turn, asynchronously, never more than `prefetch` unsettled ones to each. */
export class HandOutQueue<T> {
  private readonly fresh = new Fifo<T>();
  private readonly returned = new Fifo<T>();
  private readers: Reader<T>[] = [];
  private next = 0;
  private isScheduled = false;

  constructor(readonly name: string, private readonly capacity: number) {}

  get length(): number {
    return this.fresh.length + this.returned.length;
  }

  get isFull(): boolean {
    return this.length >= this.capacity;
  }

  push(item: T): void {
    this.fresh.push(item);
    this.schedule();
  }

  /** Back in, ahead of everything never handed out. Is taken even when full: it was counted before. */
  giveBack(item: T): void {
    this.returned.push(item);
    this.schedule();
  }

  dropOldest(): T | undefined {
    return this.takeItem();
  }

  attach(consumer: HandOutConsumer<T>): Attachment {
    const reader: Reader<T> = { consumer, unsettled: 0 };
    this.readers.push(reader);
    this.schedule();
    return {
      release: () => {
        reader.unsettled -= 1;
        this.schedule();
      },
      detach: () => {
        this.readers = this.readers.filter((each) => each !== reader);
      },
    };
  }

  private takeItem(): T | undefined {
    return this.returned.length > 0 ? this.returned.shift() : this.fresh.shift();
  }

  private readerWithRoom(): Reader<T> | undefined {
    for (let step = 0; step < this.readers.length; step += 1) {
      const index = (this.next + step) % this.readers.length;
      const reader = this.readers[index];
      if (reader && reader.unsettled < reader.consumer.prefetch) {
        this.next = index + 1;
        return reader;
      }
    }
    return undefined;
  }

  private schedule(): void {
    if (this.isScheduled || this.length === 0 || this.readers.length === 0) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.handOutBatch();
    });
  }

  private handOutBatch(): void {
    for (let count = 0; count < BATCH && this.length > 0; count += 1) {
      const reader = this.readerWithRoom();
      if (!reader) return;
      const item = this.takeItem();
      if (item === undefined) return;
      reader.unsettled += 1;
      reader.consumer.handOut(item);
    }
    this.schedule();
  }
}
