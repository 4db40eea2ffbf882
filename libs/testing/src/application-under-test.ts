import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ServiceName as WorkerName, serviceNames as workerNames, services } from '@trunkline/contracts';

import { BrokerWindow } from './broker-window.js';
import { eventually } from './eventually.js';
import { FaultProxy } from './fault-proxy.js';
import { type InventoryChange, writeInventory } from './flow-inventory.js';
import { type FreshDatabase, freshDatabase, withClient } from './fresh-database.js';
import { HttpClient } from './http-client.js';
import { type Exit, ServiceProcess, type Settings } from './service-process.js';
import type { Simulators } from './simulators.js';

export const modes = ['standalone in process', 'standalone on RabbitMQ', 'one process per service on RabbitMQ'] as const;
export type Mode = (typeof modes)[number];

export type ServiceName = 'gateway' | WorkerName;
export const serviceNames: readonly ServiceName[] = ['gateway', ...workerNames];

/** Short times, so that what waits for them in production takes seconds here. */
const shortTimes: Settings = {
  SYNC_WAIT_MS: '60000', STEP_DEADLINE_MS: '20000', SBC_RESPONSE_TIMEOUT_MS: '3000', OVOC_RESPONSE_TIMEOUT_MS: '1500', OVOC_VISIBILITY_MS: '500', REDRIVE_AFTER_MS: '1000',
  CLEANUP_RETRY_MS: '1000',
};

export interface ApplicationOptions {
  readonly mode: Mode;
  readonly simulators: Simulators;
  readonly settings?: Settings;
  readonly inventory?: InventoryChange;
}

export interface Instance {
  /** Speaks with this gateway, or with the first one. */
  readonly http: HttpClient;
  readonly process: ServiceProcess;
  /** Asks it to stop; how it ended. */
  readonly stop: () => Promise<Exit>;
}

/**
 * The product, built and running in one of the ways it can be run, on a database and broker names of its own. Callers reach it
 * through `http`; the tests look at its data only to show that something is not there.
 */
export class ApplicationUnderTest {
  readonly http = new HttpClient(() => this.url);
  /** Every process there was, the dead ones included. */
  private readonly processes: ServiceProcess[] = [];
  private readonly running = new Map<string, ServiceProcess>();
  private readonly clients: HttpClient[] = [];
  private url = 'http://not.started.invalid';

  private constructor(
    readonly mode: Mode,
    readonly database: FreshDatabase,
    readonly broker: BrokerWindow | undefined,
    /** On the gateway's way to the broker; in the standalone, on everybody's. */
    readonly gatewayLink: FaultProxy | undefined,
    /** On the way of the other services. */
    private readonly workersLink: FaultProxy | undefined,
    /** On the provisioner's way to the database; in the standalone, on everybody's. */
    readonly databaseLink: FaultProxy,
    private readonly folder: string,
    private settings: Settings,
  ) {}

