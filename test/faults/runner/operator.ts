import { setTimeout as delay } from 'node:timers/promises';

import { type DeploymentAction, deploymentActions } from '@trunkline/contracts';

import { siteRows } from '../checker/site-rows.js';
import type { ServiceTables } from './service-tables.js';
import type { Client } from './client.js';
import type { RunRecord } from './run-record.js';
import type { Peers } from './peers.js';
import { Random } from './random.js';

const looksEveryMs = 300;
const thinksAtMostMs = 4_000;
/** Between an abandonment and the hand that takes off what is left: time for what may still be on its way. */
const handAfterMs = { least: 4_000, most: 8_000 } as const;

/**
 * Somebody who looks at what rests and does about it what is allowed, sometimes two at once; what he abandons he takes off by hand. What he does
 * about a deployment follows from the seed and the deployment, not from what comes before.
 */
export class Operator {
  private readonly chances = new Map<string, Random>();
  private readonly attended = new Set<string>();
  private readonly takenOff = new Map<string, Promise<void>>();
  private readonly work = new Set<Promise<unknown>>();
  private looking: Promise<void> | undefined;
  private hasLeft = false;
  private occasions = 0;

  constructor(
    private readonly client: Client,
    private readonly tables: ServiceTables,
    private readonly peers: Peers,
    private readonly record: RunRecord,
    private readonly seed: number,
    /** Onboarding scripts by customer: a removal is a deployment of its own. */
    private readonly scripts: ReadonlyMap<string, number>,
  ) {}

  /** From now on he looks. */
  begin(): void {
    this.looking ??= this.look();
  }

  /** Resolves when he has done what he had begun; nothing new is begun by chance. */
  async leave(): Promise<void> {
    this.hasLeft = true;
    await this.looking;
    while (this.work.size > 0) await Promise.all(this.work);
  }

  /** Undoes what is still held, begins cleanups again that would rest for long, and takes off what was abandoned; answers what is not yet done. */
  async clearAway(): Promise<readonly string[]> {
    const resting = await this.tables.resting();
    const held = resting.filter(({ state }) => state === 'Held');
    const far = resting.filter(({ isFar, state }) => isFar && state === 'CleanupRequired');
    await Promise.all([...held.map(({ id }) => this.ask(id, ['rollback'])), ...far.map(({ id }) => this.ask(id, ['retry']))]);
    const abandoned = await this.tables.abandoned();
    const waiting = abandoned.filter(({ id }) => !this.takenOff.has(id));
    await Promise.all(abandoned.map((left) => this.takeOff(left)));
    return [...held.map(({ id }) => `held: ${id}`), ...waiting.map(({ id }) => `to be taken off by hand: ${id}`)];
  }

  private async look(): Promise<void> {
    while (!this.hasLeft) {
      // While the database is away nobody can look.
      const [resting, abandoned] = await Promise.all([this.tables.resting(), this.tables.abandoned()]).catch(() => [[], []] as const);
      for (const { id } of resting) if (!this.attended.has(id)) this.keep(this.attend(id));
      for (const left of abandoned) this.keep(this.takeOff(left));
      await delay(looksEveryMs);
    }
  }

  private keep(work: Promise<unknown>): void {
    const kept = work.catch((error: unknown) => { this.record.notice(`operator: ${error instanceof Error ? error.message : String(error)}`); }).finally(() => this.work.delete(kept));
    this.work.add(kept);
  }

  private async attend(id: string): Promise<void> {
    this.attended.add(id);
    const random = this.chanceOf(id);
    await delay(random.between(0, thinksAtMostMs));
    const allowed = await this.client.allowed(id);
    const legal = deploymentActions.filter((action) => action !== 'cancel' && allowed.includes(action));
    if (!this.hasLeft && legal.length > 0) await this.ask(id, random.chance(1 / 3) ? [random.pick(legal), random.pick(legal)] : [random.pick(legal)]);
    this.attended.delete(id);
  }

  /** Several are asked by as many operators at once. */
  private async ask(id: string, actions: readonly DeploymentAction[]): Promise<void> {
    this.occasions += 1;
    const occasion = `occasion ${this.occasions}`;
    await Promise.all(actions.map(async (action, index) => {
      const reason = `${action} by operator ${index + 1}, ${occasion}`;
      this.record.actions.push({ deploymentId: id, action, reason, occasion, attempts: await this.client.act(id, action, reason) });
    }));
  }

  private async takeOff({ customerGuid, id, sbcId, shortName }: Awaited<ReturnType<ServiceTables['abandoned']>>[number]): Promise<void> {
    const known = this.takenOff.get(id) ?? delay(this.chanceOf(id).between(handAfterMs.least, handAfterMs.most)).then(async () => {
      const script = this.scripts.get(customerGuid);
      if (script === undefined) throw new Error(`the script of customer ${customerGuid} is not in the plan`);
      const rows = siteRows({ script, shortName });
      this.record.byHand.push({ deploymentId: id, atMs: Date.now(), found: await this.peers.takeOff(sbcId, customerGuid, rows) });
    });
    this.takenOff.set(id, known);
    return known;
  }

  private chanceOf(id: string): Random {
    const hash = [...id].reduce((so, character) => Math.imul(so ^ character.charCodeAt(0), 16_777_619) >>> 0, this.seed);
    const known = this.chances.get(id) ?? new Random(hash);
    this.chances.set(id, known);
    return known;
  }
}
