import { randomUUID } from 'node:crypto';

import { cloudEventsContentType, DeploymentAbandoned, encode, type Message, messageOf, routingKeyOf, SbcOnboarded, stepOf, type Ticket } from '@trunkline/contracts';
import type { RunningService } from '@trunkline/hosting';
import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { type IntakeItem, jobMigrations, JobRunner, JobStore, stepJobs } from '@trunkline/steps';
import { eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOvocSync } from '../create-ovoc-sync.js';
import { KnownDevices } from '../ovoc/known-devices.js';
import { RestOvoc } from '../ovoc/ovoc.rest.js';
import { type Fault, OvocServer } from './ovoc-server.testing.js';
import { SiteStep } from './site.step.js';
import { SiteWork } from './site.work.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const settings = { deadlineMs: 60_000, maxAttempts: Infinity, lookAfterMs: 4_000, visibilityMs: 3_000 };
/** What OVOC takes to show a creation: less than it is given. */
const shownAfterMs = 1_500;
const newTicket = (customerGuid: string, shortName: string): Ticket => ({
  provider: 'default', customerGuid, siteGuid: randomUUID(), shortName, fullName: `${shortName} Ltd`, msTenantId: randomUUID(),
  ovocCustomerType: 'IPGROUP_TYPE', sbc: { id: 5, ovocSbcId: 405, fqdn: 'sbc5.example.net' },
});

describe('the undo of a site that could not be finished', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let transport: InProcessTransport;
  let server: OvocServer;
  let ovoc: RestOvoc;
  let store: JobStore;
  let runner: JobRunner | undefined;

  beforeEach(async () => {
    fresh = await freshDatabase();
    database = await Database.open({
      url: fresh.ovoc_sync, schema: 'ovoc_sync', applicationName: 'test', poolSize: 5, entities: [],
      migrations: [...messagingMigrations, ...jobMigrations],
    });
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    server = new OvocServer();
    ovoc = new RestOvoc({ baseUrl: await server.start(), user: 'u', password: 'p' });
    server.plant('devices', { id: 405, fqdn: 'sbc5.example.net' });
    store = new JobStore(database, new Outbox(database, transport, logger));
  });
  afterEach(async () => {
    await runner?.stop(AbortSignal.timeout(1_000));
    await ovoc.close();
    await server.stop();
    await transport.close();
    await database.close();
    await fresh.drop();
  });

  /** Runs the two kinds of jobs as the service does; `onFailure` comes when an attempt to create has failed, before that is stored. */
  function run(maxAttempts: number, onFailure: () => Promise<void>): void {
    const step = new SiteStep(ovoc, new KnownDevices(ovoc, new SystemClock()), { ovocTenantId: 1 });
    const real = new SiteWork(step, { ...settings, maxAttempts });
    const work: typeof real = Object.assign(Object.create(real) as SiteWork, {
      run: async (...args: Parameters<SiteWork['run']>) => real.run(...args).catch(async (error: unknown) => {
        await onFailure();
        throw error;
      }),
    });
    const handlers = stepJobs(stepOf('ovoc-sync'), { forward: 'create', undo: 'remove' }, work, new SystemClock());
    runner = new JobRunner(store, handlers, { holder: 'test', concurrency: 4, claimMs: 6_000, callMs: settings.lookAfterMs, random: () => 0.5 }, logger);
    runner.start();
  }

  const wishes = (): { readonly forward: IntakeItem; readonly undo: IntakeItem } => {
    const [customerGuid, deploymentId] = [randomUUID(), randomUUID()];
    const common = { body: JSON.stringify({ data: { ticket: newTicket(customerGuid, 'Late') } }), isRedrive: false, origins: [] };
    const job = { deploymentId, customerGuid, lane: '' };
    return {
      forward: { ...common, messageId: randomUUID(), job: { ...job, kind: 'create', isUndo: false, round: 1 } },
      undo: { ...common, messageId: randomUUID(), job: { ...job, kind: 'remove', isUndo: true, round: 2 }, closes: { customerGuid, round: 1 } },
    };
  };
  const stateOf = async ({ messageId }: IntakeItem): Promise<string | undefined> => (
    await database.run<{ state: string }>({ name: '', text: 'SELECT state FROM job WHERE message_id = $1', values: [messageId] }))[0]?.state;
  const left = () => (['lcCustomers', 'services'] as const).map((resource) => server.table(resource).length);

  it.each([
    ['that was answered, when the next one is refused for good', { method: 'POST', resource: 'services', kind: { status: 403, description: 'no' } }, Infinity, false],
    ['whose answer was lost in the last attempt', { method: 'POST', resource: 'lcCustomers', kind: 'lose' }, 1, false],
    ['whose answer was lost while it was cancelled', { method: 'POST', resource: 'lcCustomers', kind: 'lose' }, Infinity, true],
    ['that OVOC said had failed in the last attempt', { method: 'POST', resource: 'lcCustomers', kind: 'fail' }, 1, false],
    ['that OVOC said had failed while it was cancelled', { method: 'POST', resource: 'lcCustomers', kind: 'fail' }, Infinity, true],
    ['that was answered as if somebody else had the name', { method: 'POST', resource: 'lcCustomers', kind: 'taken' }, Infinity, false],
  ] as const)('also takes off what OVOC shows late of a creation %s', async (_name, fault, maxAttempts, isCancelled) => {
    const { forward, undo } = wishes();
    for (const resource of ['lcCustomers', 'services']) server.lateMs.set(resource, shownAfterMs);
    server.faults.push({ ...fault });
    run(maxAttempts, async () => { if (isCancelled) await store.accept(undo); });
    await store.accept(forward);
    await eventually('the creation to end', async () => ['done', 'dropped'].includes(await stateOf(forward) ?? ''));
    if (!isCancelled) await store.accept(undo);
    await eventually('the undo to be done', async () => await stateOf(undo) === 'done', 20_000);
    expect(left()).toEqual([0, 0]);
  });

  it.each([
    ['the LC customer', 'lcCustomers', 'services'],
    ['the service', 'services', 'sites'],
  ] as const)('makes nothing twice and fails nothing when OVOC shows %s late and delays the next creation', async (_what, late, next) => {
    const { forward } = wishes();
    server.lateMs.set(late, shownAfterMs);
    server.faults.push({ method: 'POST', resource: next, kind: { status: 503, description: 'not ready' } });
    run(Infinity, async () => undefined);
    await store.accept(forward);
    await eventually('the creation to end', async () => await stateOf(forward) === 'done', 20_000);
    const [row] = await database.run<{ outcome_type: string }>({ name: '', text: 'SELECT outcome_type FROM job WHERE message_id = $1', values: [forward.messageId] });
    expect([row?.outcome_type, left()]).toEqual(['trunkline.ovoc.site.created.v1', [1, 1]]);
  });

  it('makes nothing twice when OVOC says that a creation has failed which it shows late', async () => {
    const { forward } = wishes();
    server.lateMs.set('lcCustomers', shownAfterMs);
    server.faults.push({ method: 'POST', resource: 'lcCustomers', kind: 'fail' });
    run(Infinity, async () => undefined);
    await store.accept(forward);
    await eventually('the creation to end', async () => await stateOf(forward) === 'done', 20_000);
    expect(left()).toEqual([1, 1]);
  });

  it('does not wait where nothing was created', async () => {
    const { forward, undo } = wishes();
    server.faults.push({ method: 'POST', resource: 'lcCustomers', kind: { status: 403, description: 'no' } });
    run(Infinity, async () => undefined);
    await store.accept(forward);
    await eventually('the creation to fail', async () => await stateOf(forward) === 'done');
    const [row] = await database.run<{ is_quiet: boolean }>({
      name: '', text: 'SELECT coalesce(quiet_at <= now(), true) AS is_quiet FROM job WHERE message_id = $1', values: [forward.messageId],
    });
    await store.accept(undo);
    await eventually('the undo to be done', async () => await stateOf(undo) === 'done');
    expect(row).toEqual({ is_quiet: true });
  });
});

