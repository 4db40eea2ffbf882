import type { DeploymentEventMessage } from '@trunkline/contracts';

import type { Decision, LedgerContext, NewEvent } from '../process/decision.js';
import { type CustomerDeployments, deploymentOf, type TrackedDeployment, withDeployment } from '../process/tracked-deployment.js';
import type { LedgerEffects } from './effects.js';
import { eventOf, refusalOf, standingOf } from './messages.js';
import { dueAfter, redrivePause } from './pauses.js';

const maxOrigins = 8;

/** Carries decisions out one after the other, each on what those before it leave: events get their envelopes, everything else becomes an effect. */
export function apply(effects: LedgerEffects, decisions: readonly Decision[], context: LedgerContext): LedgerEffects {
  return decisions.reduce((before, decision) => applyOne(before, decision, context), effects);
}

function applyOne(effects: LedgerEffects, decision: Decision, context: LedgerContext): LedgerEffects {
  if ('of' in decision) {
    const tracked = deploymentOf(effects.deployments, decision.of);
    if (!tracked) return effects;
    return 'round' in decision ? record(effects, tracked, decision, context) : applyTo(effects, tracked, decision, context);
  }
  switch (decision.kind) {
    case 'open-removal': return { ...effects, deployments: withDeployment(effects.deployments, decision.removal) };
    case 'note-late': return { ...effects, late: [...effects.late, decision.event] };
    case 'answer': return { ...effects, answer: decision.answer };
    case 'refuse': {
      const { errorCode, message, request: { data: { origin } } } = decision;
      const told = origin === undefined ? [] : [{ message: refusalOf(decision, context.now), origins: [origin] }];
      return { ...effects, refusal: { errorCode, message }, told: [...effects.told, ...told] };
    }
    case 'validate': {
      const { create } = effects.deployments;
      const { body, messageId, round } = decision;
      if (!create) return effects;
      return { ...effects, validations: [...effects.validations, { messageId, body, deploymentId: create.id, customerGuid: create.customerGuid, round }] };
    }
  }
}

type DecisionOnDeployment = Exclude<Extract<Decision, { of: unknown }>, NewEvent>;

function applyTo(effects: LedgerEffects, tracked: TrackedDeployment, decision: DecisionOnDeployment, context: LedgerContext): LedgerEffects {
  switch (decision.kind) {
    case 'join': return { ...effects, deployments: withDeployment(effects.deployments, withOrigin(tracked, decision.origin)) };
    case 'hear': return append(effects, tracked, decision.event, context);
    case 'tell-standing': {
      const { origin } = decision;
      if (origin === undefined) return effects;
      return { ...effects, told: [...effects.told, ...standingOf(tracked).map((message) => ({ message, origins: [origin] }))] };
    }
    case 'redrive': {
      const redrives = tracked.redrives + 1;
      const due = new Map(effects.due).set(tracked.id, { inMs: decision.event ? redrivePause(redrives, context) : null, redrives });
      return { ...effects, due, redriven: [...effects.redriven, ...(decision.event ? [decision.event] : [])] };
    }
  }
}

function record(effects: LedgerEffects, tracked: TrackedDeployment, decision: NewEvent, context: LedgerContext): LedgerEffects {
  const event = eventOf(tracked, decision, context.now);
  const { deployments, due } = append(effects, tracked, event, context);
  const customer = customerAfter(deployments.customer, decision);
  return { ...effects, due, deployments: { ...deployments, customer }, recorded: [...effects.recorded, event] };
}

function append(effects: LedgerEffects, tracked: TrackedDeployment, event: DeploymentEventMessage, context: LedgerContext): LedgerEffects {
  const longer = { ...tracked, events: [...tracked.events, event] };
  const due = new Map(effects.due).set(tracked.id, { inMs: dueAfter(longer.events, context), redrives: 0 });
  return { ...effects, due, deployments: withDeployment(effects.deployments, longer) };
}

function customerAfter(customer: CustomerDeployments['customer'], decision: NewEvent): CustomerDeployments['customer'] {
  if (decision.kind === 'create-customer' && customer === 'none') return 'open';
  const isClosing = decision.kind === 'complete' && (decision.outcome === 'Failed' || decision.outcome === 'Cancelled' || decision.outcome === 'Deleted');
  return isClosing && customer === 'open' ? 'closed' : customer;
}

function withOrigin(tracked: TrackedDeployment, origin: string | undefined): TrackedDeployment {
  if (origin === undefined || tracked.origins.at(-1) === origin) return tracked;
  return { ...tracked, origins: [...tracked.origins.filter((known) => known !== origin), origin].slice(-maxOrigins) };
}
