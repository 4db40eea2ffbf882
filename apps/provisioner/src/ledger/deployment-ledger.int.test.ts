import { randomUUID } from 'node:crypto';

import {
  CustomerCreated, CustomerCreateRequested, CustomerDeleteRequested, customerGuidOf, deleteDeploymentId, DeploymentCompleted, type DeploymentEventMessage,
  encode, eventIdOf, fold, messageOf, OvocCleaned, OvocSiteCreated, SbcCleaned, SbcCleanupFailed, SbcOnboarded, SbcOnboardingFailed, siteGuidOf, type Ticket,
} from '@trunkline/contracts';
import { InProcessBroker, InProcessTransport, messagingMigrations, Outbox, topology } from '@trunkline/messaging';
import { Database } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { jobMigrations } from '@trunkline/steps';
import { eventually, type FreshDatabase, freshDatabase, withClient } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CatalogueRevision1764000013000 } from '../catalogue/catalogue-revision.migration.js';
import type { LedgerItem, Validation } from '../process/ledger-item.js';
import { Overdue } from './overdue.js';
import { DeploymentLedger } from './deployment-ledger.js';
import { ProvisionerTables1764000002000 } from './provisioner-tables.migration.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const sbcId = 3;
const hourMs = 3_600_000;
const startBy = new Date(Date.now() + hourMs).toISOString();
const script = { onboarding: { id: 7, version: 1, text: 'x' }, cleanup: { id: 700, version: 1, text: 'y' }, values: {} };
const unavailable: Validation = { kind: 'rejected', status: 503, errorCode: 'MS_TENANT_CHECK_UNAVAILABLE', errors: [] };
type ReportClass =
  | typeof SbcOnboarded | typeof SbcOnboardingFailed | typeof OvocSiteCreated | typeof OvocCleaned | typeof SbcCleaned | typeof SbcCleanupFailed;

/** One create as the ledger is told of it. */
class Create {
  readonly id = randomUUID();
  readonly customerGuid = customerGuidOf(this.id);
  readonly ticket: Ticket;

  constructor(shortName = `N${randomUUID().slice(0, 8)}`) {
    this.ticket = {
      provider: 'default', customerGuid: this.customerGuid, siteGuid: siteGuidOf(this.id), shortName, fullName: 'Northwind', ovocCustomerType: 'IPGROUP_TYPE',
      msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', sbc: { id: sbcId, ovocSbcId: 403, fqdn: 'sbc3.example.net' },
    };
  }

  request({ id = `${randomUUID()}`, source = 'test', fingerprint = 'a'.repeat(64), shortName = this.ticket.shortName } = {}) {
    const message = messageOf(CustomerCreateRequested, {
      id, source, subject: this.id, time: startBy,
      data: { request: { shortName } as never, caller: 'default', provider: 'default', fingerprint }, // the ledger reads no more of it
    });
    return { kind: 'create-requested', message, body: '{}' } as const;
  }

  deleted() {
    const message = messageOf(CustomerDeleteRequested, {
      id: randomUUID(), source: 'test', subject: deleteDeploymentId(this.customerGuid), time: startBy,
      data: { customerGuid: this.customerGuid, caller: 'default', provider: 'default' },
    });
    return { kind: 'delete-requested', message } as const;
  }

  cancelled() {
    return { kind: 'action', customerGuid: this.customerGuid, deploymentId: this.id, action: 'cancel', caller: 'operator', reason: undefined } as const;
  }

  validated(validation: Validation = this.passed(), round = 1) {
    return { kind: 'validated', customerGuid: this.customerGuid, round, validation } as const;
  }

  reported(reportClass: ReportClass, round: number) {
    const event = messageOf<ReportClass>(reportClass, {
      id: eventIdOf(this.id, round, reportClass.type, 1), source: 'test', subject: this.id, time: startBy, round, sequence: 1, step: reportClass.step,
      data: { ticket: this.ticket, progress: [], code: 'X', reason: 'SBC unreachable', ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } },
    }) as DeploymentEventMessage;
    return { kind: 'reported', event, body: encode(event).toString('utf8') } as const;
  }

  private passed(): Validation {
    return { kind: 'passed', customer: { ticket: this.ticket, progress: [], startBy, configurationType: 'SipTrunk', script } };
  }
}