describe('a customer who is abandoned', () => {
  let fresh: FreshDatabase;
  let transport: InProcessTransport;
  let server: OvocServer;
  let service: RunningService;

  beforeEach(async () => {
    fresh = await freshDatabase();
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    server = new OvocServer();
    server.plant('devices', { id: 405, fqdn: 'sbc5.example.net' });
    service = await createOvocSync({
      transport, logger, instance: 'test',
      configuration: {
        DATABASE_URL: fresh.ovoc_sync, OVOC_BASE_URL: await server.start(), OVOC_USER: 'u', OVOC_PASSWORD: 'p', OVOC_TENANT_ID: 1,
        OVOC_RESPONSE_TIMEOUT_MS: 1_000, OVOC_VISIBILITY_MS: 0, STEP_DEADLINE_MS: 60_000, STEP_MAX_ATTEMPTS: 0,
      },
    });
  });
  afterEach(async () => {
    await service.stop(AbortSignal.timeout(1_000));
    await server.stop();
    await transport.close();
    await fresh.drop();
  });

  const rowsOf = async <Row extends object>(sql: string, value: string): Promise<Row[]> => (
    withClient(fresh.superuserUrl, async (client) => (await client.query<Row>(sql, [value])).rows));
  const statesOf = async (customerGuid: string): Promise<string[]> => (
    await rowsOf<{ state: string }>('SELECT state FROM ovoc_sync.job WHERE customer_guid = $1 ORDER BY id', customerGuid)).map(({ state }) => state);
  const tell = async (message: Message): Promise<void> => {
    await transport.publish({
      exchange: 'events', routingKey: routingKeyOf(message.type), messageId: message.id, contentType: cloudEventsContentType, body: encode(message),
      mandatory: false,
    });
  };

  it('is put into OVOC neither by what is still tried nor by what comes late', async () => {
    const ticket = newTicket(randomUUID(), 'ByHand');
    const { customerGuid, provider, shortName, siteGuid } = ticket;
    const envelope = { source: 'test', subject: randomUUID(), time: new Date().toISOString(), round: 1, sequence: 0 };
    const onboarded = () => messageOf(SbcOnboarded, { ...envelope, id: randomUUID(), step: SbcOnboarded.step, data: { ticket, progress: [] } });
    const fault: Fault = { method: 'GET', resource: 'services', kind: { status: 503, description: 'not now' } };
    server.faults.push(...Array.from({ length: 1_000 }, () => fault));
    await tell(onboarded());
    await eventually('an attempt to be made', () => server.calls.length > 0);
    await tell(messageOf(DeploymentAbandoned, {
      ...envelope, id: randomUUID(), step: DeploymentAbandoned.step,
      data: { ticket: { provider, customerGuid, siteGuid, shortName }, progress: [], reason: 'done by hand', caller: 'operator', closesRound: 1 },
    }));
    await eventually('what is still tried to be dropped', async () => (await statesOf(customerGuid)).join() === 'dropped');
    server.faults.length = 0;
    const late = onboarded();
    await tell(late);
    const isTakenIn = async () => (await rowsOf('SELECT 1 FROM ovoc_sync.inbox WHERE message_id = $1', late.id)).length === 1;
    await eventually('the late message to be taken in', isTakenIn);
    expect(await statesOf(customerGuid)).toEqual(['dropped']);
    expect(server.writes()).toEqual([]);
  });
});
