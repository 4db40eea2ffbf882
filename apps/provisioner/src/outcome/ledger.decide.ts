import {
  type ActionAnswer, allowedActions, CustomerCreateAccepted, CustomerCreated, CustomerCreateRejected, type CustomerCreateRequested, CustomerDeleteAccepted,
  deleteDeploymentId, DeploymentAbandoned, DeploymentCompleted, type DeploymentEventMessage, type DeploymentRef, eventIdOf, type FieldProblem, fold,
  gatewaySource, inOrder, isEnd, type Message, messageOf, OvocCleanupRequested, receiptOf, RequestRefused, SbcCleanupRequested, type Ticket,
} from '@trunkline/contracts';

import type { LedgerItem, NewCustomer } from './ledger-item.js';
import { currentRound, decideNext, decideOutOfTime, decideRedrive, decideUndoOf, type Decision, isGone, isOutOfTime, type OutcomePolicy, ticketOf } from './outcome.decide.js';
import type { CustomerDeployments, DueInMs, TrackedDeployment } from './tracked-deployment.js';

/** Everything one item changes, as values; the ledger writes it in the transaction that holds the locks. */
export interface LedgerEffects {
  readonly deployments: CustomerDeployments;
  /** New log entries: stored, and published to everybody. */
  readonly recorded: readonly DeploymentEventMessage[];
  /** Reports that came after the end: nowhere but in the service's own log. */
  readonly late: readonly DeploymentEventMessage[];
  /** Told to waiting gateways only; never stored. */
  readonly told: readonly { readonly message: Message; readonly origins: readonly string[] }[];
  /** Log entries that are published once more under their old ids. */
  readonly redriven: readonly DeploymentEventMessage[];
  /** Validation jobs to start. */
  readonly validations: readonly {
    readonly messageId: string; readonly body: string; readonly deploymentId: string; readonly customerGuid: string; readonly round: number;
  }[];
  readonly due: ReadonlyMap<string, { readonly inMs: DueInMs; readonly redrives: number }>;
  /** Of an operator's action. */
  readonly answer: ActionAnswer;
  /** Of a request that joins no deployment. */
  readonly refusal: RefusedRequest | undefined;
}

/** Why one request starts and joins nothing. */
export interface RefusedRequest {
  readonly errorCode: string;
  readonly message: string;
}

export interface LedgerContext extends OutcomePolicy {
  readonly now: string;
  /** Whether a message had been received before. */
  readonly isRepeated: (message: Message) => boolean;
  /** Whether the customer's row could be stored; false: somebody else has the name. */
  readonly isStored: (customerGuid: string) => boolean;
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
  /** How long the steps may take together once the last of them could begin. */
  readonly stepsMs: number;
  /** Until when forward work of a round that begins now may begin. */
  readonly startBy: string;
}

const source = 'trunkline/provisioner';
const maxOrigins = 8;

/** What one item changes. Pure: the same item on the same log gives the same effects, with the same ids. */
export function decideItem(deployments: CustomerDeployments, item: LedgerItem, context: LedgerContext): LedgerEffects {
  const ledger = new Ledger(deployments, context);
  switch (item.kind) {
    case 'create-requested': ledger.createRequested(item); break;
    case 'delete-requested': ledger.deleteRequested(item); break;
    case 'validated': ledger.validated(item); break;
    case 'reported': ledger.reported(item.event); break;
    case 'action': ledger.act(item); break;
    case 'due': ledger.due(); break;
  }
  ledger.advance();
  return ledger.effects();
}

/** Gathers the effects of one item; lives no longer than one call. */
class Ledger {
  private create: TrackedDeployment | undefined;
  private removal: TrackedDeployment | undefined;
  private customer: CustomerDeployments['customer'];
  private readonly recorded: DeploymentEventMessage[] = [];
  private readonly late: DeploymentEventMessage[] = [];
  private readonly told: { message: Message; origins: readonly string[] }[] = [];
  private readonly redriven: DeploymentEventMessage[] = [];
  private readonly validations: LedgerEffects['validations'][number][] = [];
  private answer: ActionAnswer = { kind: 'done' };
  private refusal: RefusedRequest | undefined;
  private readonly dueAt = new Map<string, { inMs: DueInMs; redrives: number }>();

