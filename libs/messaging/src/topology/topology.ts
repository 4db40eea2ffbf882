import { onboarding, queriesOf, requestClasses, routingKeyOf, serviceNames, type ServiceName, stepReportTypes, stepsOf } from '@trunkline/contracts';

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

type Binding = QueueDefinition['bindings'][number];
const bound = (exchange: Binding['exchange'], types: readonly string[]): Binding[] => types.map((type) => ({ exchange, routingKey: routingKeyOf(type) }));

/** What a service takes in follows from the process: the provisioner all requests and reports, the others what their steps are asked for. */
function bindingsOf(service: ServiceName): Binding[] {
  if (service === 'provisioner') return [...bound('requests', requestClasses.map(({ type }) => type)), ...bound('events', stepReportTypes)];
  const requests = stepsOf(service).flatMap(({ start, undo }) => [start.type, undo.type]);
  return bound('events', [...requests, /* safeguard: abandonment-binding */ onboarding.abandons.type]);
}

export const topology: Topology = {
  exchanges: ['requests', 'events'],
  queues: [
    ...serviceNames.map((name) => ({ name, kind: 'work', bindings: bindingsOf(name) }) as const),
    ...[...serviceNames.map(queriesOf), 'provisioner.standing'].map((name) => ({ name, kind: 'query', bindings: [] }) as const),
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
