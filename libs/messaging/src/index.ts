export { type AfterHandlerFailure, type FailedMessage, HandlerFailures } from './nest/handler-failures.js';
export { MessageContext, QueryContext } from './nest/message-context.js';
export { MessageRefusedError } from './nest/message-refused-error.js';
export { acting } from './nest/query-protocol.js';
export { QueryClient, QueryFailedError, QueryUnavailableError } from './nest/query-client.js';
export { TrunklineStrategy, type TrunklineStrategyOptions } from './nest/trunkline-strategy.js';
export { messagingMigrations } from './outbox/messaging-migrations.js';
export { Outbox, type StoredMessages, type StoredRow, storing } from './outbox/outbox.js';
export { type OutboxMessage, outgoingEvent, outgoingText, redriveHeader, returnedHeader } from './outbox/outgoing.js';
export { deadLetterQueue, type QueueDefinition, reasonHeader, routingKeyHeader, topology, type Topology } from './topology/topology.js';
export { InProcessBroker } from './transport/in-process/in-process-broker.js';
export { InProcessTransport } from './transport/in-process/in-process-transport.js';
export { RabbitMqTransport, type RabbitMqTransportOptions } from './transport/rabbitmq/rabbitmq-transport.js';
export {
  type Consumer, type Delivery, type IncomingMessage, NotConnectedError, type OutgoingMessage, RequestTimeoutError, Transport, type TransportState,
  UnconfirmedError, UnroutableError,
} from './transport/transport.js';
export type { TransportLogger } from './transport/transport-logger.js';
