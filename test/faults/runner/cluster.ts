import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type FaultPoint, faultPointVariable } from '@trunkline/runtime';
import {
  BrokerWindow, eventually, type Exit, type FreshDatabase, freshDatabase, HttpClient, type ServiceName, ServiceProcess, type Settings,
  type Simulators, TcpProxy, writeInventory,
} from '@trunkline/testing';

export const instanceNames = ['gateway', 'provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync'] as const;
export type InstanceName = (typeof instanceNames)[number];

const agentTimeoutMs = 3_000;
/** Longest time a peer may hold a script before its caller has given up on it. */
export const heldAtMostMs = agentTimeoutMs - 1_000;

/** Short times, so that what waits for them in production takes seconds; steps go on long enough to outlive the faults. */
const settings: Settings = {
  LOG_LEVEL: 'info', SYNC_WAIT_MS: '20000', STEP_DEADLINE_MS: '120000', SBC_RESPONSE_TIMEOUT_MS: String(agentTimeoutMs), OVOC_RESPONSE_TIMEOUT_MS: '2000',
  OVOC_VISIBILITY_MS: '500', REDRIVE_AFTER_MS: '1500', CLEANUP_RETRY_MS: '1500',
};

interface Links {
  readonly broker: TcpProxy;
  readonly database: TcpProxy | undefined;
}

/** The services as processes of their own, each with its own way to the broker and the database; agents are two. */
export class Cluster {
  readonly http = new HttpClient(() => this.url);
  private readonly current = new Map<InstanceName, ServiceProcess>();
  private readonly all: ServiceProcess[] = [];
  private readonly startups = new Map<InstanceName, Promise<void>>();
  /** Processes that somebody here ended, or is about to. */
  private readonly asked = new WeakSet<ServiceProcess>();
  /** What ended without being asked to, once it had started. */
  readonly deaths: string[] = [];
  private url = 'http://not.started.invalid';

  private constructor(
    readonly broker: BrokerWindow,
    readonly database: FreshDatabase,
    private readonly links: ReadonlyMap<InstanceName, Links>,
    private readonly common: Settings,
  ) {}

  /** Starts everything and waits until callers are served. `folder` gets the inventory. */
  static async start(simulators: Simulators, folder: string): Promise<Cluster> {
    const broker = BrokerWindow.open();
    const database = await freshDatabase();
    const links = new Map<InstanceName, Links>();
    for (const name of instanceNames) {
      const databaseUrl = databaseOf(database, name);
      links.set(name, { broker: await TcpProxy.start(broker.url), database: databaseUrl === undefined ? undefined : await TcpProxy.start(databaseUrl) });
    }
    const { microsoft, ovoc, sbcs } = simulators.addresses;
    const cluster = new Cluster(broker, database, links, {
      ...settings, HTTP_PORT: '0', SECRETS_KEY: randomBytes(32).toString('base64'), INVENTORY_FILE: writeInventory(folder, sbcs), MICROSOFT_BASE_URL: microsoft,
      OVOC_BASE_URL: ovoc, OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw', AMQP_NAME_PREFIX: broker.prefix,
    });
    try {
      await Promise.all(instanceNames.map((name) => cluster.launch(name)));
      await cluster.ready();
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
    return cluster;
  }

  /** Whether this instance runs and has said so. */
  isUp(name: InstanceName): boolean {
    return this.process(name).isRunning && !this.startups.has(name);
  }

  async kill(name: InstanceName): Promise<void> {
    await this.end(this.process(name), 'SIGKILL');
  }

  /** SIGTERM, and how it ended. */
  async ask(name: InstanceName): Promise<Exit> {
    return this.end(this.process(name), 'SIGTERM');
  }

  /** Stops its clockwork in mid-air; the function returned lets it go on. */
  freeze(name: InstanceName): () => void {
    const { pid } = this.process(name);
    if (pid === undefined) throw new Error(`${name} has no process`);
    process.kill(pid, 'SIGSTOP');
    return () => { process.kill(pid, 'SIGCONT'); };
  }

  /**
   * Starts an instance whose process has ended. Its start may meet other faults: a process that gives up because the broker or the database
   * is away is started again, as whatever supervises it would do.
   */
  async restart(name: InstanceName): Promise<void> {
    const running = this.startups.get(name);
    if (running) return running;
    const startup = this.launchUntilItStays(name).finally(() => { this.startups.delete(name); });
    this.startups.set(name, startup);
    return startup;
  }

  /**
   * Starts the instance anew, made to die at the `nth` time it comes to this point, and again without that. False when it did not come there in
   * time; then it is killed all the same.
   */
  async dieAt(name: InstanceName, point: FaultPoint, nth: number, withinMs: number): Promise<boolean> {
    await this.kill(name);
    const doomed = this.spawn(name, { [faultPointVariable]: `${point}:${nth}` });
    this.asked.add(doomed);
    if (name === 'gateway') addressOf(doomed).then((url) => { this.url = url; }, () => undefined);
    const isMet = await Promise.race([doomed.ended.then(() => true), delay(withinMs, false)]);
    await this.kill(name);
    await this.restart(name);
    return isMet;
  }

  /** Sees to it that every process runs. */
  async heal(): Promise<void> {
    for (const { broker, database } of this.links.values()) {
      broker.allow();
      database?.allow();
    }
    const away = instanceNames.filter((name) => !this.isUp(name));
    await Promise.all(away.map((name) => this.restart(name)));
    await this.ready();
  }

  brokerLinks(only: readonly InstanceName[] = instanceNames): readonly TcpProxy[] {
    return only.flatMap((name) => this.links.get(name)?.broker ?? []);
  }

  databaseLinks(only: readonly InstanceName[] = instanceNames): readonly TcpProxy[] {
    return only.flatMap((name) => this.links.get(name)?.database ?? []);
  }

  async ready(): Promise<void> {
    await eventually('the gateway to be ready', async () => (await this.http.get('/health/ready').catch(() => undefined))?.status === 200, 60_000);
  }

  /** Writes each process's log into the folder; answers the lines that are errors or no JSON. */
  writeLogs(folder: string): readonly string[] {
    this.all.forEach((process, index) => { writeFileSync(join(folder, `${String(index).padStart(3, '0')}-${process.name}.log`), `${process.lines.join('\n')}\n`); });
    return this.all.flatMap(({ lines, name }) => lines.filter((line) => !line.startsWith('{') || line.includes('"level":"error"')).map((line) => `${name}: ${line}`));
  }

  /** Names of those that would not end by themselves. */
  async stop(): Promise<readonly string[]> {
    const running = [...this.current].filter(([, { isRunning }]) => isRunning);
    const exits = await Promise.all(running.map(async ([name, process]) => ({ name, exit: await this.end(process, 'SIGTERM') })));
    return exits.filter(({ exit }) => exit.code !== 0).map(({ exit, name }) => `${name} ended with ${exit.code ?? exit.signal ?? 'nothing'} after SIGTERM`);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.all.map((process) => this.end(process, 'SIGKILL')));
    await this.http.close();
    for (const { broker, database } of this.links.values()) await Promise.all([broker.close(), database?.close()]);
    await this.broker.close();
    await this.database.drop();
  }

