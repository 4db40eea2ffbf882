import { eventually } from '@trunkline/testing';
import { request } from 'undici';

/** One call as the device's log has it. */
export interface DeviceCall {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly held?: boolean;
  readonly scriptRows?: readonly { readonly action: string; readonly name: string }[];
}

export type TableRow = Readonly<Record<string, unknown>>;

const pathOf = { status: '/status', reading: '/files/cliScript', script: '/files/cliScript/incremental', save: '/actions/saveConfiguration' } as const;
type CallKind = keyof typeof pathOf;
const methodOf = (what: CallKind) => (what === 'script' ? 'PUT' : what === 'save' ? 'POST' : 'GET');

export interface FaultOptions { readonly what?: CallKind; readonly times?: number; readonly params?: object }

/** The side door of simulated devices: what they were asked, what they have, and how they fail. */
export class DeviceControls {
  constructor(private readonly controlUrl: string) {}

  /** Lets calls of a kind, or all, meet a fault until healed, or so many times. */
  async fault(sbcId: number, kind: string, { params, times, what }: FaultOptions = {}): Promise<void> {
    await this.control('POST', '/faults', {
      peer: 'sbc', id: sbcId, kind, ...(times !== undefined && { times }), ...(params && { params }),
      ...(what && { match: { method: methodOf(what), pathContains: pathOf[what] } }),
    });
  }

  async heal(): Promise<void> {
    await this.control('DELETE', '/faults');
  }

  /** Holds the next call of a kind as it arrives at the device, before the device does anything. */
  async hold(sbcId: number, what: CallKind): Promise<void> {
    await this.fault(sbcId, 'hold-before', { what, times: 1 });
  }

  /** What is not saved is lost. */
  async restart(sbcId: number): Promise<void> {
    await this.control('POST', `/sbc/${sbcId}/reset`, { ms: 0 });
  }

  /** How the device prints its configuration. */
  async printAs(sbcId: number, print: 'A' | 'B'): Promise<void> {
    await this.control('POST', `/sbc/${sbcId}/settings`, { print });
  }

  async release(): Promise<void> {
    await this.control('POST', '/release', {});
  }

  /** The first call of a kind that is being held. */
  held(sbcId: number, what: CallKind): Promise<DeviceCall> {
    return eventually(`a ${what} to be held`, async () => (await this.calls(sbcId, what)).find((call) => call.held === true));
  }

  async calls(sbcId: number, what: CallKind): Promise<readonly DeviceCall[]> {
    const all = await this.control<DeviceCall[]>('GET', `/log?peer=sbc&id=${sbcId}`);
    return all.filter(({ method, path }) => method === methodOf(what) && path.endsWith(pathOf[what]));
  }

  async groups(sbcId: number): Promise<readonly unknown[]> {
    return (await this.rows(sbcId, 'ip-group')).map(({ name }) => name);
  }

  /** Rows of the running configuration, or of the saved one. */
  async rows(sbcId: number, table: string, which: 'running' | 'saved' = 'running'): Promise<readonly TableRow[]> {
    const tables = await this.control<Record<typeof which, Record<string, readonly TableRow[]>>>('GET', `/tables?sbc=${sbcId}`);
    return tables[which][table] ?? [];
  }

  private async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const answer = await request(`${this.controlUrl}${path}`, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return await answer.body.json() as T;
  }
}
