import type { DynamicModule } from '@nestjs/common';
import { queriesOf, serviceNamed, type ServiceName } from '@trunkline/contracts';
import { deadLetterHousekeeping, DeadLetters, DeadLetterTables1764000005000 } from '@trunkline/dead-letters';
import { messagingMigrations, Outbox, type Transport } from '@trunkline/messaging';
import { Database, type DatabaseOptions } from '@trunkline/persistence';
import { type Clock, type Logger, SystemClock } from '@trunkline/runtime';
import { Housekeeping, jobMigrations } from '@trunkline/steps';

import type { BaseConfiguration } from './run-main.js';
import { type RunningService, transportReasons } from './running-service.js';
import { startWorker } from './worker.js';

/** What a service is started with, in a process of its own or beside others. */
export interface ServiceParts<Configuration> {
  readonly configuration: Omit<Configuration, keyof BaseConfiguration>;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly instance: string;
}

/** Tables that every service with a database has. */
export const commonMigrations: DatabaseOptions['migrations'] = [...messagingMigrations, ...jobMigrations, DeadLetterTables1764000005000];

interface OpenOptions extends Partial<Pick<DatabaseOptions, 'entities' | 'migrations'>> {
  readonly name: ServiceName;
  readonly databaseUrl: string;
  /** Further statements of the housekeeping. */
  readonly housekeeping?: ConstructorParameters<typeof Housekeeping>[2];
}

/** What is a service's own. */
interface ServiceWork extends Pick<DynamicModule, 'controllers' | 'providers'>, Pick<RunningService, 'busyDevices'> {
  /** Beside the queue of its own questions. */
  readonly queryQueues?: readonly string[];
  /** Starts what works by itself; messages come after it. */
  readonly start: () => void;
  /** Ends the work. `stopReading` takes no more messages and waits for the handlers that run. */
  readonly stop: (stopReading: () => Promise<void>, cutOff: AbortSignal) => Promise<void>;
  /** Lets go of the peers, once nothing speaks with them. */
  readonly close?: () => Promise<void>;
}

/** A service with a database and a queue: what they all have, in the one order in which it starts and stops. */
export class DatabaseService {
  readonly clock: Clock = new SystemClock();
  readonly outbox: Outbox;
  private readonly housekeeping: Housekeeping;

  private constructor(
    private readonly name: ServiceName, readonly database: Database, private readonly transport: Transport, private readonly logger: Logger,
    housekeeping: OpenOptions['housekeeping'] = [],
  ) {
    this.outbox = new Outbox(database, transport, logger);
    this.housekeeping = new Housekeeping(database, logger, [...deadLetterHousekeeping, ...housekeeping]);
  }

  /** Opens its database and brings its schema up to date. */
  static async open(
    { databaseUrl, entities = [], housekeeping, migrations = commonMigrations, name }: OpenOptions, { instance, logger, transport }: Omit<ServiceParts<unknown>, 'configuration'>,
  ): Promise<DatabaseService> {
    const { schema, sessions } = serviceNamed(name);
    const database = await Database.open({
      url: databaseUrl, schema, applicationName: instance, poolSize: sessions.pool, sessionsBeside: sessions.beside, entities, migrations,
      onSessionError: (err) => { logger.warn({ err }, 'database session lost'); },
    });
    return new DatabaseService(name, database, transport, logger, housekeeping);
  }

  /** Starts the work, then takes messages in. */
  async serve({ busyDevices, close, controllers = [], providers = [], queryQueues = [], start, stop }: ServiceWork): Promise<RunningService> {
    const { clock, database, housekeeping, logger, name, outbox, transport } = this;
    outbox.start();
    housekeeping.start();
    start();
    const stopReading = await startWorker({
      transport, logger, queue: name, queryQueues: [queriesOf(name), ...queryQueues],
      deadLetters: new DeadLetters({ database, outbox, transport, service: name, clock, logger }),
      // A class of its own is Nest's way to tell the modules of one process apart.
      module: { module: class ServiceModule {}, controllers, providers },
    });
    return {
      name,
      reasons: () => [...transportReasons(transport), ...database.reasons()],
      ...busyDevices && { busyDevices },
      stop: async (cutOff) => {
        await stop(stopReading, cutOff);
        await outbox.stop();
        await housekeeping.stop();
        await close?.();
        await database.close();
      },
    };
  }
}
