import { CustomerCreateAccepted } from '../customer/customer-create-accepted.js';
import { CustomerCreateRejected } from '../customer/customer-create-rejected.js';
import { CustomerCreated } from '../customer/customer-created.js';
import { CustomerDeleteAccepted } from '../customer/customer-delete-accepted.js';
import { DeploymentAbandoned } from '../deployment/deployment-abandoned.js';
import { DeploymentCompleted } from '../deployment/deployment-completed.js';
import { sbcCleanupFailed, sbcOnboardingFailed, siteNotCreatedInOvoc, siteNotRemovedFromOvoc } from '../message/progress-texts.js';
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
import type { ProcessDeclaration } from './process-declaration.js';

/** The onboarding of a customer, declared once: what follows from it is in the other files of this folder. */
export const onboarding = {
  opens: [CustomerCreateAccepted, CustomerDeleteAccepted],
  rejects: CustomerCreateRejected,
  begins: CustomerCreated,
  steps: [
    {
      service: 'sbc-agent', done: SbcOnboarded, failed: SbcOnboardingFailed, failedText: sbcOnboardingFailed,
      undo: SbcCleanupRequested, undone: SbcCleaned, undoFailed: SbcCleanupFailed, undoFailedText: sbcCleanupFailed,
    },
    {
      service: 'ovoc-sync', done: OvocSiteCreated, failed: OvocSyncFailed, failedText: (_siteName, reason) => siteNotCreatedInOvoc(reason),
      undo: OvocCleanupRequested, undone: OvocCleaned, undoFailed: OvocCleanupFailed, undoFailedText: (_siteName, reason) => siteNotRemovedFromOvoc(reason),
    },
  ],
  abandons: DeploymentAbandoned,
  ends: DeploymentCompleted,
} as const satisfies ProcessDeclaration;
