import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { services } from '@trunkline/contracts';
import { eventually, freshDatabase, type FreshDatabase, serviceNames, ServiceProcess, type Settings, testSetting, withClient, writeInventory } from '@trunkline/testing';

import { countingIn, type Counts, readCounts } from '../counts/counts.js';
import type { Contender, Deployed, Order } from './contender.js';
import { type Answer, deployedIn, Http } from './http.js';

export interface Peers {
  readonly microsoft: string;
  readonly ovoc: string;
  readonly sbcs: Readonly<Record<string, string>>;
}

export type Way = 'standalone' | 'split';

export interface TrunklineOptions {
  readonly name?: string;
  readonly settings?: Settings;
  /** Processes of the sbc-agent. */
  readonly agents?: number;
}

/** The product on RabbitMQ and PostgreSQL, in one process or in one a service. */
export class Trunkline implements Contender {
  private constructor(
    readonly name: string, readonly database: FreshDatabase, private readonly folder: string, readonly processes: readonly ServiceProcess[],
    readonly http: Http,
    /** From the start of the first process until callers are served. */
    readonly readyMs: number,
  ) {}

  static async start(way: Way, { microsoft, ovoc, sbcs }: Peers, { agents = 1, name = way, settings = {} }: TrunklineOptions = {}): Promise<Trunkline> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const database = await freshDatabase();
    const shared = {
      LOG_LEVEL: 'info', HTTP_PORT: '0', SECRETS_KEY: randomBytes(32).toString('base64'), INVENTORY_FILE: writeInventory(folder, sbcs), AMQP_NAME_PREFIX: `${randomUUID()}.`,
      AMQP_URL: testSetting('TRUNKLINE_TEST_AMQP_URL'), MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc, OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw', SYNC_WAIT_MS: '600000',
      // No step is asked again for the sake of a load that makes it wait.
      REDRIVE_AFTER_MS: '3600000', ...countingIn(folder), ...settings,
    };
    const urls: Readonly<Record<string, string>> = {
      standalone: database.superuserUrl, ...Object.fromEntries(services.map(({ name: service, schema }) => [service, database[schema]])),
    };
    const programs = way === 'standalone' ? [way] : [...serviceNames, ...Array.from({ length: agents - 1 }, () => 'sbc-agent')];
    const startedAt = performance.now();
    const processes = programs.map((program, index) => (
      ServiceProcess.start(program, { ...shared, ...urls[program] !== undefined && { DATABASE_URL: urls[program] } }, `${program}-${index}`)));
    await Promise.all(processes.map((process) => process.logged('that it has started', ({ msg }) => (typeof msg === 'string' && /^(service|standalone) started/.test(msg) ? msg : undefined))));
    const url = await processes[0]?.logged('its address', ({ url: address }) => (typeof address === 'string' && address.startsWith('http') ? address : undefined));
    const http = new Http(url ?? '');
    await eventually('the gateway to be ready', async () => (await http.send('GET', '/health/ready')).status === 200, 60_000);
    return new Trunkline(`trunkline ${name}`, database, folder, processes, http, performance.now() - startedAt);
  }

  pids(): readonly number[] {
    return this.processes.flatMap(({ pid }) => pid ?? []);
  }

  async create(order: Order): Promise<Deployed> {
    return { ...order, customerGuid: deployedIn(await this.post(order)).id };
  }

  /** 202 as soon as the request is accepted. */
  async accept(order: Order): Promise<void> {
    const { status, text } = await this.post(order, { prefer: 'respond-async' });
    if (status !== 202) throw new Error(`not accepted: ${status} ${text}`);
  }

  post({ msTenantId, sbcId, shortName }: Order, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.http.send('POST', '/api/v2/customer', {
      shortName, fullName: `${shortName} Ltd`, siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE', msTenantId,
    }, headers);
  }

  counts(): Promise<Counts> {
    return readCounts(this.folder, this.pids());
  }

  async rows<Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return withClient(this.database.superuserUrl, async (client) => (await client.query<Row>(sql, [...values])).rows);
  }

  lastLines(): string {
    return this.processes.map((process) => process.lastLines(10)).join('\n');
  }

  async stop(): Promise<void> {
    await this.http.close();
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
