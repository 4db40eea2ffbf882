/** All exchanges, queues and bindings. Every service declares the whole of it at every (re)connect. */
export interface QueueDefinition {
  readonly name: string;
  /** `work`: durable quorum queue with a dead-letter queue. `query`: short-lived questions, no dead letters. */
  readonly kind: 'work' | 'query';
  readonly bindings: readonly { readonly exchange: 'requests' | 'events'; readonly routingKey: string }[];
}

export interface Topology {
  readonly exchanges: readonly ('requests' | 'events')[];
  readonly queues: readonly QueueDefinition[];
}

const fromRequests = (routingKey: string) => ({ exchange: 'requests', routingKey }) as const;
const fromEvents = (routingKey: string) => ({ exchange: 'events', routingKey }) as const;

export const topology: Topology = {
  exchanges: ['requests', 'events'],
  queues: [
    {
      name: 'provisioner',
      kind: 'work',
      bindings: [
        fromRequests('customer.create.requested'),
        fromRequests('customer.delete.requested'),
        fromEvents('sbc.onboarded'),
        fromEvents('sbc.onboarding.failed'),
        fromEvents('sbc.cleaned'),
        fromEvents('sbc.cleanup.failed'),
        fromEvents('ovoc.site.created'),
        fromEvents('ovoc.sync.failed'),
        fromEvents('ovoc.cleaned'),
        fromEvents('ovoc.cleanup.failed'),
      ],
    },
    {
      name: 'sbc-agent', kind: 'work',
      bindings: [fromEvents('customer.created'), fromEvents('sbc.cleanup.requested'), /* safeguard: abandonment-to-sbc-agent */ fromEvents('deployment.abandoned')],
    },
    {
      name: 'ovoc-sync', kind: 'work',
      bindings: [fromEvents('sbc.onboarded'), fromEvents('ovoc.cleanup.requested'), /* safeguard: abandonment-to-ovoc-sync */ fromEvents('deployment.abandoned')],
    },
    { name: 'provisioner.queries', kind: 'query', bindings: [] },
    { name: 'provisioner.standing', kind: 'query', bindings: [] },
    { name: 'sbc-agent.queries', kind: 'query', bindings: [] },
    { name: 'ovoc-sync.queries', kind: 'query', bindings: [] },
  ],
};

/** Direct exchange that carries refused messages to the dead-letter queue named by the routing key. */
export const DEAD_LETTER_EXCHANGE = 'dead-letters';

/** Where a work queue's refused messages go. */
export const deadLetterQueue = (queue: string): string => `${queue}.dead-letters`;

/** Headers of a refused message: why, and where it was refused. */
export const reasonHeader = 'x-trunkline-reason';
export const queueHeader = 'x-trunkline-queue';
export const routingKeyHeader = 'x-trunkline-routing-key';