  constructor(deployments: CustomerDeployments, private readonly context: LedgerContext) {
    ({ create: this.create, removal: this.removal, customer: this.customer } = deployments);
  }

  effects(): LedgerEffects {
    return {
      deployments: { create: this.create, removal: this.removal, customer: this.customer },
      recorded: this.recorded, late: this.late, told: this.told, redriven: this.redriven, validations: this.validations, due: this.dueAt,
      answer: this.answer, refusal: this.refusal,
    };
  }

  createRequested({ message, body }: Extract<LedgerItem, { kind: 'create-requested' }>): void {
    const create = this.create;
    const { origin } = message.data;
    // A message that came before has begun its deployment; if not this one, another.
    const isUsed = create && create.events.length > 0 ? isAnother(create, message) : this.context.isRepeated(message);
    if (!create || isUsed) {
      this.refuse(message, 422, 'IDEMPOTENCY_KEY_REUSED', message.source === gatewaySource ? keyReused : idReused);
      return;
    }
    this.create = withOrigin(create, origin);
    const state = fold(create.events);
    const startsAfresh = state?.state === 'Rejected' && state.status === 503 && !this.context.isRepeated(message);
    if (create.events.length === 0 || startsAfresh) {
      const round = currentRound(create.events) + 1;
      this.record(this.create, messageOf(
        CustomerCreateAccepted, { ...this.envelope(this.create, CustomerCreateAccepted, round), data: { ticket: this.refOf(this.create), progress: [] } },
      ));
      this.validations.push({ messageId: receiptOf(message), body, deploymentId: create.id, customerGuid: create.customerGuid, round });
      return;
    }
    this.tellStanding(this.create, origin);
  }

  deleteRequested({ message }: Extract<LedgerItem, { kind: 'delete-requested' }>): void {
    const { caller, customerGuid, origin, provider } = message.data;
    const create = this.create;
    const state = create && fold(create.events);
    const hasCustomer = create && state && create.provider === provider && (this.removal !== undefined || !(isEnd(state.state) && state.state !== 'Deployed'));
    const isRemoved = this.removal && fold(this.removal.events)?.state === 'Deleted';
    if (!hasCustomer || (isRemoved && !this.context.isRepeated(message))) {
      this.refuse(message, 404, 'CUSTOMER_NOT_FOUND', `Customer with ${customerGuid} not found`);
      return;
    }
    if (!this.removal) {
      this.removal = {
        id: deleteDeploymentId(create.customerGuid), kind: 'delete', customerGuid, siteGuid: create.siteGuid, provider, caller, shortName: create.shortName, fingerprint: undefined,
        origins: origin === undefined ? [] : [origin], redrives: 0, isDue: false, events: [],
      };
      const removal = this.removal;
      this.record(removal, messageOf(
        CustomerDeleteAccepted, { ...this.envelope(removal, CustomerDeleteAccepted, 1), data: { ticket: this.refOf(removal), progress: [] } },
      ));
      return;
    }
    this.removal = withOrigin(this.removal, origin);
    // Who asks again while a clean-up rests sets it going again.
    if (fold(this.removal.events)?.state === 'CleanupRequired') this.apply(this.removal, decideUndoOf(this.removal.events, 'Deleted', undefined));
    this.tellStanding(this.removal, origin);
  }

  validated({ round, validation }: Extract<LedgerItem, { kind: 'validated' }>): void {
    const create = this.create;
    if (!create || currentRound(create.events) !== round || fold(create.events)?.state !== 'Accepted') return;
    if (validation.kind === 'rejected') {
      this.reject(create, round, validation.status, validation.errorCode, validation.errors);
    } else if (this.removal) {
      // Asked to go before it existed: nothing was done outside.
      this.apply(create, decideUndoOf(create.events, 'Cancelled', cancelled));
    } else if (!this.context.isStored(create.customerGuid)) {
      const message = `shortName ${create.shortName} is in use in this Microsoft tenant or on this SBC. Choose another one.`;
      this.reject(create, round, 409, 'SHORT_NAME_NOT_UNIQUE', [{ field: 'shortName', code: 'SHORT_NAME_NOT_UNIQUE', message }]);
    } else {
      this.customer = 'open';
      this.record(create, this.created(create, round, validation.customer));
    }
  }

