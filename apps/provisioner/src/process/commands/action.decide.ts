import { allowedActions, CustomerCreated } from '@trunkline/contracts';

import type { Decision, LedgerContext } from '../decision.js';
import { currentRound, folded } from '../event-log.js';
import type { ItemOf } from '../ledger-item.js';
import { decideUndoOf } from '../outcome.decide.js';
import { type CustomerDeployments, deploymentWithId, type TrackedDeployment } from '../tracked-deployment.js';

/** An operator's action. */
export function decideAction(deployments: CustomerDeployments, { action, caller, deploymentId, reason }: ItemOf<'action'>, context: LedgerContext): Decision[] {
  const tracked = deploymentWithId(deployments, deploymentId);
  const state = tracked && folded(tracked.events);
  if (!tracked || !state) return [{ kind: 'answer', answer: { kind: 'unknown' } }];
  const allowed = allowedActions(state);
  if (!allowed.includes(action)) return [{ kind: 'answer', answer: { kind: 'not-allowed', state: state.state, allowed } }];
  const cause = tracked.kind === 'delete' ? 'Deleted' : 'Failed';
  switch (action) {
    case 'cancel': return decideUndoOf(tracked, 'Cancelled', reason ?? 'Cancelled by an operator');
    case 'rollback': return decideUndoOf(tracked, cause, undefined);
    case 'retry': return state.state === 'Held' ? startAgain(tracked, context) : decideUndoOf(tracked, cause, undefined);
    case 'abandon': return abandon(tracked, deployments, caller, reason ?? 'no reason given');
  }
}

/** Every step of a new round looks first: what stands is found and only what is missing is done. */
function startAgain({ events, kind: of }: TrackedDeployment, { startBy }: LedgerContext): Decision[] {
  const created = events.findLast((event): event is CustomerCreated => event.type === CustomerCreated.type);
  if (!created) return [];
  const round = currentRound(events) + 1;
  return [{ kind: 'accept', of, round }, { kind: 'create-customer', of, round, data: { ...created.data, progress: [], startBy } }];
}

function abandon({ events, kind: of }: TrackedDeployment, { create }: CustomerDeployments, caller: string, reason: string): Decision[] {
  const round = currentRound(events) + 1;
  // Forward work is the create's, also where a delete is abandoned.
  const closesRound = of === 'create' ? round : Math.max(1, currentRound(create?.events ?? []));
  return [
    { kind: 'abandon', of, round, closesRound, caller, reason },
    { kind: 'complete', of, round, outcome: of === 'delete' ? 'Deleted' : 'Failed', reason: `Abandoned by an operator: ${reason}` },
  ];
}
