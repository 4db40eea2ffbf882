import { decideAction } from '../process/commands/action.decide.js';
import { decideCreateRequested } from '../process/commands/create-requested.decide.js';
import { decideDeleteRequested } from '../process/commands/delete-requested.decide.js';
import { decideDue } from '../process/commands/due.decide.js';
import { decideReported } from '../process/commands/reported.decide.js';
import { decideValidated } from '../process/commands/validated.decide.js';
import type { Decision, LedgerContext } from '../process/decision.js';
import type { LedgerItem } from '../process/ledger-item.js';
import { decideFollowing } from '../process/outcome.decide.js';
import type { CustomerDeployments } from '../process/tracked-deployment.js';
import { apply } from './apply.js';
import { type LedgerEffects, noEffects } from './effects.js';

/** What one item changes. Pure: the same item on the same log gives the same effects, with the same ids. */
export function decideItem(deployments: CustomerDeployments, item: LedgerItem, context: LedgerContext): LedgerEffects {
  return advance(apply(noEffects(deployments), decide(deployments, item, context), context), context);
}

function decide(deployments: CustomerDeployments, item: LedgerItem, context: LedgerContext): Decision[] {
  switch (item.kind) {
    case 'create-requested': return decideCreateRequested(deployments, item, context);
    case 'delete-requested': return decideDeleteRequested(deployments, item, context);
    case 'validated': return decideValidated(deployments, item, context);
    case 'reported': return decideReported(deployments, item);
    case 'action': return decideAction(deployments, item, context);
    case 'due': return decideDue(deployments, context);
  }
}

/** Decides until nothing more follows. Ends: each decision adds an event that answers it. */
function advance(effects: LedgerEffects, context: LedgerContext): LedgerEffects {
  let reached = effects;
  for (;;) {
    const decisions = decideFollowing(reached.deployments, context);
    if (decisions.length === 0) return reached;
    reached = apply(reached, decisions, context);
  }
}
