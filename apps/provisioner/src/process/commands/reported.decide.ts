import { isEnd } from '@trunkline/contracts';

import type { Decision } from '../decision.js';
import { folded } from '../event-log.js';
import type { ItemOf } from '../ledger-item.js';
import { type CustomerDeployments, deploymentWithId } from '../tracked-deployment.js';

export function decideReported(deployments: CustomerDeployments, { event }: ItemOf<'reported'>): Decision[] {
  const tracked = deploymentWithId(deployments, event.subject);
  if (!tracked || tracked.events.some(({ id }) => id === event.id)) return [];
  // What somebody was told of an end stays true: a report of an earlier round that comes after it adds nothing.
  const state = folded(tracked.events);
  const hasEnded = state !== undefined && /* safeguard: end-is-final */ isEnd(state.state);
  return [hasEnded ? { kind: 'note-late', event } : { kind: 'hear', of: tracked.kind, event }];
}
