import { deadLetterHousekeeping, DeadLetters } from '@trunkline/dead-letters';
import { type RunningService, startWorker, transportReasons } from '@trunkline/hosting';
import { accessOf, deviceFactsOf, loadInventory } from '@trunkline/inventory';
import { Outbox, type Transport } from '@trunkline/messaging';
import { Database, sessionsOf } from '@trunkline/persistence';
import { type Environment, type Logger, productVersion, SystemClock } from '@trunkline/runtime';
import { Secrets } from '@trunkline/secrets';
import { Housekeeping, JobStore } from '@trunkline/steps';

import { DeviceCommits } from './commits/device-commits.js';
import { SbcDevicesRest } from './device/sbc-devices.rest.js';
import { LeaseStore } from './lease/lease-store.js';
import { Liveness } from './lease/liveness.js';
import { sbcAgentMigrations } from './persistence/sbc-agent-migrations.js';
import type { SbcAgentConfiguration } from './sbc-agent.config.js';
import { ScalingController } from './scaling/scaling.controller.js';
import { ScalingNumber } from './scaling/scaling-number.js';
import { DeviceDispatcher } from './session/device-dispatcher.js';
import { OnboardingHandlers } from './site/onboarding.handlers.js';
import { UndoNotes } from './site/undo-notes.js';
import { settledNotesHousekeeping } from './sweep/settled-notes.js';
import { SweepDebts } from './sweep/sweep-debts.js';

export interface SbcAgentParts {
  readonly configuration: Omit<SbcAgentConfiguration, 'AMQP_URL' | 'AMQP_NAME_PREFIX' | 'DRAIN_MS' | 'HEALTH_PORT' | 'LOG_LEVEL'>;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly instance: string;
  /** Where the inventory's `passwordEnv` names are looked up. */
  readonly environment: Environment;
}

class SbcAgentModule {}

const schema = 'sbc_agent';
const leaseMs = 15_000;
/** Most sites that share one save and one reading back. */
const batchSize = 16;

/** Starts an sbc-agent: own schema, device access from the inventory, leases, sessions. Any number may run at once. */
export async function createSbcAgent({ configuration, environment, instance, logger, transport }: SbcAgentParts): Promise<RunningService> {
  const { inventory } = await loadInventory(configuration.INVENTORY_FILE);
  const access = accessOf(inventory, environment);
  const secrets = new Secrets(configuration.SECRETS_KEY);
  const database = await Database.open({
    url: configuration.DATABASE_URL, schema, applicationName: instance, entities: [],
    poolSize: sessionsOf['sbc-agent'].pool, sessionsBeside: sessionsOf['sbc-agent'].beside,
    migrations: sbcAgentMigrations,
    onSessionError: (err) => { logger.warn({ err }, 'database session lost'); },
  });
  const clock = new SystemClock();
  const outbox = new Outbox(database, transport, logger);
  const notes = new UndoNotes(database, secrets);
  const jobs = new JobStore(database, outbox, notes.withJobs);
  const liveness = new Liveness(clock, { holder: instance, databaseUrl: configuration.DATABASE_URL }, logger);
  const leases = new LeaseStore(database, liveness, clock, { holder: instance, leaseMs });
  const commits = new DeviceCommits({ database, leases, jobs, notes, logger, batchSize });
  const debts = new SweepDebts(database);
  const devices = new SbcDevicesRest({ access, version: productVersion(), responseTimeoutMs: configuration.SBC_RESPONSE_TIMEOUT_MS });
  const dispatcher = new DeviceDispatcher({
    jobs, commits, leases, liveness, debts, notes, database, secrets, clock, logger, factsOf: deviceFactsOf(inventory),
    settings: {
      responseTimeoutMs: configuration.SBC_RESPONSE_TIMEOUT_MS, deadlineMs: configuration.STEP_DEADLINE_MS,
      maxAttempts: configuration.STEP_MAX_ATTEMPTS || Infinity, batchSize,
    },
  }, devices, { concurrency: configuration.AGENT_DEVICES, leaseMs });
  const devicesPerAgent = Math.min(configuration.SCALING_DEVICES_PER_AGENT, configuration.AGENT_DEVICES);
  const housekeeping = new Housekeeping(database, logger, [...deadLetterHousekeeping, settledNotesHousekeeping]);
  outbox.start();
  housekeeping.start();
  dispatcher.start();
  const stopReading = await startWorker({
    transport, logger, queue: 'sbc-agent', queryQueues: ['sbc-agent.queries'],
    deadLetters: new DeadLetters({ database, outbox, transport, service: 'sbc-agent', clock, logger }),
    module: {
      module: SbcAgentModule, controllers: [OnboardingHandlers, ScalingController],
      providers: [{ provide: JobStore, useValue: jobs }, { provide: ScalingNumber, useValue: new ScalingNumber(database, devicesPerAgent) }],
    },
  });
  return {
    name: 'sbc-agent',
    reasons: () => [...transportReasons(transport), ...database.reasons()],
    busyDevices: () => dispatcher.busyDevices(),
    stop: async (cutOff) => {
      await Promise.all([stopReading(), dispatcher.stop(cutOff)]);
      await outbox.stop();
      await housekeeping.stop();
      await database.close();
    },
  };
}
