import { CustomerCreateAccepted } from '../customer/customer-create-accepted.js';
import { CustomerCreateRejected } from '../customer/customer-create-rejected.js';
import { CustomerCreated } from '../customer/customer-created.js';
import { CustomerDeleteAccepted } from '../customer/customer-delete-accepted.js';
import { OvocCleaned } from '../ovoc/ovoc-cleaned.js';
import { OvocCleanupFailed } from '../ovoc/ovoc-cleanup-failed.js';
import { OvocCleanupRequested } from '../ovoc/ovoc-cleanup-requested.js';
import { OvocSiteCreated } from '../ovoc/ovoc-site-created.js';
import { OvocSyncFailed } from '../ovoc/ovoc-sync-failed.js';
import { SbcCleaned } from '../sbc/sbc-cleaned.js';
import { SbcCleanupFailed } from '../sbc/sbc-cleanup-failed.js';
import { SbcCleanupRequested } from '../sbc/sbc-cleanup-requested.js';
import { SbcOnboarded } from '../sbc/sbc-onboarded.js';
import { SbcOnboardingFailed } from '../sbc/sbc-onboarding-failed.js';
import { DeploymentAbandoned } from './deployment-abandoned.js';
import { DeploymentCompleted } from './deployment-completed.js';

/** All that a deployment's log can hold. */
export type DeploymentEventMessage =
  | CustomerCreateAccepted
  | CustomerCreateRejected
  | CustomerDeleteAccepted
  | CustomerCreated
  | SbcOnboarded
  | SbcOnboardingFailed
  | OvocSiteCreated
  | OvocSyncFailed
  | OvocCleanupRequested
  | OvocCleaned
  | OvocCleanupFailed
  | SbcCleanupRequested
  | SbcCleaned
  | SbcCleanupFailed
  | DeploymentAbandoned
  | DeploymentCompleted;

type EventType = DeploymentEventMessage['type'];

interface Place {
  /** Fixed rank within a round: request, customer, SBC, OVOC, undo OVOC, undo SBC, end. */
  readonly phase: number;
  /** One of these stands before it in the same round; empty for what opens a round. */
  readonly after: readonly EventType[];
}

const opened: readonly EventType[] = [CustomerCreateAccepted.type, CustomerDeleteAccepted.type];

export const places: Readonly<Record<EventType, Place>> = {
  [CustomerCreateAccepted.type]: { phase: 0, after: [] },
  [CustomerDeleteAccepted.type]: { phase: 0, after: [] },
  [DeploymentAbandoned.type]: { phase: 0, after: [] },
  [CustomerCreateRejected.type]: { phase: 1, after: opened },
  [CustomerCreated.type]: { phase: 1, after: opened },
  [SbcOnboarded.type]: { phase: 2, after: [CustomerCreated.type] },
  [SbcOnboardingFailed.type]: { phase: 2, after: [CustomerCreated.type] },
  [OvocSiteCreated.type]: { phase: 3, after: [SbcOnboarded.type] },
  [OvocSyncFailed.type]: { phase: 3, after: [SbcOnboarded.type] },
  [OvocCleanupRequested.type]: { phase: 4, after: [] },
  [OvocCleaned.type]: { phase: 4, after: [OvocCleanupRequested.type] },
  [OvocCleanupFailed.type]: { phase: 4, after: [OvocCleanupRequested.type] },
  [SbcCleanupRequested.type]: { phase: 5, after: [OvocCleaned.type] },
  [SbcCleaned.type]: { phase: 5, after: [SbcCleanupRequested.type] },
  [SbcCleanupFailed.type]: { phase: 5, after: [SbcCleanupRequested.type] },
  [DeploymentCompleted.type]: {
    phase: 6,
    after: [
      OvocSiteCreated.type, SbcOnboardingFailed.type, OvocSyncFailed.type, SbcCleaned.type, SbcCleanupFailed.type, OvocCleanupFailed.type,
      CustomerDeleteAccepted.type, CustomerCreateAccepted.type, DeploymentAbandoned.type,
    ],
  },
};
