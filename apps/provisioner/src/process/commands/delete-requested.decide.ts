import { type CustomerDeleteRequested, deleteDeploymentId, isEnd } from '@trunkline/contracts';

import type { Decision, LedgerContext } from '../decision.js';
import { folded } from '../event-log.js';
import type { ItemOf } from '../ledger-item.js';
import { decideUndoOf } from '../outcome.decide.js';
import type { CustomerDeployments, TrackedDeployment } from '../tracked-deployment.js';

export function decideDeleteRequested({ create, removal }: CustomerDeployments, { message }: ItemOf<'delete-requested'>, context: LedgerContext): Decision[] {
  const { customerGuid, origin, provider } = message.data;
  const state = create && folded(create.events);
  const hasCustomer = create && state && create.provider === provider && (removal !== undefined || !(isEnd(state.state) && state.state !== 'Deployed'));
  const removalState = removal && folded(removal.events)?.state;
  if (!hasCustomer || (removalState === 'Deleted' && !context.isRepeated(message))) {
    return [{ kind: 'refuse', request: message, status: 404, errorCode: 'CUSTOMER_NOT_FOUND', message: `Customer with ${customerGuid} not found` }];
  }
  if (!removal) return [{ kind: 'open-removal', removal: removalOf(create, message) }, { kind: 'accept', of: 'delete', round: 1 }];
  return [
    { kind: 'join', of: 'delete', origin },
    // Who asks again while a clean-up rests sets it going again.
    ...(removalState === 'CleanupRequired' ? decideUndoOf(removal, 'Deleted', undefined) : []),
    { kind: 'tell-standing', of: 'delete', origin },
  ];
}

function removalOf({ customerGuid, provider, shortName, siteGuid }: TrackedDeployment, { data }: CustomerDeleteRequested): TrackedDeployment {
  const { caller, origin } = data;
  return {
    id: deleteDeploymentId(customerGuid), kind: 'delete', customerGuid, siteGuid, provider, caller, shortName, fingerprint: undefined,
    origins: origin === undefined ? [] : [origin], redrives: 0, isDue: false, events: [],
  };
}
