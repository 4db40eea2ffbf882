import { type FreshDatabase, FaultProxy, type Settings, type Simulators, withExamples, writeInventory } from '@trunkline/testing';

import { allInstances, databaseUrlOf, type InstanceName } from './instances.js';

interface OwnLinks {
  readonly broker: FaultProxy;
  readonly database: FaultProxy | undefined;
}

/** Every way that the services have to others, each through a proxy: to broker and database one per instance, to each peer one for all. */
export class Links {
  private constructor(
    private readonly own: ReadonlyMap<InstanceName, OwnLinks>,
    readonly microsoft: FaultProxy,
    readonly ovoc: FaultProxy,
    readonly sbcs: ReadonlyMap<number, FaultProxy>,
  ) {}

  static async open(brokerUrl: string, database: FreshDatabase, { addresses }: Simulators): Promise<Links> {
    const own = new Map<InstanceName, OwnLinks>();
    for (const name of allInstances) {
      const databaseUrl = databaseUrlOf(database, name);
      own.set(name, { broker: await FaultProxy.start(brokerUrl), database: databaseUrl === undefined ? undefined : await FaultProxy.start(databaseUrl) });
    }
    const sbcs = new Map<number, FaultProxy>();
    for (const [id, url] of Object.entries(addresses.sbcs)) sbcs.set(Number(id), await FaultProxy.start(url));
    return new Links(own, await FaultProxy.start(addresses.microsoft), await FaultProxy.start(addresses.ovoc), sbcs);
  }

  /** Where an instance finds broker and database. */
  settingsOf(name: InstanceName): Settings {
    const { broker, database } = this.ownOf(name);
    return { AMQP_URL: broker.url, ...(database ? { DATABASE_URL: database.url } : {}) };
  }

  /** Where all of them find the peers; `folder` gets the inventory. */
  peerSettings(folder: string): Settings {
    const sbcUrls = Object.fromEntries([...this.sbcs].map(([id, { url }]) => [id, url]));
    return { MICROSOFT_BASE_URL: this.microsoft.url, OVOC_BASE_URL: this.ovoc.url, INVENTORY_FILE: writeInventory(folder, sbcUrls, withExamples) };
  }

  toBroker(only: readonly InstanceName[] = allInstances): readonly FaultProxy[] {
    return only.map((name) => this.ownOf(name).broker);
  }

  toDatabase(only: readonly InstanceName[] = allInstances): readonly FaultProxy[] {
    return only.flatMap((name) => this.ownOf(name).database ?? []);
  }

  calm(): void {
    for (const link of this.all()) {
      link.calm();
      link.releaseReplies();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((link) => link.close()));
  }

  private all(): readonly FaultProxy[] {
    return [...this.toBroker(), ...this.toDatabase(), this.microsoft, this.ovoc, ...this.sbcs.values()];
  }

  private ownOf(name: InstanceName): OwnLinks {
    const links = this.own.get(name);
    if (!links) throw new Error(`${name} has no links`);
    return links;
  }
}
