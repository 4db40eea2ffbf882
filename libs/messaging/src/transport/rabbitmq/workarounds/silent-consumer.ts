import { atMost } from '../../at-most.js';

interface Consuming {
  readonly isConsuming: boolean;
  /** Another one consumes from now on; settles when the broker has noted it. */
  giveWay(): Promise<void>;
}

/** Of a subscription, what its renewal needs. */
export interface Renewable {
  /** The one that consumes is the last; those before it are settling what they were handed. */
  readonly channels: ReadonlySet<Consuming>;
  readonly isStopping: () => boolean;
  readonly attach: () => Promise<void>;
  /** Within which a broker that is well notes a cancel. */
  readonly answerMs: number;
  readonly unanswered: () => Error;
}

/**
 * Consumes anew, on a fresh channel, whether or not anything seems wrong: nothing on the wire tells an idle consumer from one the broker has forgotten,
 * or one it counts messages to and sends none (adr/0023). What the broker holds back for the old consumer it hands out again when that one is gone.
 *
 * Defect: a quorum queue that is deleted and declared again within milliseconds keeps its consumer and drops what the new queue sends it. Seen in RabbitMQ
 * 3.10; newer ones not tried. Tests: silent-consumer.test.ts, rabbitmq-faults.int.test.ts.
 * @throws when the broker does not let it consume, or does not answer
 */
export async function renewConsumer({ answerMs, attach, channels, isStopping, unanswered }: Renewable): Promise<void> {
  const [current, ...others] = channels;
  // While what the last one was handed is still being settled there is no third.
  if (!current?.isConsuming || /* safeguard: no-third-consumer */ others.length > 0 || isStopping()) return;
  await attach();
  if (isStopping() || !channels.has(current)) return;
  /* safeguard: renewed-consumer-cancelled */
  if (!await atMost(answerMs, current.giveWay())) throw unanswered();
}
