import { type Account, authenticate } from '../peer/accounts.js';
import { type Answer, type Call, described, json, type Peer } from '../peer/answer.js';
import type { Chance } from '../faults/chance.js';
import { BadQuery, parseFilter } from './filter.js';
import { type ResourceName, resourceNames, resources } from './resources.js';
import { Refused, type Stored, type Topology } from './topology.js';
import { briefView, fullView, urlOf, type View } from './views.js';

export const emptyListForms = ['no-content', 'no-body', 'empty', 'varies'] as const;
export type EmptyListForm = (typeof emptyListForms)[number];

export interface OvocSettings {
  emptyList: EmptyListForm;
  /** How long a new object can't be read yet. */
  visibilityDelayMs: number;
}

const root = '/ovoc/v1/';
/** Lists that are there and empty. */
const emptyLists: Readonly<Record<string, string>> = { 'topology/rejectedEndpoints': 'rejectedEndpoints', 'callsMonitor/calls': 'calls', 'swManager/files': 'files' };

/** OVOC's REST interface. */
export class OvocPeer implements Peer {
  readonly name = 'ovoc';
  settings: OvocSettings;

  constructor(
    readonly topology: Topology, private readonly accounts: readonly Account[], private readonly initial: OvocSettings, private readonly chance: Chance,
  ) {
    this.settings = { ...initial };
  }

  reseed(): void {
    this.topology.reseed();
    this.settings = { ...this.initial };
  }

  async answer(call: Call): Promise<Answer> {
    if (!call.path.startsWith(root)) return described(404, 'Not found');
    if (!authenticate(call.headers.authorization, this.accounts)) return { status: 401, ...this.faultBody(401) };
    const path = call.path.slice(root.length).replace(/\/$/, '');
    try {
      return this.route(call, path);
    } catch (error) {
      if (error instanceof Refused) return described(error.status, error.message);
      if (error instanceof BadQuery) return described(400, error.message);
      throw error;
    }
  }

  faultBody(status: number): Pick<Answer, 'headers' | 'body'> {
    const { headers, body } = described(status, descriptions[status] ?? 'The request failed');
    return {
      headers: { ...headers, ...status === 401 && { 'www-authenticate': 'Basic realm="OVOC"' }, ...status === 429 && { 'retry-after': '1' } },
      ...body !== undefined && { body },
    };
  }

  private route(call: Call, path: string): Answer {
    const [, area, idText] = /^(.*?)(?:\/(\d{1,15}))?$/.exec(path) ?? [];
    const id = idText === undefined ? undefined : Number(idText);
    if (area === undefined) return described(404, 'Not found');
    const emptyKey = id === undefined && call.method === 'GET' ? emptyLists[area] : undefined;
    if (emptyKey !== undefined) return this.list(emptyKey, []);
    if (area === 'topology/statistics/devices' && call.method === 'GET') return json(200, { total: this.topology.all('devices').length });
    const key = area.startsWith('topology/') ? area.slice('topology/'.length) : '';
    // Customers are the LC customers under the name they are listed by.
    const resource = key === 'customers' ? 'lcCustomers' : resourceNames.find((name) => name === key);
    if (!resource) return described(404, 'Not found');
    return id === undefined ? this.answerCollection(call, resource, key) : this.answerObject(call, resource, id, key === 'customers');
  }

  private answerCollection(call: Call, resource: ResourceName, key: string): Answer {
    if (call.method === 'GET') return this.answerList(call, resource, key);
    if (call.method !== 'POST') return described(405, 'Method not allowed', { allow: 'GET, POST' });
    const { faults } = call;
    const delay = faults.has('invisible') ? faults.number('invisible', 'ms') ?? 1000 : this.settings.visibilityDelayMs;
    const { id } = this.topology.create(resource, bodyOf(call), delay);
    if (faults.has('duplicate')) this.topology.create(resource, bodyOf(call), delay);
    return json(201, { id, url: urlOf(resource, id) });
  }

  private answerObject(call: Call, resource: ResourceName, id: number, isCustomer: boolean): Answer {
    const missing = () => described(404, `Entity with id ${id} not found`);
    const stored = this.topology.get(resource, id);
    const isReadable = stored !== undefined && isVisible(stored);
    switch (call.method) {
      case 'GET': return isReadable ? json(200, fullView(this.topology, resource, stored)) : missing();
      case 'DELETE':
        this.topology.remove(resource, id);
        return json(200, { description: `Entity with id ${id} was deleted` });
      case 'PUT':
      case 'POST':
        if (!isCustomer) return described(405, 'Method not allowed', { allow: 'GET, DELETE' });
        return json(200, fullView(this.topology, resource, this.topology.update(resource, id, call.body.length === 0 ? {} : bodyOf(call))));
      default: return described(405, 'Method not allowed', { allow: 'GET, DELETE' });
    }
  }

  private answerList({ query }: Call, resource: ResourceName, key: string): Answer {
    const filter = query.get('filter');
    const conditions = filter === null ? [] : parseFilter(filter, resources[resource]);
    const found = this.topology.all(resource).filter((stored) =>
      isVisible(stored) && conditions.every(({ field, value }) => (field === 'id' ? stored.id : stored.values[field]) === value));
    const fields = query.get('fields')?.split(',').map((field) => field.trim()).filter((field) => field !== '');
    const isFull = query.get('detail') === '1' || fields !== undefined;
    return this.list(key, found.map((stored) => {
      const view = isFull ? fullView(this.topology, resource, stored) : briefView(resource, stored);
      return fields ? projected(view, fields) : view;
    }));
  }

  private list(key: string, items: readonly View[]): Answer {
    if (items.length > 0) return json(200, { [key]: items });
    const { emptyList } = this.settings;
    const form = emptyList === 'varies' ? this.chance.pick(['no-content', 'no-body', 'empty']) : emptyList;
    if (form === 'no-content' || form === 'no-body') return { status: form === 'no-body' ? 200 : 204 };
    return json(200, { [key]: [] });
  }
}

function isVisible({ visibleAt }: Stored): boolean {
  return visibleAt <= Date.now();
}

function projected(view: View, fields: readonly string[]): View {
  return Object.fromEntries(Object.entries(view).filter(([name]) => name === 'id' || fields.includes(name)));
}

function bodyOf({ method, headers, body }: Call): unknown {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw new Refused(400, 'Content-Type must be application/json');
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (cause) {
    throw new Refused(400, `The body is not JSON: ${(cause as Error).message}`);
  }
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Wrong user name or password',
  403: 'The operator has no access to this entity',
  404: 'Not found',
  409: 'The entity is being changed by another operator',
  429: 'Too many requests',
  500: 'Internal server error',
  503: 'The server is not ready',
};
