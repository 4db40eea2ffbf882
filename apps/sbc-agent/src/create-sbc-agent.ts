import { DatabaseService, type RunningService, type ServiceParts } from '@trunkline/hosting';
import { accessOf, deviceFactsOf, loadInventory } from '@trunkline/inventory';
import { type Environment, productVersion } from '@trunkline/runtime';
import { Secrets } from '@trunkline/secrets';
import { JobStore } from '@trunkline/steps';

import { DeviceCommits } from './commits/device-commits.js';
import { SbcDevicesRest } from './device/sbc-devices.rest.js';
import { LeaseStore } from './lease/lease-store.js';
import { Liveness } from './lease/liveness.js';
import { sbcAgentMigrations } from './persistence/sbc-agent-migrations.js';
import { type SbcAgentConfiguration, sbcAgentSecrets, sbcAgentSettings } from './sbc-agent.config.js';
import { ScalingController } from './scaling/scaling.controller.js';
import { ScalingNumber } from './scaling/scaling-number.js';
import { DeviceDispatcher } from './session/device-dispatcher.js';
import { SiteHandlers } from './site/site.handlers.js';
import { UndoNotes } from './site/undo-notes.js';
import { settledNotesHousekeeping } from './sweep/settled-notes.js';
import { SweepDebts } from './sweep/sweep-debts.js';

export interface SbcAgentParts extends ServiceParts<SbcAgentConfiguration> {
  /** Where the inventory's `passwordEnv` names are looked up. */
  readonly environment: Environment;
}

const leaseMs = 15_000;
/** Most sites that share one save and one reading back. */
const batchSize = 16;

/** Starts an sbc-agent: own schema, device access from the inventory, leases, sessions. Any number may run at once. */
export async function createSbcAgent({ configuration, environment, ...parts }: SbcAgentParts): Promise<RunningService> {
  const { instance, logger } = parts;
  const { inventory } = await loadInventory(configuration.INVENTORY_FILE);
  const access = accessOf(inventory, environment);
  const secrets = new Secrets(configuration.SECRETS_KEY);
  const service = await DatabaseService.open({
    name: 'sbc-agent', databaseUrl: configuration.DATABASE_URL, migrations: sbcAgentMigrations, housekeeping: [settledNotesHousekeeping],
  }, parts);
  const { clock, database, outbox } = service;
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
  return service.serve({
    controllers: [SiteHandlers, ScalingController],
    providers: [{ provide: JobStore, useValue: jobs }, { provide: ScalingNumber, useValue: new ScalingNumber(database, devicesPerAgent) }],
    busyDevices: () => dispatcher.busyDevices(),
    start: () => { dispatcher.start(); },
    stop: async (stopReading, cutOff) => { await Promise.all([stopReading(), dispatcher.stop(cutOff)]); },
  });
}

export const sbcAgent = { name: 'sbc-agent', settings: sbcAgentSettings, secrets: sbcAgentSecrets, create: createSbcAgent } as const;