  reported(event: DeploymentEventMessage): void {
    const tracked = [this.create, this.removal].find((deployment) => deployment?.id === event.subject);
    if (!tracked || tracked.events.some(({ id }) => id === event.id)) return;
    // What somebody was told of an end stays true: a report of an earlier round that comes after it adds nothing.
    const state = fold(tracked.events);
    if (!state || /* safeguard: end-is-final */ !isEnd(state.state)) this.append(tracked, event);
    else this.late.push(event);
  }

  act({ action, caller, deploymentId, reason }: Extract<LedgerItem, { kind: 'action' }>): void {
    const tracked = [this.create, this.removal].find((deployment) => deployment?.id === deploymentId);
    const state = tracked && fold(tracked.events);
    if (!tracked || !state) {
      this.answer = { kind: 'unknown' };
      return;
    }
    const allowed = allowedActions(state);
    if (!allowed.includes(action)) {
      this.answer = { kind: 'not-allowed', state: state.state, allowed };
      return;
    }
    const cause = tracked.kind === 'delete' ? 'Deleted' : 'Failed';
    switch (action) {
      case 'cancel': this.apply(tracked, decideUndoOf(tracked.events, 'Cancelled', reason ?? 'Cancelled by an operator')); break;
      case 'rollback': this.apply(tracked, decideUndoOf(tracked.events, cause, undefined)); break;
      case 'retry':
        if (state.state === 'Held') this.startAgain(tracked);
        else this.apply(tracked, decideUndoOf(tracked.events, cause, undefined));
        break;
      case 'abandon': this.abandon(tracked, caller, reason ?? 'no reason given'); break;
    }
  }

  /** Every step of a new round looks first: what stands is found and only what is missing is done. */
  private startAgain(tracked: TrackedDeployment): void {
    const created = tracked.events.findLast((event): event is CustomerCreated => event.type === CustomerCreated.type);
    if (!created) return;
    const round = currentRound(tracked.events) + 1;
    const accepted = messageOf(
      CustomerCreateAccepted, { ...this.envelope(tracked, CustomerCreateAccepted, round), data: { ticket: this.refOf(tracked), progress: [] } },
    );
    this.record(tracked, accepted);
    const data = { ...created.data, ticket: this.ticketFor(tracked, created.data.ticket), progress: [], startBy: this.context.startBy };
    this.record(tracked, messageOf(CustomerCreated, { ...this.envelope(tracked, CustomerCreated, round), data }));
  }

  private abandon(tracked: TrackedDeployment, caller: string, reason: string): void {
    const round = currentRound(tracked.events) + 1;
    const progress = [{ level: 'Warning' as const, message: `Abandoned by an operator: ${reason}` }];
    const data = { ticket: this.refOf(tracked), progress, reason, caller, closesRound: this.forwardRound(tracked, round) };
    this.record(tracked, messageOf(DeploymentAbandoned, { ...this.envelope(tracked, DeploymentAbandoned, round), data }));
    const known = (tracked.kind === 'delete' ? this.removal : this.create) ?? tracked;
    this.apply(known, { kind: 'complete', round, outcome: tracked.kind === 'delete' ? 'Deleted' : 'Failed', reason: `Abandoned by an operator: ${reason}` });
  }

  /** Forward work is the create's, also where a delete is abandoned. */
  private forwardRound(tracked: TrackedDeployment, round: number): number {
    return tracked.kind === 'create' ? round : Math.max(1, currentRound(this.create?.events ?? []));
  }

