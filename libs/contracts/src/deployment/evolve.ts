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
import type { Deployment, DeploymentFacts } from './deployment.js';
import type { DeploymentEventMessage } from './events.js';

/** The deployment after one more event, taken in the fold's order. */
export function evolve(deployment: Deployment | undefined, event: DeploymentEventMessage): Deployment {
  const facts = factsAfter(deployment, event);
  switch (event.type) {
    case CustomerCreateAccepted.type: return { ...facts, state: 'Accepted' };
    case CustomerDeleteAccepted.type: return { ...facts, kind: 'delete', state: 'Accepted' };
    case CustomerCreateRejected.type: {
      const { status, errorCode, errors } = event.data;
      return { ...facts, state: 'Rejected', status, errorCode, errors };
    }
    case CustomerCreated.type: return { ...facts, state: 'Programming' };
    case SbcOnboarded.type: {
      const { unverified } = event.data;
      return { ...facts, state: 'Synchronising', ...unverified && { unverified } };
    }
    case SbcOnboardingFailed.type: return { ...facts, state: 'RollingBack' };
    case OvocSiteCreated.type: return { ...facts, state: 'Synchronising' };
    case OvocSyncFailed.type: return { ...facts, state: 'RollingBack' };
    case OvocCleanupRequested.type: return { ...facts, state: 'RollingBack' };
    case OvocCleaned.type: return { ...facts, state: 'RollingBack' };
    case OvocCleanupFailed.type: return { ...facts, state: 'RollingBack' };
    case SbcCleanupRequested.type: return { ...facts, state: 'RollingBack' };
    case SbcCleaned.type: return { ...facts, state: 'RollingBack' };
    case SbcCleanupFailed.type: return { ...facts, state: 'RollingBack' };
    // An end follows at once; until it is heard nothing else can be said.
    case DeploymentAbandoned.type: return { ...facts, state: 'RollingBack' };
    case DeploymentCompleted.type: return completed(facts, event);
    default: return unreachable(event);
  }
}

function completed(facts: DeploymentFacts, event: DeploymentCompleted): Deployment {
  const { outcome, reason } = event.data;
  switch (outcome) {
    case 'Deployed': return { ...facts, state: 'Deployed' };
    case 'Deleted': return { ...facts, state: 'Deleted' };
    case 'Held': case 'Failed': case 'CleanupRequired': case 'Cancelled':
      return { ...facts, state: outcome, reason: reason ?? outcome };
    default: return unreachable(outcome);
  }
}

function factsAfter(deployment: Deployment | undefined, event: DeploymentEventMessage): DeploymentFacts {
  const { provider, customerGuid, siteGuid, shortName } = event.data.ticket;
  return {
    deploymentId: event.subject,
    kind: deployment?.kind ?? 'create',
    provider, customerGuid, siteGuid, shortName,
    round: event.round,
    progress: [...(deployment?.progress ?? []), ...event.data.progress],
    ...deployment?.unverified && { unverified: deployment.unverified },
  };
}

function unreachable(value: never): never {
  throw new Error(`no rule for ${JSON.stringify(value)}`);
}
