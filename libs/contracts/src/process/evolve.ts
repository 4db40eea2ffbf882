import type { Deployment, DeploymentFacts } from '../deployment/deployment.js';
import type { DeploymentCompleted } from '../deployment/deployment-completed.js';
import type { DeploymentEventMessage } from './steps.js';

/** The deployment after one more event, taken in the fold's order. */
export function evolve(deployment: Deployment | undefined, event: DeploymentEventMessage): Deployment {
  const facts = factsAfter(deployment, event);
  switch (event.type) {
    case 'trunkline.customer.create.accepted.v1': return { ...facts, state: 'Accepted' };
    case 'trunkline.customer.delete.accepted.v1': return { ...facts, kind: 'delete', state: 'Accepted' };
    case 'trunkline.customer.create.rejected.v1': {
      const { status, errorCode, errors } = event.data;
      return { ...facts, state: 'Rejected', status, errorCode, errors };
    }
    case 'trunkline.customer.created.v1': return { ...facts, state: 'Programming' };
    case 'trunkline.sbc.onboarded.v1': {
      const { unverified } = event.data;
      return { ...facts, state: 'Synchronising', ...unverified && { unverified } };
    }
    case 'trunkline.sbc.onboarding.failed.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.ovoc.site.created.v1': return { ...facts, state: 'Synchronising' };
    case 'trunkline.ovoc.sync.failed.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.ovoc.cleanup.requested.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.ovoc.cleaned.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.ovoc.cleanup.failed.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.sbc.cleanup.requested.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.sbc.cleaned.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.sbc.cleanup.failed.v1': return { ...facts, state: 'RollingBack' };
    // An end follows at once; until it is heard nothing else can be said.
    case 'trunkline.deployment.abandoned.v1': return { ...facts, state: 'RollingBack' };
    case 'trunkline.deployment.completed.v1': return completed(facts, event);
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
