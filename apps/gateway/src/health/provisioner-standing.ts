import { type AnswerOf, getStanding } from '@trunkline/contracts';
import { QueryClient, type Transport } from '@trunkline/messaging';
import { BackgroundLoop, type Clock, type Logger } from '@trunkline/runtime';

import { decideStanding, type Standing } from './standing.decide.js';

const askEveryMs = 1_000;
const answerWithinMs = 1_000;

/**
 * Whether the provisioner can take requests in, as it said itself within the last seconds. Of one that has said nothing for longer nothing bad is thought:
 * what is sent to it waits in its queue.
 */
export class ProvisionerStanding {
  private standing: Standing = { reasons: [], saidAtMs: Number.NEGATIVE_INFINITY };
  private readonly queries: QueryClient;
  private readonly loop: BackgroundLoop;

  constructor(transport: Transport, private readonly clock: Clock, private readonly logger: Logger) {
    this.queries = new QueryClient(transport);
    this.loop = new BackgroundLoop('standing of the provisioner', askEveryMs, () => this.look(), logger);
  }

  /** Why it can't; empty when it can, or when that is not known. */
  reasons(): readonly string[] {
    return this.standing.reasons;
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async look(): Promise<void> {
    const said = await this.ask().catch(() => undefined);
    const before = this.reasons().join();
    this.standing = decideStanding(this.standing, said, this.clock.monotonicMs());
    const reasons = this.reasons();
    if (reasons.join() === before) return;
    if (reasons.length > 0) this.logger.warn({ reasons }, 'the provisioner can take nothing in: creates and deletes are refused');
    else this.logger.info('the provisioner is not known to be in trouble any more: creates and deletes are passed on');
  }

  private ask(): Promise<readonly string[]> {
    return this.queries.ask<AnswerOf<typeof getStanding>>(getStanding.queue, getStanding.pattern, {}, answerWithinMs);
  }
}
