import { type AnswerOf, getStanding } from '@trunkline/contracts';
import { QueryClient, type Transport } from '@trunkline/messaging';
import { BackgroundLoop, type Logger } from '@trunkline/runtime';

const askEveryMs = 1_000;
const answerWithinMs = 1_000;

/**
 * Whether the provisioner can take requests in, as it said itself within the last seconds. Of one that says nothing nothing bad is thought: it may be
 * restarting, and what is sent to it waits in its queue.
 */
export class ProvisionerStanding {
  private said: readonly string[] = [];
  private readonly queries: QueryClient;
  private readonly loop: BackgroundLoop;

  constructor(transport: Transport, logger: Logger) {
    this.queries = new QueryClient(transport);
    this.loop = new BackgroundLoop('standing of the provisioner', askEveryMs, () => this.ask(), logger);
  }

  /** Why it can't; empty when it can, or when that is not known. */
  reasons(): readonly string[] {
    return this.said;
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async ask(): Promise<void> {
    this.said = await this.queries.ask<AnswerOf<typeof getStanding>>(getStanding.queue, getStanding.pattern, {}, answerWithinMs).catch(() => []);
  }
}
