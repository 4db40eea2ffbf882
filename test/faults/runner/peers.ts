import { HttpClient, type Simulators } from '@trunkline/testing';

import type { DeviceState, LoggedCall, PeerState, Row, Tables } from '../checker/facts.js';
import { ownerOf, rowsCalled, type SiteRow } from '../checker/site-rows.js';

export const strangersGuid = '9b1d7f52-0c54-4a0e-8d0b-5f3a1e9c7d10';
const ovocAccount = { authorization: `Basic ${Buffer.from('ovoc:ovoc-pw').toString('base64')}` };

/** The simulated peers as their own logs and tables show them. */
export class Peers {
  private readonly control: HttpClient;

  constructor(private readonly simulators: Simulators) {
    this.control = new HttpClient(() => simulators.addresses.control);
  }

  get sbcIds(): readonly number[] {
    return Object.keys(this.simulators.addresses.sbcs).map(Number);
  }

  /** Rows and objects of somebody else, one of them with a mark that looks like ours. */
  async plantForeign(): Promise<void> {
    for (const sbcId of this.sbcIds) {
      await this.simulators.plantRow(sbcId, 'ip-group', { name: 'Contoso9', type: 'server', tags: `Owner=${strangersGuid}` });
      await this.simulators.plantRow(sbcId, 'sbc routing ip2ip-routing', { 'route-name': 'Contoso9-in', 'dst-ip-group-name': 'Contoso9' });
    }
    const ovoc = new HttpClient(() => this.simulators.addresses.ovoc);
    const answer = await ovoc.send('POST', '/ovoc/v1/topology/lcCustomers', { headers: ovocAccount, body: { name: 'Contoso9', description: strangersGuid, tenantId: 1 } });
    await ovoc.close();
    if (answer.status >= 300) throw new Error(`OVOC refused somebody else's customer: ${answer.status} ${answer.text}`);
  }

  /** A row of somebody else in the middle of the run; answers it as the device has it. */
  async plantRow(sbcId: number, table: string, values: Readonly<Record<string, string>>): Promise<Row> {
    return this.post<Row>(`/sbc/${sbcId}/rows`, { table, values });
  }

  /** Everything that carries the customer's GUID goes, and the rows that go with it; answers what was found. */
  async takeOff(sbcId: number | null, guid: string, rows: readonly SiteRow[]): Promise<readonly string[]> {
    const found: string[] = [];
    if (sbcId !== null) {
      const { running, saved } = await this.get<Omit<DeviceState, 'sbcId'>>(`/tables?sbc=${sbcId}`);
      for (const row of rows.toReversed()) {
        const { name, parent, table } = row;
        const [standing] = [running, saved].flatMap((tables) => rowsCalled(row, tables));
        if (!standing || (table === 'ip-group' && ownerOf(standing) !== guid)) continue;
        found.push(`${table} ${name}`);
        if (parent) await this.post(`/sbc/${sbcId}/edit`, { table: parent.table, name: parent.name, children: { [table]: { [String(standing['index'])]: null } } });
        else await this.post(`/sbc/${sbcId}/forget`, { table, name });
      }
    }
    const { forgotten } = await this.post<{ forgotten: number }>('/ovoc/forget', { description: guid });
    return forgotten > 0 ? [...found, `${forgotten} objects of OVOC`] : found;
  }

  async state(): Promise<PeerState> {
    const devices = await Promise.all(this.sbcIds.map(async (sbcId): Promise<DeviceState> => ({ sbcId, ...await this.get<Omit<DeviceState, 'sbcId'>>(`/tables?sbc=${sbcId}`) })));
    return { devices, ovoc: await this.get<Tables>('/ovoc') };
  }

  async calls(): Promise<readonly LoggedCall[]> {
    return this.get<readonly LoggedCall[]>('/log');
  }

  /** Restarts an SBC: what it has not saved is lost, and it is away for `ms`. */
  async reboot(sbcId: number, ms: number): Promise<void> {
    await this.post(`/sbc/${sbcId}/reset`, { ms });
  }

  /** The id under which calls that meet it are logged. */
  async addFault(fault: object): Promise<string> {
    return (await this.post<{ id: string }>('/faults', fault)).id;
  }

  /** How many calls have met the fault so far. */
  async metBy(faultId: string): Promise<number> {
    const faults = await this.get<readonly { readonly faultId: string; readonly met: number }[]>('/faults');
    return faults.find((fault) => fault.faultId === faultId)?.met ?? 0;
  }

  async removeFault(faultId: string): Promise<void> {
    await this.control.delete(`/faults/${faultId}`);
  }

  async close(): Promise<void> {
    await this.control.close();
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await this.control.get(path);
    if (answer.status >= 300) throw new Error(`GET ${path} of the simulators: ${answer.status} ${answer.text}`);
    return answer.json as T;
  }

  private async post<T>(path: string, body: object): Promise<T> {
    const answer = await this.control.post(path, body);
    if (answer.status >= 300) throw new Error(`POST ${path} of the simulators: ${answer.status} ${answer.text}`);
    return answer.json as T;
  }
}
