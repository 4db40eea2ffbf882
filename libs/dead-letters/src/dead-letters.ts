import type { ServiceName } from '@trunkline/contracts';
import type { Outbox, Transport } from '@trunkline/messaging';
import type { Database } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';

import { DeadLetterReader } from './dead-letter-reader.js';
import { DeadLetterStore } from './dead-letter-store.js';
import { FailedHandling } from './failed-handling.js';

export interface DeadLettersParts {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly transport: Transport;
  /** Also the name of its queue. */
  readonly service: ServiceName;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** All that a service does with messages it can't take in. */
export class DeadLetters {
  readonly store: DeadLetterStore;
  readonly failures: FailedHandling;
  readonly reader: DeadLetterReader;

  constructor({ clock, database, logger, outbox, service, transport }: DeadLettersParts) {
    this.store = new DeadLetterStore(database, outbox, service);
    this.failures = new FailedHandling(database, outbox, service, clock);
    this.reader = new DeadLetterReader(database, transport, service, logger);
  }
}
