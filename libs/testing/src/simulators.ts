import { randomUUID } from 'node:crypto';

import { request } from 'undici';

import { eventually } from './eventually.js';
import { ServiceProcess, type Settings } from './service-process.js';

export type PeerName = 'microsoft' | 'ovoc' | 'sbc';

/** One call as a peer saw it: in the log from its arrival on. */
export interface PeerCall {
  readonly seq: number;
  readonly peer: PeerName;
  readonly id?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** Milliseconds since 1970, as the other times. */
  readonly arrivedAt: number;
  readonly appliedAt?: number;
  readonly answeredAt?: number;
  /** When the caller's connection was gone before the answer was out. */
  readonly goneAt?: number;
  readonly status?: number;
  readonly held?: boolean;
  readonly overlap?: boolean;
  readonly faults?: readonly string[];
  /** Rows a script changed, in order. */
  readonly scriptRows?: readonly { readonly action: 'set' | 'remove'; readonly table: string; readonly name: string }[];
}

export interface Fault {
  readonly peer: PeerName;
  readonly id?: number;
  readonly match?: { readonly method?: string; readonly pathPrefix?: string; readonly pathContains?: string };
  readonly kind: string;
  readonly times?: number;
  readonly probability?: number;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

export interface CallFilter {
  readonly peer: PeerName;
  readonly id?: number;
  readonly method?: string;
  /** End of the path. */
  readonly path?: string;
}

export interface DeviceRow {
  readonly index: number;
  readonly notActivated?: boolean;
  readonly children?: Readonly<Record<string, readonly DeviceRow[]>>;
  readonly [parameter: string]: unknown;
}

/** Rows by table. */
export type DeviceTables = Readonly<Record<string, readonly DeviceRow[]>>;

/** What somebody does to a row by hand; null takes a value or a child away. */
export interface RowEdit {
  readonly notActivated?: boolean;
  readonly values?: Readonly<Record<string, string | null>>;
  /** By path and index of the child. */
  readonly children?: Readonly<Record<string, Readonly<Record<string, RowEdit | null>>>>;
}

export type OvocResource = 'lcCustomers' | 'services' | 'sites' | 'links';
export type OvocObject = Readonly<Record<string, unknown>> & { readonly id: number };

interface Addresses {
  readonly microsoft: string;
  readonly ovoc: string;
  readonly sbcs: Readonly<Record<string, string>>;
  readonly control: string;
}

/** The simulated Microsoft, OVOC and SBCs in a process of their own, and the port from which they are watched and disturbed. */
export class Simulators {
  private constructor(readonly process: ServiceProcess, readonly addresses: Addresses) {}

  static async start(settings: Settings = {}): Promise<Simulators> {
    const process = ServiceProcess.start('simulators', { SIM_EXIT_WITH_STDIN: '1', ...settings });
    const addresses = await process.logged('that it is ready', (record) => (record.event === 'ready' ? record as unknown as Addresses : undefined)); // its one line on stdout, by contract
    return new Simulators(process, addresses);
  }

  /** Adds a fault; the function returned takes it away. */
  async fault(fault: Fault): Promise<() => Promise<void>> {
    const { id } = await this.control<{ id: string }>('POST', '/faults', fault);
    return async () => { await this.control('DELETE', `/faults/${id}`); };
  }

  async clearFaults(): Promise<void> {
    await this.control('DELETE', '/faults');
  }

  /** Everything as at the start, the log of calls included. */
  async reset(): Promise<void> {
    await this.control('POST', '/reset', {});
  }

  /** Lets go every call that is held. */
  async release(): Promise<void> {
    await this.control('POST', '/release', {});
  }

  /** Nothing disturbed and nothing held any more. */
  async calm(): Promise<void> {
    await this.clearFaults();
    await this.release();
  }

  /** The highest sequence number so far: what comes later is "since" it. */
  async mark(): Promise<number> {
    return (await this.calls()).at(-1)?.seq ?? 0;
  }