/** At most three: each has its GUID in a part of its own. */
function withAscendingGuids(names: readonly string[]): Create[] {
  return names.map((name, index) => {
    let create = new Create(name);
    while (Math.floor(Number(`0x${create.customerGuid[0]!}`) / 5) !== index) create = new Create(name);
    return create;
  });
}

describe('the ledger of deployments', () => {
  let fresh: FreshDatabase;
  let transport: InProcessTransport;
  const databases: Database[] = [];
  const ledgers: DeploymentLedger[] = [];
  const asked: { type: string; subject: string; isRedrive: boolean }[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
    transport = new InProcessTransport(new InProcessBroker(topology));
    await transport.start();
    await transport.consume('sbc-agent', { prefetch: 100 }, (delivery) => {
      const { subject, type } = JSON.parse(delivery.message.body.toString()) as { subject: string; type: string };
      asked.push({ subject, type, isRedrive: delivery.message.headers['x-trunkline-redrive'] === true });
      delivery.ack();
    });
    // Two provisioners on one database.
    for (const applicationName of ['one', 'other']) {
      const database = await Database.open({
        url: fresh.provisioner, schema: 'provisioner', applicationName, poolSize: 5, entities: [],
        migrations: [...messagingMigrations, ...jobMigrations, ProvisionerTables1764000002000, CatalogueRevision1764000013000],
      });
      databases.push(database);
      const options = { onFailure: 'undo', redriveAfterMs: hourMs, cleanupRetryAfterMs: hourMs, stepsMs: hourMs, startByMs: hourMs, onCatalogueRevision: () => undefined } as const;
      ledgers.push(new DeploymentLedger(database, new Outbox(database, transport, logger), new SystemClock(), options, logger));
    }
    await run(
      `INSERT INTO sbc (id, ovoc_sbc_id, name, fqdn, region, configuration_types, carriers, proxy_sets, cac_profiles)
       VALUES ($1, 403, 'sbc3', 'sbc3.example.net', 'x', '{}', '{}', '{}', '{}')`, [sbcId],
    );
  });
  afterAll(async () => {
    await transport.close();
    await Promise.all(databases.map((database) => database.close()));
    await fresh.drop();
  });

  const run = <Row extends Record<string, unknown>>(text: string, values: unknown[]) => databases[0]!.run<Row>({ name: '', text, values });
  const logOf = async ({ id }: Create): Promise<DeploymentEventMessage[]> =>
    (await run<{ body: string }>('SELECT body FROM deployment_event WHERE deployment_id = $1', [id])).map(({ body }) => JSON.parse(body) as DeploymentEventMessage);
  const stateOf = async (create: Create) => fold(await logOf(create))?.state;
  const begun = async (create: Create): Promise<Create> => {
    for (const item of [create.request(), create.validated()]) await ledgers[0]!.tell(item);
    return create;
  };
  /** Told at the same moment, in this order: one transaction decides on all of them. */
  const atOnce = async (items: readonly LedgerItem[]) => Promise.all(items.map(async (item) => ledgers[0]!.tell(item)));
  /** Sets one after the other going while a transaction of somebody else's has done what makes each of them wait. */
  const behind = async (obstacle: string, works: readonly (() => Promise<unknown>)[]): Promise<void> => {
    const going: Promise<unknown>[] = [];
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(obstacle);
      for (const work of works) {
        going.push(work());
        await eventually(`${going.length} to wait`, async () => {
          // Within a transaction the list of sessions stays as it was first read.
          await client.query('SELECT pg_stat_clear_snapshot()');
          const { rowCount } = await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = \'Lock\'');
          return rowCount === going.length;
        });
      }
      await client.query('COMMIT');
    });
    await Promise.all(going);
  };
  const rowsOf = async ({ customerGuid }: Create) => ({
    customers: await run('SELECT closed_at IS NOT NULL AS is_closed FROM customer WHERE guid = $1', [customerGuid]),
    sites: (await run('SELECT 1 FROM site_location WHERE customer_guid = $1', [customerGuid])).length,
  });

  it('decides on reports that two provisioners hear at the same moment one after the other', async () => {
    const create = await begun(new Create());
    // Lets the log be read and not be written: the first has decided and can't commit.
    await behind(
      'LOCK TABLE provisioner.deployment_event IN SHARE MODE',
      [create.reported(SbcOnboarded, 1), create.reported(OvocSiteCreated, 1)].map((item, index) => () => ledgers[index]!.tell(item)),
    );
    const outcomes = (await logOf(create)).filter((event) => event.type === DeploymentCompleted.type);
    expect([await stateOf(create), outcomes.length]).toEqual(['Deployed', 1]);
    expect(await run('SELECT state FROM deployment WHERE id = $1', [create.id])).toEqual([{ state: 'Deployed' }]);
  });

  it('starts nothing for a request that is delivered again after a refusal that may pass', async () => {
    const create = new Create();
    const request = create.request();
    await ledgers[0]!.tell(request);
    await ledgers[0]!.tell(create.validated(unavailable));
    await ledgers[1]!.tell(request);
    expect(await stateOf(create)).toBe('Rejected');
    // Asked for by a new message it begins afresh.
    await ledgers[1]!.tell(create.request());
    expect(await stateOf(create)).toBe('Accepted');
    expect(await run('SELECT round FROM job WHERE deployment_id = $1 ORDER BY round', [create.id])).toEqual([{ round: 1 }, { round: 2 }]);
  });

  describe('asked for two things under one id', () => {
    const oneByOne = async (items: readonly LedgerItem[]) => {
      const answers = [];
      for (const [index, item] of items.entries()) answers.push(await ledgers[index % 2]!.tell(item));
      return answers;
    };
    const codes = (answers: readonly { refusal: { errorCode: string } | undefined }[]) => answers.map(({ refusal }) => refusal?.errorCode);

    it.each([
      ['one after the other', 'order-1', oneByOne], ['in one transaction', 'order-1', atOnce],
      ['one after the other, in a message of its own', 'order-2', oneByOne], ['in one transaction, in a message of its own', 'order-2', atOnce],
    ])('%s: carries the first out, refuses the other, and takes copies of both for what they are', async (_how, otherId, tell) => {
      const create = new Create();
      const first = create.request({ id: 'order-1', source: `crm-${create.id}` });
      const other = create.request({ id: otherId, source: `crm-${create.id}`, fingerprint: 'b'.repeat(64), shortName: 'Other' });
      expect(codes(await tell([first, other, first, other]))).toEqual([undefined, 'IDEMPOTENCY_KEY_REUSED', undefined, 'IDEMPOTENCY_KEY_REUSED']);
      expect((await logOf(create)).map(({ type }) => type)).toEqual(['trunkline.customer.create.accepted.v1']);
      expect(await run('SELECT short_name, fingerprint FROM deployment WHERE id = $1', [create.id])).toEqual([{ short_name: create.ticket.shortName, fingerprint: 'a'.repeat(64) }]);
      expect(await run('SELECT payload FROM job WHERE deployment_id = $1', [create.id])).toHaveLength(1);
    });

    it.each([['one after the other', oneByOne], ['in one transaction', atOnce]])('%s: refuses the other also under a subject of its own, and leaves no row of it', async (_how, tell) => {
      const [create, other] = [new Create(), new Create()];
      const under = { id: 'order-1', source: `crm-${create.id}` };
      expect(codes(await tell([create.request(under), other.request(under), other.request(under)]))).toEqual([undefined, 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_REUSED']);
      expect(await run('SELECT 1 FROM deployment WHERE id = $1', [other.id])).toEqual([]);
    });

    it.each([['the other', 'order-1'], ['the other, in a message of its own', 'order-2']])('by two provisioners at the same moment: refuses %s, and takes copies for what they are', async (_what, otherId) => {
      const create = new Create();
      const first = create.request({ id: 'order-1', source: `crm-${create.id}` });
      const other = create.request({ id: otherId, source: `crm-${create.id}`, fingerprint: 'b'.repeat(64), shortName: 'Other' });
      const answers: Promise<{ refusal: { errorCode: string } | undefined }>[] = [];
      const tell = (index: number, item: LedgerItem) => () => {
        answers.push(ledgers[index]!.tell(item));
        return answers.at(-1)!;
      };
      // Lets receipts and rows be written, and nothing be decided: the first has both and can't commit.
      await behind('LOCK TABLE provisioner.deployment_event IN SHARE MODE', [tell(0, first), tell(1, other)]);
      await Promise.all([tell(0, first)(), tell(1, first)(), tell(1, other)()]);
      expect(codes(await Promise.all(answers))).toEqual([undefined, 'IDEMPOTENCY_KEY_REUSED', undefined, undefined, 'IDEMPOTENCY_KEY_REUSED']);
      expect(await run('SELECT short_name FROM deployment WHERE id = $1', [create.id])).toEqual([{ short_name: create.ticket.shortName }]);
      expect(await run('SELECT payload FROM job WHERE deployment_id = $1', [create.id])).toHaveLength(1);
    });

    it('by two systems that have chosen the same id: checks and carries out both', async () => {
      const creates = [new Create(), new Create()];
      const id = randomUUID();
      const answers = await oneByOne(creates.map((create) => create.request({ id, source: `crm-${create.id}` })));
      expect(codes(answers)).toEqual([undefined, undefined]);
      for (const create of creates) expect(await run('SELECT kind FROM job WHERE deployment_id = $1', [create.id])).toEqual([{ kind: 'validation' }]);
    });
  });

  it('gives a name to somebody else only when everything of the one who had it is undone', async () => {
    const first = await begun(new Create());
    const { shortName } = first.ticket;
    const refused = async () => stateOf(await begun(new Create(shortName)));
    for (const item of [first.reported(SbcOnboardingFailed, 1), first.reported(OvocCleaned, 2)]) {
      await ledgers[0]!.tell(item);
      expect([await stateOf(first), await refused()]).toEqual(['RollingBack', 'Rejected']);
    }
    await ledgers[0]!.tell(first.reported(SbcCleaned, 2));
    expect([await stateOf(first), await refused()]).toEqual(['Failed', 'Programming']);
  });

  describe('told at once of passed checks and', () => {
    it.each([
      ['a cancel before them', (create: Create) => create.cancelled(), 'Cancelled'],
      ['a delete before them', (create: Create) => create.deleted(), 'Cancelled'],
      ['a refusal before them that may pass', (create: Create) => create.validated(unavailable), 'Rejected'],
    ] as const)('%s: leaves the name to others', async (_what, other, state) => {
      const create = new Create();
      await ledgers[0]!.tell(create.request());
      await atOnce([other(create), create.validated()]);
      expect([await stateOf(create), await rowsOf(create)]).toEqual([state, { customers: [], sites: 0 }]);
      expect(await stateOf(await begun(new Create(create.ticket.shortName)))).toBe('Programming');
    });

    it('a refusal before them that may pass: stores the customer when it is asked for again', async () => {
      const create = new Create();
      await ledgers[0]!.tell(create.request());
      await atOnce([create.validated(unavailable), create.validated()]);
      for (const item of [create.request(), create.validated(undefined, 2)]) await ledgers[0]!.tell(item);
      expect([await stateOf(create), await rowsOf(create)]).toEqual(['Programming', { customers: [{ is_closed: false }], sites: 1 }]);
    });

    it.each([
      ['a cancel', (create: Create) => create.cancelled(), 'Cancelled'],
      ['a delete', (create: Create) => create.deleted(), 'Cancelled'],
      ['a failure', (create: Create) => create.reported(SbcOnboardingFailed, 1), 'Failed'],
    ] as const)('%s after them: keeps the name until everything is undone', async (_what, other, state) => {
      const create = new Create();
      await ledgers[0]!.tell(create.request());
      await atOnce([create.validated(), other(create)]);
      expect([await stateOf(create), await rowsOf(create)]).toEqual(['RollingBack', { customers: [{ is_closed: false }], sites: 1 }]);
      for (const item of [create.reported(OvocCleaned, 2), create.reported(SbcCleaned, 2)]) await ledgers[0]!.tell(item);
      expect([await stateOf(create), await rowsOf(create)]).toEqual([state, { customers: [{ is_closed: true }], sites: 1 }]);
    });

    it('all that follows on a cancel after them: closes the customer', async () => {
      const create = new Create();
      await ledgers[0]!.tell(create.request());
      await atOnce([create.validated(), create.cancelled(), create.reported(OvocCleaned, 2), create.reported(SbcCleaned, 2)]);
      expect([await stateOf(create), await rowsOf(create)]).toEqual(['Cancelled', { customers: [{ is_closed: true }], sites: 1 }]);
      expect(await stateOf(await begun(new Create(create.ticket.shortName)))).toBe('Programming');
    });
  });

  it('refuses nobody a name for the sake of one who is cancelled in the same transaction', async () => {
    const first = new Create();
    const second = new Create(first.ticket.shortName);
    await atOnce([first.request(), second.request()]);
    await atOnce([first.cancelled(), first.validated(), second.validated()]);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['Cancelled', 'Programming']);
  });

  it('gives a name that two ask for in one transaction to one; the other leaves nothing behind', async () => {
    const first = new Create();
    const second = new Create(first.ticket.shortName);
    await atOnce([first.request(), second.request()]);
    await atOnce([first.validated(), second.validated()]);
    const got = await Promise.all([first, second].map(async (each) => ({ state: await stateOf(each), ...await rowsOf(each) })));
    expect(got.sort((a, b) => String(a.state).localeCompare(String(b.state)))).toEqual([
      { state: 'Programming', customers: [{ is_closed: false }], sites: 1 }, { state: 'Rejected', customers: [], sites: 0 },
    ]);
  });

  it('never lets two provisioners wait for the names of each other', async () => {
    const before = await begun(new Create());
    const names = [`A${randomUUID().slice(0, 8)}`, before.ticket.shortName, `Z${randomUUID().slice(0, 8)}`];
    // The GUIDs of the one are in the order of its names, those of the other in the reverse one.
    const [first, second] = [withAscendingGuids(names), withAscendingGuids([...names].reverse())];
    await atOnce([...first, ...second].map((create) => create.request()));
    await behind(
      `UPDATE provisioner.customer SET closed_at = now() WHERE guid = '${before.customerGuid}'`,
      [first, second].map((creates, index) => () => Promise.all(creates.map((create) => ledgers[index]!.tell(create.validated())))),
    );
    const states = (creates: readonly Create[]) => Promise.all(creates.map(stateOf));
    expect([await states(first), await states(second)]).toEqual([Array(3).fill('Programming'), Array(3).fill('Rejected')]);
  });

  it('is locked in id order at the start of a provisioner', async () => {
    for (let n = 0; n < 6; n += 1) await begun(new Create());
    const overdue = new Overdue(databases[0]!, ledgers[0]!, logger);
    await withClient(fresh.superuserUrl, async (client) => {
      await client.query('SET search_path TO provisioner');
      // One that is not the first by place: who locks by place has locked a later one before it.
      const { rows: [held] } = await client.query<{ id: string }>(
        `SELECT x.id FROM deployment x WHERE due_at > now() AND EXISTS (SELECT 1 FROM deployment y WHERE y.due_at > now() AND y.ctid < x.ctid AND y.id > x.id) LIMIT 1`);
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM deployment WHERE id = $1 FOR UPDATE', [held!.id]);
      overdue.start();
      await eventually('the start to wait', async () => (
        (await client.query('SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))')).rowCount !== 0));
      const { rows: locked } = await client.query(
        `WITH free AS (SELECT id FROM deployment FOR UPDATE SKIP LOCKED)
         SELECT id FROM deployment WHERE id > $1 AND id NOT IN (SELECT id FROM free)`, [held!.id]);
      await client.query('COMMIT');
      await overdue.stop();
      expect(locked).toEqual([]);
    });
  });

  it('sends again at the start what an unfinished deployment waits for, overdue or not', async () => {
    const create = await begun(new Create());
    const wishes = () => asked.filter(({ subject }) => subject === create.id);
    await eventually('the wish to be sent', () => wishes().length === 1);
    const overdue = new Overdue(databases[0]!, ledgers[0]!, logger);
    overdue.start();
    await eventually('the wish to be sent again', () => wishes().length === 2);
    await overdue.stop();
    expect(wishes()).toEqual([false, true].map((isRedrive) => ({ type: CustomerCreated.type, subject: create.id, isRedrive })));
  });

  it('lets a cleanup that rests go on resting at the start', async () => {
    const create = await begun(new Create());
    const reports = [create.reported(SbcOnboardingFailed, 1), create.reported(OvocCleaned, 2), create.reported(SbcCleanupFailed, 2)];
    for (const item of reports) await ledgers[0]!.tell(item);
    const log = await logOf(create);
    expect(fold(log)?.state).toBe('CleanupRequired');
    const other = await begun(new Create());
    const overdue = new Overdue(databases[0]!, ledgers[0]!, logger);
    overdue.start();
    await eventually('what another waits for to be sent again', () => asked.filter(({ subject }) => subject === other.id).length === 2);
    await overdue.stop();
    expect((await logOf(create)).length).toBe(log.length);
  });
});
