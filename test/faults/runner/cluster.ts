import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  BrokerWindow, eventually, type Exit, type FreshDatabase, freshDatabase, HttpClient, type ServiceName, type ServiceProcess, type Settings, type Simulators,
} from '@trunkline/testing';

import { allInstances, type InstanceName, instanceNames, serviceOf, serviceSettings, standing } from './instances.js';
import { Links } from './links.js';
import { Supervised } from './supervised.js';

const readyWithinMs = 60_000;

/** A gateway as callers reach it, whichever process it is. */
export interface Gateway {
  readonly name: InstanceName;
  readonly http: HttpClient;
}

/** The services as processes of their own, each with its own way to the broker and the database. Two of each stand; further agents come and go. */
export class Cluster {
  readonly gateways: readonly Gateway[] = standing.gateway.map((name) => ({ name, http: new HttpClient(() => this.urls.get(name) ?? 'http://not.started.invalid') }));
  /** What ended without being asked to, once it had started. */
  readonly deaths: string[] = [];
  private readonly instances: ReadonlyMap<InstanceName, Supervised>;
  private readonly urls = new Map<InstanceName, string>();

  private constructor(readonly broker: BrokerWindow, readonly database: FreshDatabase, readonly links: Links, common: Settings) {
    const watchers = { died: (text: string) => { this.deaths.push(text); }, listens: (name: InstanceName, url: string) => { this.urls.set(name, url); } };
    this.instances = new Map(allInstances.map((name) => [name, new Supervised(name, { ...common, ...links.settingsOf(name) }, watchers)]));
  }

  /** Starts everything and waits until callers are served. `folder` gets the inventory. */
  static async start(simulators: Simulators, folder: string): Promise<Cluster> {
    const broker = BrokerWindow.open();
    const database = await freshDatabase();
    const links = await Links.open(broker.url, database, simulators);
    const cluster = new Cluster(broker, database, links, {
      ...serviceSettings, ...links.peerSettings(folder), HTTP_PORT: '0', SECRETS_KEY: randomBytes(32).toString('base64'), OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw',
      AMQP_NAME_PREFIX: broker.prefix,
    });
    try {
      await Promise.all(instanceNames.map((name) => cluster.instance(name).launch()));
      await cluster.ready();
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
    return cluster;
  }

  isUp(name: InstanceName): boolean {
    return this.instance(name).isUp;
  }

  async kill(name: InstanceName): Promise<void> {
    await this.instance(name).kill();
  }

  /** SIGTERM, and how it ended. */
  async ask(name: InstanceName): Promise<Exit> {
    return this.instance(name).ask();
  }

  /** Stops its clockwork in mid-air; the function returned lets it go on. */
  freeze(name: InstanceName): () => void {
    return this.instance(name).freeze();
  }

  /** Resolves when it has started; `extra` is for this process alone. */
  async restart(name: InstanceName, extra: Settings = {}): Promise<void> {
    await this.instance(name).restart(extra);
  }

  /** Settings of all processes of this instance from the next one on. */
  change(name: InstanceName, settings: Settings): void {
    this.instance(name).change(settings);
  }

  async arm(name: InstanceName, point: string): Promise<ServiceProcess> {
    return this.instance(name).arm(point);
  }

  /** The name under which an instance holds leases. */
  leaseNameOf(name: InstanceName): string | undefined {
    return this.instance(name).leaseName;
  }

  /** Who of those that run holds leases under this name. */
  holderCalled(leaseName: string | undefined): InstanceName | undefined {
    return allInstances.find((name) => this.isUp(name) && this.leaseNameOf(name) === leaseName);
  }

  /** How often each of those that stand was given each signal so far. */
  signals(): readonly string[] {
    return instanceNames.map((name) => {
      const { signals } = this.instance(name);
      const counts = (['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const).map((signal) => `${signal} ${signals.filter((each) => each === signal).length}`);
      return `${name} ${counts.join(' ')}`;
    });
  }

  /** Sees to it that nothing is in the way and every process runs. */
  async heal(): Promise<void> {
    this.links.calm();
    const away = instanceNames.filter((name) => !this.instance(name).isUp);
    await Promise.all(away.map((name) => this.restart(name)));
    await this.ready();
  }

  /** Whether every gateway is. */
  async isReady(): Promise<boolean> {
    const answers = await Promise.all(this.gateways.map(({ http }) => http.get('/health/ready').catch(() => undefined)));
    return answers.every((answer) => answer?.status === 200);
  }

  async ready(deadlineMs = readyWithinMs): Promise<void> {
    await eventually('the gateways to be ready', () => this.isReady(), deadlineMs);
  }

  /** Writes each process's log into the folder; answers the lines that are errors or no JSON. Synchronous: it is also done on the way out. */
  writeLogs(folder: string): readonly string[] {
    const all = [...this.instances.values()].flatMap(({ processes }) => processes.map((process, index) => ({ index, process })));
    for (const { index, process } of all) writeFileSync(join(folder, `${process.name}-${String(index).padStart(3, '0')}.log`), `${process.lines.join('\n')}\n`);
    const isStrange = (line: string) => !line.startsWith('{') || line.includes('"level":"error"');
    return all.flatMap(({ process: { lines, name } }) => lines.filter(isStrange).map((line) => `${name}: ${line}`));
  }

  /** Names of those that would not end by themselves; `only` those of one service, or all. */
  async stop(only?: ServiceName): Promise<readonly string[]> {
    const running = [...this.instances.values()].filter(({ isUp, name }) => isUp && (only === undefined || serviceOf(name) === only));
    const exits = await Promise.all(running.map(async (instance) => ({ name: instance.name, exit: await instance.ask() })));
    return exits.filter(({ exit }) => exit.code !== 0).map(({ exit, name }) => `${name} ended with ${exit.code ?? exit.signal ?? 'nothing'} after SIGTERM`);
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.instances.values()].map((instance) => instance.retire()));
    await Promise.all(this.gateways.map(({ http }) => http.close()));
    await this.links.close();
    await this.broker.close();
    await this.database.drop();
  }

  private instance(name: InstanceName): Supervised {
    const instance = this.instances.get(name);
    if (!instance) throw new Error(`${name} is no instance`);
    return instance;
  }
}
