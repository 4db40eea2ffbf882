import { MessagingTables1764000000000 } from './messaging-tables.migration.js';
import { OutboxTimesReturned1764000000001 } from './outbox-times-returned.migration.js';

/** All that makes inbox and outbox in a service's schema. */
export const messagingMigrations = [MessagingTables1764000000000, OutboxTimesReturned1764000000001] as const;