  private process(name: InstanceName): ServiceProcess {
    const process = this.current.get(name);
    if (!process) throw new Error(`${name} was never started`);
    return process;
  }

  private async end(process: ServiceProcess, signal: NodeJS.Signals): Promise<Exit> {
    this.asked.add(process);
    return process.stop(signal);
  }

  /** A supervisor's view: what ends by itself is noted, and started again. */
  private async watch(name: InstanceName, process: ServiceProcess): Promise<void> {
    const { code, signal } = await process.ended;
    if (this.asked.has(process)) return;
    this.deaths.push(`${name} ended by itself (${code ?? signal ?? 'nothing'}): ${process.lines.slice(-15).join(' | ').slice(-1_500)}`);
    await this.restart(name);
  }

  private async launchUntilItStays(name: InstanceName): Promise<void> {
    await eventually(`${name} to start`, async () => this.launch(name).then(() => true, () => false), 90_000);
  }

  private spawn(name: InstanceName, more: Settings = {}): ServiceProcess {
    const links = this.links.get(name);
    const process = ServiceProcess.start(serviceOf(name), {
      ...this.common, ...(links ? { AMQP_URL: links.broker.url } : {}), ...(links?.database ? { DATABASE_URL: links.database.url } : {}), ...more,
    }, name);
    this.all.push(process);
    this.current.set(name, process);
    return process;
  }

  private async launch(name: InstanceName): Promise<void> {
    const process = this.spawn(name);
    await process.logged('that it has started', ({ msg }) => (typeof msg === 'string' && msg.startsWith('service started') ? msg : undefined));
    this.watch(name, process).catch((error: unknown) => { this.deaths.push(`${name} could not be started again: ${String(error)}`); });
    if (name === 'gateway') this.url = await addressOf(process);
  }
}

function addressOf(gateway: ServiceProcess): Promise<string> {
  return gateway.logged('its address', ({ url }) => (typeof url === 'string' && url.startsWith('http') ? url : undefined));
}

export function serviceOf(name: InstanceName): ServiceName {
  return name === 'sbc-agent-1' || name === 'sbc-agent-2' ? 'sbc-agent' : name;
}

function databaseOf({ ovoc_sync: ovocSync, provisioner, sbc_agent: sbcAgent }: FreshDatabase, name: InstanceName): string | undefined {
  const service = serviceOf(name);
  return service === 'gateway' ? undefined : { provisioner, 'sbc-agent': sbcAgent, 'ovoc-sync': ovocSync }[service];
}
