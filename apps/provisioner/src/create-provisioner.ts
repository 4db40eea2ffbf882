import { commonMigrations, DatabaseService, type RunningService, type ServiceParts } from '@trunkline/hosting';
import { catalogueOf, deviceFactsOf, loadInventory } from '@trunkline/inventory';
import { QueryClient } from '@trunkline/messaging';
import { widestLimits } from '@trunkline/scripts';
import { Secrets } from '@trunkline/secrets';
import { type JobHandler, JobRunner, JobStore } from '@trunkline/steps';

import { CatalogueRepository } from './catalogue/catalogue.repository.js';
import { CatalogueRevision1764000013000 } from './catalogue/catalogue-revision.migration.js';
import { SbcEntity } from './catalogue/sbc.entity.js';
import { CustomerVariableEntity, ScriptTemplateEntity } from './catalogue/script-template.entity.js';
import { ValidateRequest } from './checks/validate-request.js';
import { checkStored } from './checks/validation.decide.js';
import { CustomerCreateRequestedHandler } from './intake/customer-create-requested.handler.js';
import { CustomerDeleteRequestedHandler } from './intake/customer-delete-requested.handler.js';
import { StepReportsHandler } from './intake/step-reports.handler.js';
import { DeploymentLedger } from './ledger/deployment-ledger.js';
import { validationKind } from './ledger/ledger-writes.js';
import { Overdue } from './ledger/overdue.js';
import { ProvisionerTables1764000002000 } from './ledger/provisioner-tables.migration.js';
import { openMicrosoftTenants } from './microsoft/open-microsoft-tenants.js';
import { forwardWorkMs } from './process/overdue.decide.js';
import { type ProvisionerConfiguration, provisionerSecrets, provisionerSettings } from './provisioner.config.js';
import { DeploymentReads } from './queries/deployment-reads.repository.js';
import { OwnStanding } from './queries/own-standing.js';
import { QueriesController } from './queries/queries.controller.js';

const concurrency = 64;
/** Short, because a check done twice does no harm: only the first answer counts. */
const validationClaimMs = 5_000;

/** Starts the provisioner: own schema, catalogue from the inventory, the ledger of all deployments. */
export async function createProvisioner({ configuration, ...parts }: ServiceParts<ProvisionerConfiguration>): Promise<RunningService> {
  const { instance, logger, transport } = parts;
  const { inventory, warnings } = await loadInventory(configuration.INVENTORY_FILE);
  for (const warning of warnings) logger.warn({ path: warning.path, reason: warning.message }, 'inventory warning');
  const secrets = new Secrets(configuration.SECRETS_KEY);
  const service = await DatabaseService.open({
    name: 'provisioner', databaseUrl: configuration.DATABASE_URL, entities: [SbcEntity, ScriptTemplateEntity, CustomerVariableEntity],
    migrations: [...commonMigrations, ProvisionerTables1764000002000, CatalogueRevision1764000013000],
  }, parts);
  const { clock, database, outbox } = service;
  const catalogue = new CatalogueRepository(database);
  await catalogue.addMissing(catalogueOf(inventory));
  const factsOf = deviceFactsOf(inventory);
  // They may have been stored before they were checked, or changed since. Nothing else waits for them.
  for (const { id, name, problems } of checkStored(await catalogue.listScripts(), widestLimits(inventory.sbcs.map(({ limits }) => limits)))) {
    logger.warn({ scriptId: id, scriptName: name, problems }, 'a stored script can\'t be used: requests that name it are refused');
  }
  const jobs = new JobStore(database, outbox);
  const ledger = new DeploymentLedger(database, outbox, clock, {
    onFailure: configuration.ON_FAILURE, redriveAfterMs: configuration.REDRIVE_AFTER_MS, cleanupRetryAfterMs: configuration.CLEANUP_RETRY_MS,
    stepsMs: forwardWorkMs({ stepDeadlineMs: configuration.STEP_DEADLINE_MS, sbcResponseTimeoutMs: configuration.SBC_RESPONSE_TIMEOUT_MS }),
    startByMs: configuration.START_BY_MS, onCatalogueRevision: (revision) => { catalogue.isAt(revision); },
  }, logger);
  const reads = new DeploymentReads(database);
  const microsoft = openMicrosoftTenants({ baseUrl: configuration.MICROSOFT_BASE_URL, cloud: configuration.MICROSOFT_CLOUD });
  const validation = new ValidateRequest({
    ledger, catalogue, tenants: microsoft.tenants, queries: new QueryClient(transport), secrets, clock,
    isNameTaken: (name) => reads.isNameTaken(name), sbcIdSource: configuration.SBC_ID_SOURCE, startByMs: configuration.START_BY_MS,
    limitsOf: (sbcId) => factsOf(sbcId).limits,
  });
  const runner = new JobRunner(jobs, new Map<string, JobHandler>([[validationKind, validation]]), {
    holder: instance, concurrency, claimMs: validationClaimMs, callMs: 0, random: Math.random, afterClaim: () => catalogue.look(),
  }, logger);
  const overdue = new Overdue(database, ledger, logger);
  const running = await service.serve({
    queryQueues: ['provisioner.standing'],
    controllers: [CustomerCreateRequestedHandler, CustomerDeleteRequestedHandler, StepReportsHandler, QueriesController],
    providers: [
      { provide: DeploymentLedger, useValue: ledger }, { provide: DeploymentReads, useValue: reads }, { provide: CatalogueRepository, useValue: catalogue },
      { provide: OwnStanding, useValue: new OwnStanding(instance, database) }, { provide: Secrets, useValue: secrets },
    ],
    start: () => {
      runner.start();
      ledger.onWork(() => { runner.wake(); });
      ledger.claimFor(runner);
    },
    stop: async (stopReading, cutOff) => {
      await stopReading();
      await overdue.stop();
      await runner.stop(cutOff);
      await ledger.idle();
    },
    close: () => microsoft.close(),
  });
  overdue.start();
  return running;
}

export const provisioner = { name: 'provisioner', settings: provisionerSettings, secrets: provisionerSecrets, create: createProvisioner } as const;
