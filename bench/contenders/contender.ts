import type { Counts } from '../counts/counts.js';

/** One customer to onboard. */
export interface Order {
  readonly shortName: string;
  readonly msTenantId: string;
  readonly sbcId: number;
}

/** An order that was answered as deployed. */
export interface Deployed extends Order {
  /** What its objects in OVOC carry. */
  readonly customerGuid: string;
}

/** A program that onboards customers, running. */
export interface Contender {
  readonly name: string;
  /** Its processes, without broker and database. */
  pids(): readonly number[];
  /** Resolves when the customer is deployed. @throws when it is not */
  create(order: Order): Promise<Deployed>;
  /** What all its processes have exchanged since they started. */
  counts(): Promise<Counts>;
  /** What its processes have written last, for when something has failed. */
  lastLines(): string;
  stop(): Promise<void>;
}