  async calls(filter: Partial<CallFilter> = {}, since = 0): Promise<readonly PeerCall[]> {
    const query = new URLSearchParams(
      { since: String(since), ...(filter.peer === undefined ? {} : { peer: filter.peer }), ...(filter.id === undefined ? {} : { id: String(filter.id) }) },
    );
    const calls = await this.control<readonly PeerCall[]>('GET', `/log?${query.toString()}`);
    return calls.filter(
      ({ method, path }) => (filter.method === undefined || filter.method === method) && (filter.path === undefined || path.endsWith(filter.path)),
    );
  }

  /** Proof that a call has arrived, and is held unless `isHeld` says otherwise. */
  async waitForCall(filter: CallFilter, { deadlineMs = 15_000, isHeld = true, since = 0 } = {}): Promise<PeerCall> {
    return eventually(`${filter.method ?? 'a call'} ${filter.path ?? ''} to arrive at ${filter.peer}`, async () => (
      (await this.calls(filter, since)).find((call) => !isHeld || call.held === true)
    ), deadlineMs);
  }

  /** Rows of one table that an SBC runs with. */
  async rows(sbcId: number, table: string): Promise<readonly DeviceRow[]> {
    return (await this.tables(sbcId)).running[table] ?? [];
  }

  /** Rows of one table that an SBC would run with after a restart. */
  async savedRows(sbcId: number, table: string): Promise<readonly DeviceRow[]> {
    return (await this.tables(sbcId)).saved[table] ?? [];
  }

  async plantRow(
    sbcId: number, table: string, values: Readonly<Record<string, string>>, more: { readonly index?: number; readonly children?: object } = {},
  ): Promise<void> {
    await this.control('POST', `/sbc/${sbcId}/rows`, { table, values, ...more });
  }

  /** @throws Error with the device's message when the change does not fit */
  async editRow(sbcId: number, table: string, index: number, edit: RowEdit): Promise<void> {
    await this.control('POST', `/sbc/${sbcId}/edit`, { table, index, ...edit });
  }

  /** The configuration as the SBC prints it. */
  async print(sbcId: number): Promise<string> {
    const answer = await request(new URL('/api/v1/files/cliScript', this.addresses.sbcs[sbcId]), { headers: { authorization: `Basic ${btoa('admin:admin-pw')}` } });
    if (answer.statusCode !== 200) throw new Error(`SBC ${sbcId} answers ${answer.statusCode} to a reading`);
    return answer.body.text();
  }

  async forgetRow(sbcId: number, table: string, name: string): Promise<void> {
    await this.control('POST', `/sbc/${sbcId}/forget`, { table, name });
  }

  /** A Microsoft tenant that nobody has asked about before; answers its id. */
  async addTenant(blocked?: 'inactive' | 'decommissioned'): Promise<string> {
    const tenantId = randomUUID();
    await this.control('POST', '/microsoft/tenants', { tenantId, blocked });
    return tenantId;
  }

  /** OVOC's objects that carry this mark in their description. */
  async ovocObjects(customerGuid: string): Promise<Readonly<Record<OvocResource, readonly OvocObject[]>>> {
    const all = await this.allOvocObjects();
    const marked = (resource: OvocResource) => all[resource].filter(({ description }) => description === customerGuid);
    return { lcCustomers: marked('lcCustomers'), services: marked('services'), sites: marked('sites'), links: marked('links') };
  }

  async allOvocObjects(): Promise<Readonly<Record<OvocResource, readonly OvocObject[]>>> {
    return this.control('GET', '/ovoc');
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  /** Every table of an SBC: what it runs with, and what it would run with after a restart. */
  async tables(sbcId: number): Promise<Record<'running' | 'saved', DeviceTables>> {
    const { running, saved } = await this.control<Record<'running' | 'saved', DeviceTables>>('GET', `/tables?sbc=${sbcId}`);
    return { running, saved };
  }

  private async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const answer = await request(new URL(path, this.addresses.control), {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} of the simulators' control port: ${answer.statusCode} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
