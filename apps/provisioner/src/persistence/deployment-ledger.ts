import type { ActionAnswer, DeploymentEventMessage } from '@trunkline/contracts';
import { Outbox, outgoingEvent, type OutboxMessage, type StoredMessage } from '@trunkline/messaging';
import { type Database, GroupCommit } from '@trunkline/persistence';
import { type Clock, type Logger, reachFaultPoint } from '@trunkline/runtime';
import { insertInbox } from '@trunkline/steps';

import { decideItem, type LedgerContext, type LedgerEffects } from '../outcome/ledger.decide.js';
import type { LedgerItem } from '../outcome/ledger-item.js';
import type { OutcomePolicy } from '../outcome/outcome.decide.js';
import type { CustomerDeployments } from '../outcome/tracked-deployment.js';
import { insertCustomers, removeUnmadeCustomers } from './customer-rows.js';
import { customerOf, insertCreates, lockDeployments } from './ledger-reads.js';
import { type Write, writeEffects } from './ledger-writes.js';

export interface LedgerOptions extends OutcomePolicy {
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
  readonly stepsMs: number;
  readonly startByMs: number;
}

/**
 * Every change to a deployment. Many items are committed together: the deployments of their customers are locked in id order, their logs read,
 * decided on, and written, with what is to be told, in one transaction. Between BEGIN and COMMIT only the database is waited for.
 */
export class DeploymentLedger {
  private readonly commits: GroupCommit<LedgerItem, ActionAnswer>;
  private listener: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly options: LedgerOptions,
    private readonly logger: Logger,
  ) {
    this.commits = new GroupCommit((items) => this.commit(items), { maxBatch: 128 });
  }

  /** Called after commits that may have left a validation to run. */
  onWork(listener: () => void): void {
    this.listener = listener;
  }

  /** Resolves when the item's effects are on disk; the answer matters for actions. */
  async tell(item: LedgerItem): Promise<ActionAnswer> {
    const answer = await this.commits.add(item);
    if (item.kind === 'create-requested') this.listener();
    return answer;
  }

  async idle(): Promise<void> {
    await this.commits.idle();
  }

  private async commit(items: readonly LedgerItem[]): Promise<ActionAnswer[]> {
    const toPublish: StoredMessage[] = [];
    const { answers, entries } = await this.database.transaction(async (transaction) => {
      const requests = items.flatMap((item) => (item.kind === 'create-requested' || item.kind === 'delete-requested' ? [{ messageId: item.message.id }] : []));
      const fresh = requests.length > 0 ? await insertInbox(transaction, requests) : new Set<string>();
      await insertCreates(transaction, items);
      const states = await lockDeployments(transaction, [...new Set(items.map(customerOf))].sort());
      const stored = await insertCustomers(transaction, items, states);
      const writes = this.decide(items, states, stored, fresh);
      await removeUnmadeCustomers(transaction, stored, states);
      toPublish.push(...await this.outbox.store(transaction, writes.flatMap(({ effects }) => messagesOf(effects))));
      const written = { entries: await writeEffects(transaction, writes), answers: writes.map(({ effects }) => effects.answer) };
      reachFaultPoint('provisioner.before-decision-commit');
      return written;
    });
    reachFaultPoint('provisioner.after-decision-commit');
    this.outbox.publish(toPublish);
    for (const { event, state } of entries) {
      const { progress, ticket: { customerGuid, shortName } } = event.data;
      this.logger.info({
        deploymentId: event.subject, customerGuid, shortName, step: event.step, messageId: event.id, messageType: event.type, state,
        ...(progress.length > 0 ? { progress: progress.map(({ level, message }) => `(${level}, ${message})`) } : {}),
      }, 'deployment event recorded');
    }
    return answers;
  }

  private decide(items: readonly LedgerItem[], states: Map<string, CustomerDeployments>, stored: ReadonlySet<string>, fresh: Set<string>): Write[] {
    const now = this.clock.now();
    const context: LedgerContext = {
      ...this.options,
      now: now.toISOString(),
      startBy: new Date(now.getTime() + this.options.startByMs).toISOString(),
      isRepeated: (messageId) => !fresh.has(messageId),
      isStored: (customerGuid) => stored.has(customerGuid),
    };
    return items.map((item) => {
      const guid = customerOf(item);
      const before = states.get(guid) ?? { create: undefined, removal: undefined, customer: 'none' };
      const effects = decideItem(before, item, context);
      states.set(guid, effects.deployments);
      // The second copy of a message within one batch is a repetition.
      if (item.kind === 'create-requested' || item.kind === 'delete-requested') fresh.delete(item.message.id);
      return { before, effects, item };
    });
  }
}

function messagesOf(effects: LedgerEffects): OutboxMessage[] {
  const originsOf = (event: DeploymentEventMessage) => [
    effects.deployments.create, effects.deployments.removal,
  ].find((known) => known?.id === event.subject)?.origins ?? [];
  return [
    ...effects.recorded.map((event) => outgoingEvent(event, originsOf(event))),
    ...effects.told.map(({ message, origins }) => outgoingEvent(message, origins)),
    ...effects.redriven.map((event) => outgoingEvent(event, originsOf(event), { isRedrive: true })),
  ];
}
