import { type Deployment, maxDeploymentsAsked } from '@trunkline/contracts';
import { BackgroundLoop, type Clock, type Logger } from '@trunkline/runtime';

import type { DeploymentLog } from './deployment-log.js';
import type { WaitedDeployment } from './waited-deployment.js';
import type { WaitingTimes } from './waiting-times.js';

/** Asks the log about deployments that callers wait for: on demand, and about all of them every so often. One question at a time. */
export class LogQuestions {
  private readonly wanted = new Set<WaitedDeployment>();
  private readonly loop: BackgroundLoop;
  private lastRoundMs: number;

  /** @param onAsked called for each deployment that was asked about, whether or not an answer came */
  constructor(
    private readonly log: DeploymentLog,
    private readonly waited: ReadonlyMap<string, WaitedDeployment>,
    private readonly onAsked: (deployment: WaitedDeployment) => void,
    private readonly times: WaitingTimes,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.lastRoundMs = clock.monotonicMs();
    this.loop = new BackgroundLoop('waiting-questions', times.askEveryMs, (signal) => this.askAll(signal), logger);
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  about(deployment: WaitedDeployment): void {
    this.wanted.add(deployment);
    if (deployment.standing.kind === 'incomplete') deployment.askedOutcomeId = deployment.standing.outcomeId;
    this.loop.wake();
  }

  aboutEverything(): void {
    this.lastRoundMs = this.clock.monotonicMs();
    for (const deployment of this.waited.values()) this.wanted.add(deployment);
    this.loop.wake();
  }

  private async askAll(signal: AbortSignal): Promise<void> {
    if (this.clock.monotonicMs() - this.lastRoundMs >= this.times.askEveryMs) this.aboutEverything();
    while (this.wanted.size > 0 && !signal.aborted) {
      const [first] = this.wanted;
      const batch = [...this.wanted].filter(({ provider }) => provider === first?.provider).slice(0, maxDeploymentsAsked);
      for (const deployment of batch) this.wanted.delete(deployment);
      await this.ask(batch.filter(({ waiters }) => waiters.size > 0));
    }
  }

  private async ask(batch: readonly WaitedDeployment[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    const askedAtMs = this.clock.monotonicMs();
    const found = await this.find(first.provider, batch);
    for (const deployment of batch) {
      deployment.asked(found.get(deployment.id), askedAtMs);
      this.onAsked(deployment);
    }
  }

  private async find(provider: string, batch: readonly WaitedDeployment[]): Promise<ReadonlyMap<string, Deployment>> {
    try {
      const views = await this.log.find(provider, batch.map(({ id }) => id), this.times.askTimeoutMs);
      return new Map(views.map(({ deployment }) => [deployment.deploymentId, deployment]));
    } catch (err) {
      this.logger.warn({ err, count: batch.length }, 'the log could not be asked for deployments that callers wait for');
      return new Map();
    }
  }
}
