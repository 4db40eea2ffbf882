import type { DeviceFacts } from '@trunkline/inventory';
import type { Database } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import type { Secrets } from '@trunkline/secrets';
import type { JobStore } from '@trunkline/steps';

import type { UndoNotes } from '../site/undo-notes.js';
import type { LeaseStore } from '../lease/lease-store.js';

export interface SessionSettings {
  readonly holder: string;
  readonly responseTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** Most sites that share one save and one reading back. */
  readonly batchSize: number;
}

/** What a session needs besides its device and its lease. */
export interface SessionParts {
  readonly jobs: JobStore;
  readonly leases: LeaseStore;
  readonly notes: UndoNotes;
  readonly database: Database;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SessionSettings;
  readonly factsOf: (sbcId: number) => DeviceFacts;
}

/** A job's device may first have to wait for a script of another one: the step's time, counted as long as a device can make it. */
export function stepTimeMs({ deadlineMs, responseTimeoutMs }: SessionSettings): number {
  return deadlineMs + responseTimeoutMs;
}
