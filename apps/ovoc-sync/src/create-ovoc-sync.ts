import { stepOf } from '@trunkline/contracts';
import { DatabaseService, type RunningService, type ServiceParts } from '@trunkline/hosting';
import { JobRunner, JobStore, stepHandlers, stepJobs } from '@trunkline/steps';

import { type OvocSyncConfiguration, ovocSyncSecrets, ovocSyncSettings } from './ovoc-sync.config.js';
import { KnownDevices } from './ovoc/known-devices.js';
import { RestOvoc } from './ovoc/ovoc.rest.js';
import { ReferenceCheck } from './site/reference-check.js';
import { ReferencesController } from './site/references.controller.js';
import { SiteStep } from './site/site.step.js';
import { SiteWork } from './site/site.work.js';

const step = stepOf('ovoc-sync');
const kinds = { forward: 'ovoc-site', undo: 'ovoc-site-cleanup' };
const concurrency = 64;

/** Starts ovoc-sync: own schema, jobs, OVOC. */
export async function createOvocSync({ configuration, ...parts }: ServiceParts<OvocSyncConfiguration>): Promise<RunningService> {
  const service = await DatabaseService.open({ name: 'ovoc-sync', databaseUrl: configuration.DATABASE_URL }, parts);
  const { clock, database, outbox } = service;
  const jobs = new JobStore(database, outbox);
  const ovoc = new RestOvoc({
    baseUrl: configuration.OVOC_BASE_URL, user: configuration.OVOC_USER, password: configuration.OVOC_PASSWORD,
    responseTimeoutMs: configuration.OVOC_RESPONSE_TIMEOUT_MS,
  });
  // A call may still take effect this long after the process that made it is gone.
  const lookAfterMs = configuration.OVOC_RESPONSE_TIMEOUT_MS + configuration.OVOC_VISIBILITY_MS;
  const work = new SiteWork(new SiteStep(ovoc, new KnownDevices(ovoc, clock), { ovocTenantId: configuration.OVOC_TENANT_ID }), {
    deadlineMs: configuration.STEP_DEADLINE_MS, maxAttempts: configuration.STEP_MAX_ATTEMPTS || Infinity, lookAfterMs,
    visibilityMs: configuration.OVOC_VISIBILITY_MS,
  });
  const runner = new JobRunner(
    jobs, stepJobs(step, kinds, work, clock),
    { holder: parts.instance, concurrency, claimMs: Math.ceil(lookAfterMs * 1.25) + 1_000, callMs: lookAfterMs, random: Math.random }, parts.logger,
  );
  return service.serve({
    controllers: [stepHandlers(step, kinds), ReferencesController],
    providers: [{ provide: JobStore, useValue: jobs }, { provide: ReferenceCheck, useValue: new ReferenceCheck(ovoc) }],
    start: () => { runner.start(); },
    stop: async (stopReading, cutOff) => {
      await stopReading();
      await runner.stop(cutOff);
    },
    close: () => ovoc.close(),
  });
}

export const ovocSync = { name: 'ovoc-sync', settings: ovocSyncSettings, secrets: ovocSyncSecrets, create: createOvocSync } as const;
