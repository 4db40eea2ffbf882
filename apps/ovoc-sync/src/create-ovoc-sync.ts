import { deadLetterHousekeeping, DeadLetters, DeadLetterTables1764000005000 } from '@trunkline/dead-letters';
import { type RunningService, startWorker, transportReasons } from '@trunkline/hosting';
import { messagingMigrations, Outbox, type Transport } from '@trunkline/messaging';
import { Database, sessionsOf } from '@trunkline/persistence';
import { type Logger, SystemClock } from '@trunkline/runtime';
import { Housekeeping, type JobHandler, jobMigrations, JobRunner, JobStore } from '@trunkline/steps';

import type { OvocSyncConfiguration } from './ovoc-sync.config.js';
import { KnownDevices } from './ovoc/known-devices.js';
import { RestOvoc } from './ovoc/ovoc.rest.js';
import { ReferenceCheck } from './site/reference-check.js';
import { ReferencesController } from './site/references.controller.js';
import { siteCleanupKind, SiteHandlers, siteKind } from './site/site.handlers.js';
import { CreateSite, RemoveSite } from './site/site.jobs.js';
import { SiteStep } from './site/site.step.js';

export interface OvocSyncParts {
  readonly configuration: Omit<OvocSyncConfiguration, 'AMQP_URL' | 'AMQP_NAME_PREFIX' | 'DRAIN_MS' | 'HEALTH_PORT' | 'LOG_LEVEL'>;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly instance: string;
}

/** Nest's own way to tell a module apart from others of its process. */
class OvocSyncModule {}

const concurrency = 64;

/** Starts ovoc-sync: own schema, jobs, OVOC. */
export async function createOvocSync({ configuration, instance, logger, transport }: OvocSyncParts): Promise<RunningService> {
  const database = await Database.open({
    url: configuration.DATABASE_URL, schema: 'ovoc_sync', applicationName: instance, poolSize: sessionsOf['ovoc-sync'].pool, entities: [],
    migrations: [...messagingMigrations, ...jobMigrations, DeadLetterTables1764000005000],
    onSessionError: (err) => { logger.warn({ err }, 'database session lost'); },
  });
  const clock = new SystemClock();
  const outbox = new Outbox(database, transport, logger);
  const jobs = new JobStore(database, outbox);
  const ovoc = new RestOvoc({
    baseUrl: configuration.OVOC_BASE_URL, user: configuration.OVOC_USER, password: configuration.OVOC_PASSWORD,
    responseTimeoutMs: configuration.OVOC_RESPONSE_TIMEOUT_MS,
  });
  const step = new SiteStep(ovoc, new KnownDevices(ovoc, clock), { ovocTenantId: configuration.OVOC_TENANT_ID });
  // A call may still take effect this long after the process that made it is gone.
  const lookAfterMs = configuration.OVOC_RESPONSE_TIMEOUT_MS + configuration.OVOC_VISIBILITY_MS;
  const settings = {
    deadlineMs: configuration.STEP_DEADLINE_MS, maxAttempts: configuration.STEP_MAX_ATTEMPTS || Infinity, lookAfterMs,
    visibilityMs: configuration.OVOC_VISIBILITY_MS,
  };
  const runner = new JobRunner(
    jobs, new Map<string, JobHandler>([[siteKind, new CreateSite(step, settings, clock)], [siteCleanupKind, new RemoveSite(step, settings, clock)]]),
    { holder: instance, concurrency, claimMs: Math.ceil(lookAfterMs * 1.25) + 1_000, callMs: lookAfterMs, random: Math.random }, logger,
  );
  const housekeeping = new Housekeeping(database, logger, deadLetterHousekeeping);
  outbox.start();
  housekeeping.start();
  runner.start();
  const stopReading = await startWorker({
    transport, logger, queue: 'ovoc-sync', queryQueues: ['ovoc-sync.queries'],
    deadLetters: new DeadLetters({ database, outbox, transport, service: 'ovoc-sync', clock, logger }),
    module: {
      module: OvocSyncModule,
      controllers: [SiteHandlers, ReferencesController],
      providers: [{ provide: JobStore, useValue: jobs }, { provide: ReferenceCheck, useValue: new ReferenceCheck(ovoc) }],
    },
  });
  return {
    name: 'ovoc-sync',
    reasons: () => [...transportReasons(transport), ...database.reasons()],
    stop: async (cutOff) => {
      await stopReading();
      await runner.stop(cutOff);
      await outbox.stop();
      await housekeeping.stop();
      await ovoc.close();
      await database.close();
    },
  };
}
