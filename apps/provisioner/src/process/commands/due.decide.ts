import type { Decision, LedgerContext } from '../decision.js';
import { folded } from '../event-log.js';
import { decideUndoOf } from '../outcome.decide.js';
import { decideOutOfTime, decideRedrive, isOutOfTime } from '../overdue.decide.js';
import type { CustomerDeployments, TrackedDeployment } from '../tracked-deployment.js';

/** Something of this customer's is overdue. */
export function decideDue({ create, removal }: CustomerDeployments, context: LedgerContext): Decision[] {
  return [create, removal].flatMap((tracked) => (tracked?.isDue ? decideOverdue(tracked, context) : []));
}

function decideOverdue(tracked: TrackedDeployment, context: LedgerContext): Decision[] {
  const { events, kind: of, redrives } = tracked;
  if (folded(events)?.state === 'CleanupRequired') return decideUndoOf(tracked, of === 'create' ? 'Failed' : 'Deleted', undefined);
  if (/* safeguard: deployment-deadline */ isOutOfTime(events, Date.parse(context.now), context.stepsMs)) return decideOutOfTime(tracked, context);
  return [{ kind: 'redrive', of, event: /* safeguard: redrive */ decideRedrive(events, redrives) }];
}
