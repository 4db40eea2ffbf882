export { DeadLetterTables1764000005000 } from './dead-letters/dead-letter-tables.migration.js';
export { DeadLetters, type DeadLettersParts } from './dead-letters/dead-letters.js';
export { DeadLettersController } from './dead-letters/dead-letters.controller.js';
export { deadLetterHousekeeping, DeadLetterStore } from './dead-letters/dead-letter-store.js';
export { MessageContext, QueryContext } from './nest/message-context.js';
export { MessageRefusedError } from './nest/message-refused-error.js';
export { acting } from './nest/query-protocol.js';
export { QueryClient, QueryFailedError, QueryUnavailableError } from './nest/query-client.js';
export { TrunklineStrategy, type TrunklineStrategyOptions } from './nest/trunkline-strategy.js';
export { MessagingTables1764000000000 } from './outbox/messaging-tables.migration.js';
export { Outbox, type StoredMessage } from './outbox/outbox.js';
export { type OutboxMessage, outgoingEvent, outgoingText, redriveHeader } from './outbox/outgoing.js';
export { deadLetterQueue, type QueueDefinition, topology, type Topology } from './topology/topology.js';
export { InProcessBroker } from './transport/in-process/in-process-broker.js';
export { InProcessTransport } from './transport/in-process/in-process-transport.js';
export { RabbitMqTransport, type RabbitMqTransportOptions } from './transport/rabbitmq/rabbitmq-transport.js';
export {
  type Consumer, type Delivery, type IncomingMessage, NotConnectedError, type OutgoingMessage, RequestTimeoutError, Transport, type TransportState,
  UnconfirmedError, UnroutableError,
} from './transport/transport.js';
export type { TransportLogger } from './transport/transport-logger.js';
