import { QueueRepair, type QueueSurgeryOptions, surgeryOver } from './unreadable-queue.js';
import { TopologyUpkeep } from './topology-upkeep.js';

export interface BrokerWatchOptions extends QueueSurgeryOptions {
  readonly upkeepMs: number;
}

/** All that is done for brokers which lose queues, bindings or consumers without a word to their clients. The rest of the transport trusts them. */
export class BrokerWatch {
  private readonly upkeep: TopologyUpkeep;
  private readonly repair: QueueRepair;

  constructor(options: BrokerWatchOptions) {
    this.upkeep = new TopologyUpkeep(options.upkeepMs);
    this.repair = new QueueRepair(options.logger, surgeryOver(options));
  }

  /** A consumer was not let in: its queue is looked at before the next connection is set up. */
  consumeFailed(): void {
    this.repair.consumeFailed();
  }

  /** Before topology and consumers are set up. Never rejects. */
  async beforeSetUp(queues: readonly string[]): Promise<void> {
    await this.repair.runWhenDue(queues);
  }

  /** All consumers are set up. Until `end`, `redo` declares and renews again and again; what goes wrong is reported to `lost`. */
  begin(redo: () => Promise<void>, lost: (reason: string) => void): void {
    this.repair.allWell();
    this.upkeep.begin(redo, lost);
  }

  end(): void {
    this.upkeep.end();
  }
}
