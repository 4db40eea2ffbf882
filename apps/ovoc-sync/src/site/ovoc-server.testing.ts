import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Item = Record<string, unknown> & { id: number };

/** What goes wrong with the next call that matches. */
export interface Fault {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly resource: string;
  /**
   * `lose`: applied, then the connection dies. `taken`: applied, and answered as if it had been there before. `fail`: applied, and answered with 500.
   * `twice`: a creation makes two. `keep`: a removal answers and removes nothing.
   */
  readonly kind: 'lose' | 'twice' | 'keep' | 'taken' | 'fail' | { readonly status: number; readonly description: string };
}

const children: Readonly<Record<string, readonly [string, string]>> = {
  lcCustomers: ['services', 'lcCustomerId'], services: ['sites', 'serviceId'], sites: ['links', 'siteId'],
};
const parents: Readonly<Record<string, readonly [string, string]>> = {
  services: ['lcCustomers', 'lcCustomerId'], sites: ['services', 'serviceId'], links: ['sites', 'siteId'],
};

/** A small OVOC of its own on a real port: filters, growing ids, no parent without its children gone, faults on demand. */
export class OvocServer {
  readonly tables: Record<string, Item[]> = { lcCustomers: [], services: [], sites: [], links: [], channels: [], devices: [] };
  readonly calls: string[] = [];
  readonly faults: Fault[] = [];
  emptyList: 'no content' | 'no body' | 'empty' = 'no body';
  /** Objects that stand but are not shown. */
  readonly hidden = new Set<number>();
  /** How long after its creation it shows the next object of a resource. */
  readonly lateMs = new Map<string, number>();
  private nextId = 5000;
  private readonly server: Server = createServer((request, response) => { void this.receive(request, response); });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  plant(resource: string, values: Record<string, unknown>): Item {
    this.nextId += 1;
    const item = { id: this.nextId, ...values };
    this.table(resource).push(item);
    return item;
  }

  /** `POST sites` and the like, without the reads. */
  writes(): string[] {
    return this.calls.filter((call) => !call.startsWith('GET'));
  }

  table(resource: string): Item[] {
    const table = this.tables[resource];
    if (table === undefined) throw new Error(`no resource ${resource}`);
    return table;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', 'http://ovoc');
    const [resource = '', id] = url.pathname.replace('/ovoc/v1/topology/', '').split('/');
    const method = request.method ?? '';
    this.calls.push(`${method} ${resource}${id === undefined ? '' : `/${id}`}${url.searchParams.has('filter') ? ` ${url.searchParams.get('filter')}` : ''}`);
    const index = this.faults.findIndex((fault) => fault.method === method && fault.resource === resource);
    const [fault] = index < 0 ? [] : this.faults.splice(index, 1);
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    if (typeof fault?.kind === 'object') return answer(response, fault.kind.status, { description: fault.kind.description });
    const effect = fault?.kind === 'taken' || fault?.kind === 'fail' ? undefined : fault?.kind;
    const [status, content] = this.handle(method, resource, id, url.searchParams.get('filter'), body, effect);
    if (fault?.kind === 'lose') request.socket.destroy();
    else if (fault?.kind === 'taken') answer(response, 409, { description: 'An entity of this name already exists' });
    else if (fault?.kind === 'fail') answer(response, 500, { description: 'internal error' });
    else answer(response, status, content);
  }

  private handle(
    method: string, resource: string, id: string | undefined, filter: string | null, body: Record<string, unknown>, fault: 'lose' | 'twice' | 'keep' | undefined,
  ): [number, unknown] {
    const table = this.table(resource);
    const item = table.find((candidate) => String(candidate.id) === id && !this.hidden.has(candidate.id));
    if (method === 'POST') return this.create(resource, body, fault === 'twice');
    if (id === undefined) return this.list(resource, table.filter((candidate) => !this.hidden.has(candidate.id) && matches(candidate, filter)));
    if (item === undefined) return [404, { description: `Entity with id ${id} not found` }];
    if (method === 'GET') return [200, item];
    const [childResource, key] = children[resource] ?? [];
    if (childResource !== undefined && key !== undefined && this.table(childResource).some((child) => child[key] === item.id)) {
      return [400, { description: 'Entity has children' }];
    }
    if (fault !== 'keep') table.splice(table.indexOf(item), 1);
    return [200, {}];
  }

  private create(resource: string, body: Record<string, unknown>, isTwice: boolean): [number, unknown] {
    const [parent, key] = parents[resource] ?? [];
    if (parent !== undefined && key !== undefined && !this.table(parent).some(({ id }) => id === body[key])) {
      return [404, { description: `Entity with id ${String(body[key])} not found` }];
    }
    const { deviceId } = body as { deviceId?: number };
    if (deviceId !== undefined && !this.table('devices').some(({ id }) => id === deviceId)) return [404, { description: `Entity with id ${deviceId} not found` }];
    const item = this.plant(resource, body);
    const last = isTwice ? this.plant(resource, body) : item;
    const lateMs = this.lateMs.get(resource);
    this.lateMs.delete(resource);
    if (lateMs !== undefined) {
      this.hidden.add(item.id);
      setTimeout(() => { this.hidden.delete(item.id); }, lateMs).unref();
    }
    return [201, { id: last.id, url: `/ovoc/v1/topology/${resource}/${last.id}` }];
  }

  private list(resource: string, items: readonly Item[]): [number, unknown] {
    if (items.length > 0 || this.emptyList === 'empty') return [200, { [resource]: items }];
    return [this.emptyList === 'no content' ? 204 : 200, undefined];
  }
}

function matches(item: Item, filter: string | null): boolean {
  const terms = filter === null ? [] : filter.replace(/^\(|\)$/g, '').split(' and ');
  return terms.every((term) => {
    const [field = '', value = ''] = term.split('=');
    return value.startsWith('\'') ? item[field] === value.slice(1, -1) : item[field] === Number(value);
  });
}

function answer(response: ServerResponse, status: number, content: unknown): void {
  if (content === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}