  due(): void {
    for (const tracked of [this.create, this.removal]) {
      if (!tracked?.isDue) continue;
      const state = fold(tracked.events);
      if (state?.state === 'CleanupRequired') {
        this.apply(tracked, decideUndoOf(tracked.events, tracked.kind === 'create' ? 'Failed' : 'Deleted', undefined));
        continue;
      }
      if (/* safeguard: deployment-deadline */ isOutOfTime(tracked.events, Date.parse(this.context.now), this.context.stepsMs)) {
        this.apply(tracked, decideOutOfTime(tracked.events, this.context));
        continue;
      }
      const wish = decideRedrive(tracked.events, tracked.redrives);
      /* safeguard: redrive */
      if (wish) this.redriven.push(wish);
      this.dueAt.set(tracked.id, { inMs: wish ? this.redrivePause(tracked.redrives + 1) : null, redrives: tracked.redrives + 1 });
    }
  }

  /** Decides until nothing more follows. Ends: each decision adds an event that answers it. */
  advance(): void {
    for (;;) {
      const before = this.recorded.length;
      if (this.create) this.apply(this.create, decideNext(this.create.events, this.context));
      this.advanceRemoval();
      if (this.recorded.length === before) return;
    }
  }

  private advanceRemoval(): void {
    const { create, removal } = this;
    if (!create || !removal) return;
    if (fold(removal.events)?.state !== 'Accepted') {
      this.apply(removal, decideNext(removal.events, { onFailure: 'undo' }));
      return;
    }
    const state = fold(create.events);
    if (isGone(state)) this.apply(removal, { kind: 'complete', round: currentRound(removal.events), outcome: 'Deleted' });
    else if (state?.state === 'Deployed') {
      const ticket = ticketOf(create.events);
      if (ticket) this.apply(removal, { kind: 'undo-ovoc', round: currentRound(removal.events), closesRound: currentRound(create.events), cause: 'Deleted', ticket });
    // A cleanup that has failed rests; it is tried again when it is due.
    } else if (state && state.state !== 'Accepted' && /* safeguard: failed-cleanup-rest */ state.state !== 'CleanupRequired') {
      this.apply(create, decideUndoOf(create.events, 'Cancelled', cancelled));
    }
  }

  private apply(tracked: TrackedDeployment, decision: Decision): void {
    switch (decision.kind) {
      case 'nothing': return;
      case 'undo-ovoc': case 'undo-sbc': {
        const messageClass = decision.kind === 'undo-ovoc' ? OvocCleanupRequested : SbcCleanupRequested;
        const { closesRound, cause, reason, ticket } = decision;
        const data = { ticket: this.ticketFor(tracked, ticket), progress: [], closesRound, cause, ...(reason === undefined ? {} : { reason }) };
        this.record(tracked, messageOf<typeof OvocCleanupRequested | typeof SbcCleanupRequested>(
          messageClass, { ...this.envelope(tracked, messageClass, decision.round), data },
        ));
        return;
      }
      case 'complete': {
        const { outcome, reason, round } = decision;
        const eventCount = tracked.events.length + 1;
        this.record(tracked, messageOf(DeploymentCompleted, {
          ...this.envelope(tracked, DeploymentCompleted, round),
          data: { ticket: this.refOf(tracked), progress: [], outcome, eventCount, ...(reason === undefined ? {} : { reason }) },
        }));
        if ((outcome === 'Failed' || outcome === 'Cancelled' || outcome === 'Deleted') && this.customer === 'open') this.customer = 'closed';
      }
    }
  }

  private record(tracked: TrackedDeployment, event: DeploymentEventMessage): void {
    this.recorded.push(event);
    this.append(tracked, event);
  }

  private append(tracked: TrackedDeployment, event: DeploymentEventMessage): void {
    const known = tracked.id === this.removal?.id ? this.removal : this.create ?? tracked;
    const updated = { ...known, events: [...known.events, event] };
    if (updated.kind === 'delete') this.removal = updated;
    else this.create = updated;
    this.dueAt.set(updated.id, { inMs: this.dueAfter(updated), redrives: 0 });
  }

  private dueAfter(tracked: TrackedDeployment): DueInMs {
    if (fold(tracked.events)?.state === 'CleanupRequired') return this.cleanupPause(tracked.events);
    return decideRedrive(tracked.events, 0) ? this.redrivePause(0) : null;
  }

  /** Each round of a cleanup stays in the log, which every decision reads: one that fails for ever must not come round ever as often. */
  private cleanupPause(events: readonly DeploymentEventMessage[]): number {
    const failures = events.filter((event) => event.type === DeploymentCompleted.type && event.data.outcome === 'CleanupRequired').length;
    return this.context.cleanupRetryAfterMs * 2 ** Math.min(/* safeguard: cleanup-backoff */ failures - 1, 8);
  }

