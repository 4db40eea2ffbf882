import { type CustomerCreateRequested, gatewaySource, receiptOf } from '@trunkline/contracts';

import type { Decision, LedgerContext } from '../decision.js';
import { currentRound, folded } from '../event-log.js';
import type { ItemOf } from '../ledger-item.js';
import type { CustomerDeployments, TrackedDeployment } from '../tracked-deployment.js';

const keyReused = 'The Idempotency-Key was used before with another request. Use a new key.';
const idReused = 'The source and id, or the subject, came before with another request, which stands. Publish this one under a new id.';

export function decideCreateRequested({ create }: CustomerDeployments, { body, message }: ItemOf<'create-requested'>, context: LedgerContext): Decision[] {
  const isRepeated = context.isRepeated(message);
  // A message that came before has begun its deployment; if not this one, another.
  const isUsed = create && create.events.length > 0 ? isAnother(create, message) : isRepeated;
  if (!create || isUsed) {
    return [{
      kind: 'refuse', request: message, status: 422, errorCode: 'IDEMPOTENCY_KEY_REUSED', message: message.source === gatewaySource ? keyReused : idReused,
    }];
  }
  const { origin } = message.data;
  const state = folded(create.events);
  const startsAfresh = state?.state === 'Rejected' && state.status === 503 && !isRepeated;
  const round = currentRound(create.events) + 1;
  return [
    { kind: 'join', of: 'create', origin },
    ...(create.events.length === 0 || startsAfresh
      ? [{ kind: 'accept', of: 'create', round }, { kind: 'validate', messageId: receiptOf(message), body, round }] as const
      : [{ kind: 'tell-standing', of: 'create', origin }] as const),
  ];
}

/** Whether a request asks for something else than the one that its deployment began with. Rows of older builds do not say what that was. */
function isAnother(create: TrackedDeployment, { data }: CustomerCreateRequested): boolean {
  const isAskedByAnother = create.caller !== data.caller || create.provider !== data.provider;
  return isAskedByAnother || (create.fingerprint !== undefined && /* safeguard: idempotency-fingerprint */ create.fingerprint !== data.fingerprint);
}
