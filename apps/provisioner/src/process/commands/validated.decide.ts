import { fieldProblem, type FieldProblem } from '@trunkline/contracts';

import type { Decision, LedgerContext } from '../decision.js';
import { currentRound, folded } from '../event-log.js';
import type { ItemOf } from '../ledger-item.js';
import { cancelled, decideUndoOf } from '../outcome.decide.js';
import type { CustomerDeployments } from '../tracked-deployment.js';

/** Only the first answer counts: checks may be made twice. */
export function decideValidated({ create, removal }: CustomerDeployments, { round, validation }: ItemOf<'validated'>, context: LedgerContext): Decision[] {
  if (!create || currentRound(create.events) !== round || folded(create.events)?.state !== 'Accepted') return [];
  if (validation.kind === 'rejected') {
    const { errorCode, errors, status } = validation;
    return [{ kind: 'reject', of: 'create', round, status, errorCode, errors }];
  }
  // Asked to go before it existed: nothing was done outside.
  if (removal) return decideUndoOf(create, 'Cancelled', cancelled);
  if (!context.isStored(create.customerGuid)) {
    const problem = nameTaken(create.shortName);
    return [{ kind: 'reject', of: 'create', round, status: 409, errorCode: problem.code, errors: [problem] }];
  }
  const { progress, script, startBy, ticket } = validation.customer;
  return [{ kind: 'create-customer', of: 'create', round, data: { ticket, progress: [...progress], script, startBy } }];
}

export function nameTaken(shortName: string): FieldProblem {
  return fieldProblem('shortName', 'SHORT_NAME_NOT_UNIQUE', `shortName ${shortName} is in use in this Microsoft tenant or on this SBC. Choose another one.`);
}
