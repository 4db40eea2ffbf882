import { type ActionAnswer, type DeploymentEventMessage, receiptOf } from '@trunkline/contracts';
import type { Outbox } from '@trunkline/messaging';
import { type Database, GroupCommit, type LockWait, type Transaction } from '@trunkline/persistence';
import { type Clock, type Logger, reachFaultPoint } from '@trunkline/runtime';
import { type Claimer, IntakeClaims } from '@trunkline/steps';

import type { LedgerContext, OutcomePolicy } from '../process/decision.js';
import type { LedgerItem } from '../process/ledger-item.js';
import type { CustomerDeployments } from '../process/tracked-deployment.js';
import { insertCustomers } from './customer-rows.js';
import type { RefusedRequest } from './effects.js';
import { decideItem } from './ledger.decide.js';
import { customerOf, lockDeployments } from './ledger-reads.js';
import { receiveRequests, type Write, writeEffects } from './ledger-writes.js';

export interface LedgerOptions extends OutcomePolicy {
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
  readonly stepsMs: number;
  readonly startByMs: number;
  /** Called with the revision of the catalogue that a commit has seen. */
  readonly onCatalogueRevision: (revision: string) => void;
}

export interface LedgerAnswer {
  /** To an operator's action. */
  readonly action: ActionAnswer;
  /** Of a request that joins no deployment. */
  readonly refusal: RefusedRequest | undefined;
}

/**
 * Every change to a deployment. Many items are committed together: the deployments of their customers are locked in id order, their logs read,
 * decided on, and written, with what is to be told, in one transaction. Between BEGIN and COMMIT only the database is waited for.
 */
export class DeploymentLedger {
  private readonly commits: GroupCommit<LedgerItem, LedgerAnswer>;
  private listener: () => void = () => undefined;
  private claimer: Claimer | undefined;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly options: LedgerOptions,
    private readonly logger: Logger,
  ) {
    this.commits = new GroupCommit((items, wait) => this.commit(items, wait), { maxBatch: 128 });
  }

  /** Called after commits that have left a validation to claim. */
  onWork(listener: () => void): void {
    this.listener = listener;
  }

  /** Validations need not wait to be claimed. */
  claimFor(claimer: Claimer): void {
    this.claimer = claimer;
  }

  /** Resolves when the item's effects are on disk. */
  tell(item: LedgerItem): Promise<LedgerAnswer> {
    return this.commits.add(item);
  }

  async idle(): Promise<void> {
    await this.commits.idle();
  }

  private async commit(items: readonly LedgerItem[], wait: LockWait): Promise<LedgerAnswer[]> {
    const claims = new IntakeClaims(this.claimer, items.filter(({ kind }) => kind === 'create-requested' || kind === 'action').length);
    const { answers, entries, late, revision, told } = await claims.during(() => this.database.transaction(async (transaction) => {
      const [fresh, { revision, states }] = await Promise.all([
        receiveRequests(transaction, items), lockDeployments(transaction, [...new Set(items.map(customerOf))].sort()),
      ]);
      const writes = await this.decide(transaction, items, states, fresh);
      return {
        ...writeEffects(transaction, this.outbox, writes, claims),
        answers: writes.map(({ effects }) => ({ action: effects.answer, refusal: effects.refusal })),
        late: writes.flatMap(({ effects }) => effects.late),
        revision,
      };
    }, { ...wait, beforeCommit: 'provisioner.before-decision-commit' }));
    reachFaultPoint('provisioner.after-decision-commit');
    this.outbox.publish(told);
    if (revision !== undefined) this.options.onCatalogueRevision(revision);
    if (await claims.run()) this.listener();
    for (const { event, state } of entries) {
      const { progress, ticket: { customerGuid, shortName } } = event.data;
      this.logger.info({
        ...fieldsOf(event), customerGuid, shortName, state,
        ...(progress.length > 0 ? { progress: progress.map(({ level, message }) => `(${level}, ${message})`) } : {}),
      }, 'deployment event recorded');
    }
    for (const event of late) this.logger.warn(fieldsOf(event), 'a report came after the end of its deployment and is not recorded');
    return answers;
  }

  /** Decides as if every name were free, and once more when the database says that some are not. */
  private async decide(
    transaction: Transaction, items: readonly LedgerItem[], states: ReadonlyMap<string, CustomerDeployments>, fresh: ReadonlySet<string>,
  ): Promise<Write[]> {
    const now = this.clock.now();
    const context = { ...this.options, now: now.toISOString(), startBy: new Date(now.getTime() + this.options.startByMs).toISOString() };
    const wished = decideAll(items, states, fresh, { ...context, isStored: () => true });
    const opened = wished.flatMap(({ before, effects: { deployments }, item }) => (
      before.customer === 'none' && deployments.customer !== 'none' && deployments.create && item.kind === 'validated' && item.validation.kind === 'passed'
        ? [{ deploymentId: deployments.create.id, ...item.validation.customer }]
        : []));
    const stored = await insertCustomers(transaction, opened);
    if (/* safeguard: names-in-database */ stored.size === opened.length) return wished;
    return decideAll(items, states, fresh, { ...context, isStored: (guid) => stored.has(guid) });
  }
}

/** Decides on one item after the other, each on what those before it leave. Changes nothing of what it is given. */
function decideAll(
  items: readonly LedgerItem[], states: ReadonlyMap<string, CustomerDeployments>, fresh: ReadonlySet<string>, context: Omit<LedgerContext, 'isRepeated'>,
): Write[] {
  const [known, unseen] = [new Map(states), new Set(fresh)];
  return items.map((item) => {
    const guid = customerOf(item);
    const before = known.get(guid) ?? { create: undefined, removal: undefined, customer: 'none' };
    const effects = decideItem(before, item, { ...context, isRepeated: (message) => !unseen.has(receiptOf(message)) });
    known.set(guid, effects.deployments);
    // The second copy of a message within one batch is a repetition.
    if (item.kind === 'create-requested' || item.kind === 'delete-requested') unseen.delete(receiptOf(item.message));
    return { before, effects, item };
  });
}

function fieldsOf(event: DeploymentEventMessage) {
  return { deploymentId: event.subject, step: event.step, messageId: event.id, messageType: event.type };
}
