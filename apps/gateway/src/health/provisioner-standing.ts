import { type AnswerOf, getStanding, type StandingView } from '@trunkline/contracts';
import { QueryClient, type Transport } from '@trunkline/messaging';
import { BackgroundLoop, type Clock, type Logger } from '@trunkline/runtime';

import { decideStandings, reasonsOf, type Standings } from './standing.decide.js';

const askEveryMs = 1_000;
const answerWithinMs = 1_000;

/**
 * Whether any provisioner can take requests in, as they said themselves within the last seconds. Of one that has said nothing for longer nothing bad
 * is thought: what is sent to it waits in its queue.
 */
export class ProvisionerStanding {
  private standings: Standings = new Map();
  private readonly queries: QueryClient;
  private readonly loop: BackgroundLoop;

  constructor(transport: Transport, private readonly clock: Clock, private readonly logger: Logger) {
    this.queries = new QueryClient(transport);
    this.loop = new BackgroundLoop('standing of the provisioner', askEveryMs, () => this.look(), logger);
  }

  /** Why none can; empty when one can, or when that is not known. */
  reasons(): readonly string[] {
    return reasonsOf(this.standings);
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
    this.standings = decideStandings(this.standings, said, this.clock.monotonicMs());
    const reasons = this.reasons();
    if (reasons.join() === before) return;
    if (reasons.length > 0) this.logger.warn({ reasons }, 'the provisioner can take nothing in: creates and deletes are refused');
    else this.logger.info('the provisioner is not known to be in trouble any more: creates and deletes are passed on');
  }

  private ask(): Promise<StandingView> {
    return this.queries.ask<AnswerOf<typeof getStanding>>(getStanding.queue, getStanding.pattern, {}, answerWithinMs);
  }
}