  static async start({ inventory, mode, settings = {}, simulators }: ApplicationOptions): Promise<ApplicationUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'trunkline-flow-'));
    const broker = mode === 'standalone in process' ? undefined : BrokerWindow.open();
    const { microsoft, ovoc, sbcs } = simulators.addresses;
    const database = await freshDatabase();
    const databaseLink = await FaultProxy.start(mode === 'one process per service on RabbitMQ' ? database.provisioner : database.superuserUrl);
    const application = new ApplicationUnderTest(mode, database, broker, await linkTo(broker), await linkTo(broker), databaseLink, folder, {
      LOG_LEVEL: 'debug', HTTP_PORT: '0', SECRETS_KEY: randomBytes(32).toString('base64'), INVENTORY_FILE: writeInventory(folder, sbcs, inventory), DATA_DIR: join(folder, 'data'),
      MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc, OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw', ...(broker ? { AMQP_NAME_PREFIX: broker.prefix } : {}), ...shortTimes, ...settings,
    });
    try {
      await Promise.all(application.programs().map((name) => application.startProgram(name)));
      await application.ready();
    } catch (error) {
      await application.stop();
      throw error;
    }
    return application;
  }

  /** The processes that run, by the name of their program. */
  pids(): ReadonlyMap<string, number> {
    return new Map([...this.running].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid] as const])));
  }

  /** Which process does a service's work. */
  programOf(service: ServiceName): string {
    return this.mode === 'one process per service on RabbitMQ' ? service : 'standalone';
  }

  /** The process that does the service's work. */
  processOf(service: ServiceName): ServiceProcess {
    return this.process(this.programOf(service));
  }

  /** `kill -9` of the process that does the service's work. */
  async kill(service: ServiceName): Promise<void> {
    await this.processOf(service).stop('SIGKILL');
  }

  /** Asks that process to stop, as an operator does; how it ended. */
  async ask(service: ServiceName, signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    return this.processOf(service).stop(signal);
  }

  /** One more instance beside the first. Ends with the application, or when it is stopped. */
  async startAnother(service: ServiceName): Promise<Instance> {
    const process = await this.launch(this.programOf(service), `${service}-${this.processes.length}`);
    const url = service === 'gateway' ? await addressOf(process) : this.url;
    const client = new HttpClient(() => url);
    this.clients.push(client);
    await isReady(client);
    return { http: client, process, stop: () => process.stop() };
  }

  /** Starts that process again and waits until callers are served. */
  async restart(service: ServiceName): Promise<void> {
    await this.startProgram(this.programOf(service));
    await this.ready();
  }

  /** Stops and starts the process that does the service's work, with other settings from now on. */
  async restartWith(service: ServiceName, settings: Settings): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.ask(service);
    await this.restart(service);
  }

  /** Nobody has a connection to the broker any more, and nobody gets one until it is allowed again. */
  refuseBroker(): void {
    for (const link of [this.gatewayLink, this.workersLink]) link?.refuse();
  }

  allowBroker(): void {
    for (const link of [this.gatewayLink, this.workersLink]) link?.allow();
  }

  /** The database of all services may only be read. */
  async takeNoWrites(): Promise<void> {
    await this.database.takeNoWrites();
  }

  async takeWrites(): Promise<void> {
    await this.database.takeWrites();
  }

  /** Resolves when the gateway says that it can do its work. */
  async ready(): Promise<void> {
    await isReady(this.http);
  }

  /** Rows of one SQL question to the whole database. */
  async rows<Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return withClient(this.database.superuserUrl, async (client) => (await client.query<Row>(sql, [...values])).rows);
  }

  /** Everything any process has written. */
  logLines(): readonly string[] {
    return this.processes.flatMap(({ lines }) => lines);
  }

  lastLines(count: number): string {
    return this.processes.map((process) => process.lastLines(count)).join('\n');
  }

  /** Ends everything, politely; the names of those that would not go by themselves. */
  async stop(): Promise<readonly string[]> {
    const exits = await Promise.all(
      [...this.running.values()].filter(({ isRunning }) => isRunning).map(async (process) => ({ name: process.name, exit: await process.stop() })),
    );
    await Promise.all([this.http, ...this.clients].map((client) => client.close()));
    await Promise.all([this.gatewayLink?.close(), this.workersLink?.close(), this.databaseLink.close()]);
    await this.broker?.close();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
    return exits.filter(({ exit }) => exit.code !== 0).map(({ name }) => name);
  }

  private programs(): readonly string[] {
    return this.mode === 'one process per service on RabbitMQ' ? serviceNames : ['standalone'];
  }

  private process(name: string): ServiceProcess {
    const process = this.running.get(name);
    if (!process) throw new Error(`${name} is no process of ${this.mode}`);
    return process;
  }

  private async startProgram(name: string): Promise<void> {
    const process = await this.launch(name, name);
    if (name === this.programOf('gateway')) this.url = await addressOf(process);
  }

  private async launch(app: string, name: string): Promise<ServiceProcess> {
    const process = ServiceProcess.start(app, { ...this.settings, ...this.connections(app) }, name);
    this.processes.push(process);
    this.running.set(name, process);
    await process.logged('that it has started', ({ msg }) => (typeof msg === 'string' && /^(service|standalone) started/.test(msg) ? msg : undefined));
    return process;
  }

  private connections(name: string): Settings {
    const service = services.find((each) => each.name === name);
    const database = name === this.programOf('provisioner') ? this.databaseLink.url : service && this.database[service.schema];
    const amqp = name === this.programOf('gateway') ? this.gatewayLink?.url : this.workersLink?.url;
    return { ...(database === undefined ? {} : { DATABASE_URL: database }), ...(amqp === undefined ? {} : { AMQP_URL: amqp }) };
  }
}

async function isReady(gateway: HttpClient): Promise<void> {
  await eventually('the gateway to be ready', async () => (await gateway.get('/health/ready').catch(() => undefined))?.status === 200, 30_000);
}

function addressOf(process: ServiceProcess): Promise<string> {
  return process.logged('its address', ({ url }) => (typeof url === 'string' && url.startsWith('http') ? url : undefined));
}

async function linkTo(broker: BrokerWindow | undefined): Promise<FaultProxy | undefined> {
  return broker && FaultProxy.start(broker.url);
}
