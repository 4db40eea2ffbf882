import type { DeviceFacts } from '@trunkline/inventory';
import type { Database } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import type { Secrets } from '@trunkline/secrets';
import type { JobStore } from '@trunkline/steps';

import type { DeviceCommits } from '../commits/device-commits.js';
import type { LeaseStore } from '../lease/lease-store.js';
import type { Liveness } from '../lease/liveness.js';
import type { StepSettings } from '../site/job-reports.js';
import type { UndoNotes } from '../site/undo-notes.js';
import type { SweepDebts } from '../sweep/sweep-debts.js';

export interface SessionSettings extends StepSettings {
  /** Most sites that share one save and one reading back. */
  readonly batchSize: number;
}

/** What a session needs besides its device and its lease. */
export interface SessionParts {
  readonly jobs: JobStore;
  readonly commits: DeviceCommits;
  readonly leases: LeaseStore;
  readonly liveness: Liveness;
  readonly debts: SweepDebts;
  readonly notes: UndoNotes;
  readonly database: Database;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SessionSettings;
  readonly factsOf: (sbcId: number) => DeviceFacts;
}