  private redrivePause(redrives: number): number {
    return this.context.redriveAfterMs * 2 ** Math.min(redrives, 5);
  }

  private reject(create: TrackedDeployment, round: number, status: 400 | 409 | 503, errorCode: string, errors: readonly FieldProblem[]): void {
    this.record(create, messageOf(CustomerCreateRejected, {
      ...this.envelope(create, CustomerCreateRejected, round), data: { ticket: this.refOf(create), progress: [], status, errorCode, errors: [...errors] },
    }));
  }

  private created(create: TrackedDeployment, round: number, customer: NewCustomer): CustomerCreated {
    return messageOf(CustomerCreated, {
      ...this.envelope(create, CustomerCreated, round),
      data: { ticket: this.ticketFor(create, customer.ticket), progress: [...customer.progress], script: customer.script, startBy: customer.startBy },
    });
  }

  private refuse(request: Message & { data: { origin?: string } }, status: 404 | 422, errorCode: string, message: string): void {
    const { origin } = request.data;
    this.refusal = { errorCode, message };
    if (origin === undefined) return;
    this.told.push({
      origins: [origin],
      message: messageOf(RequestRefused, {
        id: eventIdOf(request.subject, 0, `${RequestRefused.type}/${request.id}`, 0), source, subject: request.subject, time: this.context.now,
        data: { requestId: request.id, status, errorCode, errors: [{ field: '', code: errorCode, message }] },
      }),
    });
  }

  /** Where the deployment stands, to one gateway: that it is accepted, and its outcome when it has one. */
  private tellStanding(tracked: TrackedDeployment, origin: string | undefined): void {
    if (origin === undefined) return;
    const round = currentRound(tracked.events);
    for (const event of inOrder(tracked.events)) {
      const isAccept = event.type === CustomerCreateAccepted.type || event.type === CustomerDeleteAccepted.type;
      const isOutcome = event.type === DeploymentCompleted.type || event.type === CustomerCreateRejected.type;
      if (isAccept || (isOutcome && event.round === round)) this.told.push({ message: event, origins: [origin] });
    }
  }

  private envelope(tracked: TrackedDeployment, messageClass: { readonly type: string; readonly step: string }, round: number) {
    return {
      id: eventIdOf(tracked.id, round, messageClass.type, 0), source, subject: tracked.id, time: this.context.now, round, sequence: 0, step: messageClass.step,
    };
  }

  private refOf({ customerGuid, origins, provider, shortName, siteGuid }: TrackedDeployment): DeploymentRef {
    const origin = origins.at(-1);
    return { provider, customerGuid, siteGuid, shortName, ...(origin === undefined ? {} : { origin }) };
  }

  private ticketFor(tracked: TrackedDeployment, ticket: Ticket): Ticket {
    const { origin: _old, ...rest } = ticket;
    const origin = tracked.origins.at(-1);
    return { ...rest, ...(origin === undefined ? {} : { origin }) };
  }
}

const keyReused = 'The Idempotency-Key was used before with another request. Use a new key.';
const idReused = 'The source and id, or the subject, came before with another request, which stands. Publish this one under a new id.';

/** Whether a request asks for something else than the one that its deployment began with. Rows of older builds do not say what that was. */
function isAnother(create: TrackedDeployment, { data }: CustomerCreateRequested): boolean {
  const isAskedByAnother = create.caller !== data.caller || create.provider !== data.provider;
  return isAskedByAnother || (create.fingerprint !== undefined && /* safeguard: idempotency-fingerprint */ create.fingerprint !== data.fingerprint);
}

const cancelled = 'Cancelled: the customer was deleted while it was being created';

function withOrigin(tracked: TrackedDeployment, origin: string | undefined): TrackedDeployment {
  if (origin === undefined || tracked.origins.at(-1) === origin) return tracked;
  return { ...tracked, origins: [...tracked.origins.filter((known) => known !== origin), origin].slice(-maxOrigins) };
}
