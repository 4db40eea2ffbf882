import { Chance } from '../faults/chance.js';
import { checkObject } from './object-check.js';
import { type ResourceName, resourceNames, resources } from './resources.js';

export type Values = Readonly<Record<string, string | number>>;

export interface Stored {
  readonly id: number;
  readonly values: Values;
  readonly definedAt: string;
  /** Milliseconds since 1970. */
  readonly visibleAt: number;
}

/** A request the topology refuses, in OVOC's words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly status: 400 | 404, message: string) {
    super(message);
  }
}

export interface SeedDevice { readonly id: number; readonly name: string; readonly fqdn: string; readonly address: string; readonly productType: string }

/** Every object of OVOC, with its references kept whole. */
export class Topology {
  private stored = new Map<ResourceName, Map<number, Stored>>();
  private nextIds = new Map<ResourceName, number>();

  constructor(private readonly seed: number, private readonly devices: readonly SeedDevice[]) {
    this.reseed();
  }

  all(resource: ResourceName): Stored[] {
    return [...this.of(resource).values()];
  }

  get(resource: ResourceName, id: number): Stored | undefined {
    return this.of(resource).get(id);
  }

  /** @throws Refused when a field is wrong or a parent is missing */
  create(resource: ResourceName, body: unknown, visibilityDelayMs: number): Stored {
    const values = this.checked(resource, body, true);
    const id = this.nextIds.get(resource) ?? resources[resource].firstId;
    this.nextIds.set(resource, id + 1);
    return this.put(resource, id, values, visibilityDelayMs);
  }

  /** Changes the fields given. @throws Refused */
  update(resource: ResourceName, id: number, body: unknown): Stored {
    const before = this.existing(resource, id);
    const after = { ...before, values: { ...before.values, ...this.checked(resource, body, false) } };
    this.of(resource).set(id, after);
    return after;
  }

  /** @throws Refused when it is not there or something refers to it */
  remove(resource: ResourceName, id: number): void {
    this.existing(resource, id);
    for (const child of resourceNames) {
      const pointing = Object.entries(resources[child].fields).filter(([, { parent }]) => parent === resource).map(([field]) => field);
      const user = pointing.length > 0 && this.all(child).find(({ values }) => pointing.some((field) => values[field] === id));
      if (user) throw new Refused(400, `Entity with id ${id} can't be deleted: ${resources[child].type} ${user.id} is attached to it`);
    }
    this.of(resource).delete(id);
  }

  /** Takes away all objects with this description from under everybody, whatever refers to them; answers how many. */
  forget(description: string): number {
    const gone = resourceNames.flatMap((resource) => this.all(resource).filter(({ values }) => values['description'] === description).map(({ id }) => ({ resource, id })));
    for (const { id, resource } of gone) this.of(resource).delete(id);
    return gone.length;
  }

  /** Objects of `child` whose `field` holds the id. */
  children(child: ResourceName, field: string, id: number): Stored[] {
    return this.all(child).filter(({ values }) => values[field] === id);
  }

  /** One tenant with two regions, the devices given, two channels with a customer each. */
  reseed(): void {
    const chance = new Chance(this.seed, 'ovoc');
    this.stored = new Map(resourceNames.map((name) => [name, new Map<number, Stored>()]));
    this.nextIds = new Map(resourceNames.map((name) => [name, resources[name].firstId + 10 + chance.integer(80)]));
    this.put('tenants', 1, { name: 'Service Provider' });
    this.put('regions', 11, { name: 'EMEA', tenantId: 1 });
    this.put('regions', 12, { name: 'AMER', tenantId: 1 });
    for (const { id, name, fqdn, address, productType } of this.devices) {
      this.put('devices', id, { name, fqdn, ipAddress: address, tenantId: 1, regionId: id % 2 === 0 ? 11 : 12, productType });
    }
    this.nextIds.set('devices', Math.max(400, ...this.devices.map(({ id }) => id)) + 1);
    this.put('channels', 1574, { name: 'Channel North', tenantId: 1 });
    this.put('channels', 1575, { name: 'Channel South', tenantId: 1 });
    this.nextIds.set('channels', 1576);
    this.put('lcCustomers', 3001, { name: 'Contoso North', tenantId: 1, channelId: 1574, msTenantId: chance.guid() });
    this.put('lcCustomers', 3002, { name: 'Contoso South', tenantId: 1, channelId: 1575, msTenantId: chance.guid() });
  }

  private put(resource: ResourceName, id: number, values: Values, visibilityDelayMs = 0): Stored {
    const time = Date.now();
    const stored = { id, values, definedAt: new Date(time).toISOString(), visibleAt: time + visibilityDelayMs };
    this.of(resource).set(id, stored);
    return stored;
  }

  private checked(resource: ResourceName, body: unknown, isNew: boolean): Values {
    const { values, problem } = checkObject(resources[resource], body, isNew);
    if (problem !== undefined) throw new Refused(400, problem);
    for (const [field, { parent }] of Object.entries(resources[resource].fields)) {
      const id = values[field];
      if (parent && typeof id === 'number' && !this.of(parent).has(id)) throw new Refused(404, `Entity with id ${id} not found`);
    }
    if (resource === 'links' && isNew) {
      const key = values['linkType'] === 'TENANT' ? 'msTenantId' : 'ipGroupName';
      if (values[key] === undefined) throw new Refused(400, `Field ${key} is missing for a link of type ${values['linkType'] ?? ''}`);
    }
    return values;
  }

  private existing(resource: ResourceName, id: number): Stored {
    const stored = this.get(resource, id);
    if (!stored) throw new Refused(404, `Entity with id ${id} not found`);
    return stored;
  }

  private of(resource: ResourceName): Map<number, Stored> {
    const objects = this.stored.get(resource);
    if (!objects) throw new Error(`no resource ${resource}`);
    return objects;
  }
}
