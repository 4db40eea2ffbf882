import { mayBegin } from '@trunkline/steps';
import { Pool } from 'undici';
import { decideOvocAnswer, type OvocExchange, type OvocMeaning, type OvocOperation, type RawObject } from './ovoc-answer.decide.js';
import { ovocError } from './ovoc-error.js';
import { filterQuery, isFilterable } from './ovoc-filter.js';
import { isEqual, toChannel, toDevice, toLcCustomer, toLink, toService, toSite } from './ovoc-mapping.js';
import type {
  LcCustomer, NewLcCustomer, NewLink, NewService, NewSite, OvocChannel, OvocDevice, OvocLink, OvocService, OvocSite,
} from './ovoc-objects.js';
import { type Creation, Ovoc, type SoughtDevice } from './ovoc.js';

export interface OvocRestSettings {
  /** Up to the host; `/ovoc/v1` is appended. */
  readonly baseUrl: string;
  readonly user: string;
  readonly password: string;
  /** Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** For the answer, from the moment the request was sent; default 30 s. */
  readonly responseTimeoutMs?: number;
  /** Default 64. */
  readonly connections?: number;
}

type Resource = 'lcCustomers' | 'services' | 'sites' | 'links' | 'devices' | 'channels';
type Conditions = Parameters<typeof filterQuery>[0];

/** OVOC's REST interface, HTTP Basic on every call. */
export class RestOvoc extends Ovoc {
  private readonly pool: Pool;
  private readonly root: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(settings: OvocRestSettings) {
    super();
    const base = new URL(settings.baseUrl);
    this.root = `${base.pathname.replace(/\/+$/, '')}/ovoc/v1/topology`;
    const account = Buffer.from(`${settings.user}:${settings.password}`, 'utf8').toString('base64');
    this.headers = { 'accept': 'application/json', 'authorization': `Basic ${account}`, 'user-agent': 'trunkline' };
    const responseTimeoutMs = settings.responseTimeoutMs ?? 30_000;
    this.pool = new Pool(base.origin, {
      connections: settings.connections ?? 64,
      connect: { timeout: settings.connectTimeoutMs ?? 5_000 },
      headersTimeout: responseTimeoutMs,
      bodyTimeout: responseTimeoutMs,
      maxResponseSize: 32 * 1024 * 1024,
    });
  }

  /** Ends calls that still run. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  override async findLcCustomers(mark: string, msTenantId: string, signal: AbortSignal): Promise<readonly LcCustomer[]> {
    // OVOC filters LC customers by tenant, of which there may be many: whose they are is told by their mark, here.
    const found = await this.list('lcCustomers', { msTenantId }, signal);
    return found.map(toLcCustomer).filter(({ description }) => isEqual(description?.trim(), mark));
  }

  override async findLcCustomer(id: number, signal: AbortSignal): Promise<LcCustomer | undefined> {
    const found = await this.one('lcCustomers', id, signal);
    return found && toLcCustomer(found);
  }

  override createLcCustomer(customer: NewLcCustomer, signal: AbortSignal): Promise<Creation> {
    return this.create('lcCustomers', customer, signal);
  }

  override removeLcCustomer(id: number, signal: AbortSignal): Promise<void> {
    return this.remove('lcCustomers', id, signal);
  }

  override async findServices(serviceGuid: string, signal: AbortSignal): Promise<readonly OvocService[]> {
    return (await this.list('services', { serviceId: serviceGuid }, signal)).map(toService);
  }

  override async servicesOf(lcCustomerId: number, signal: AbortSignal): Promise<readonly OvocService[]> {
    return (await this.list('services', { lcCustomerId }, signal)).map(toService);
  }

  override createService(newService: NewService, signal: AbortSignal): Promise<Creation> {
    return this.create('services', newService, signal);
  }

  override removeService(id: number, signal: AbortSignal): Promise<void> {
    return this.remove('services', id, signal);
  }

  override async findSites(siteGuid: string, signal: AbortSignal): Promise<readonly OvocSite[]> {
    return (await this.list('sites', { siteGuid }, signal)).map(toSite);
  }

  override createSite(newSite: NewSite, signal: AbortSignal): Promise<Creation> {
    return this.create('sites', newSite, signal);
  }

  override removeSite(id: number, signal: AbortSignal): Promise<void> {
    return this.remove('sites', id, signal);
  }

  override async linksOf(siteId: number, signal: AbortSignal): Promise<readonly OvocLink[]> {
    return (await this.list('links', { siteId }, signal)).map(toLink);
  }

  override createLink(newLink: NewLink, signal: AbortSignal): Promise<Creation> {
    return this.create('links', newLink, signal);
  }

  override removeLink(id: number, signal: AbortSignal): Promise<void> {
    return this.remove('links', id, signal);
  }

  override async findDevices(sought: SoughtDevice, signal: AbortSignal): Promise<readonly OvocDevice[]> {
    const byId = sought.ovocSbcId === undefined ? undefined : await this.one('devices', sought.ovocSbcId, signal);
    if (byId !== undefined) return [toDevice(byId)];
    const ways: Conditions[] = [{ fqdn: sought.fqdn }, ...(sought.address === undefined ? [] : [{ ipAddress: sought.address }])];
    for (const way of ways.filter((conditions) => Object.values(conditions).every((value) => isFilterable(String(value))))) {
      const found = await this.list('devices', way, signal);
      if (found.length > 0) return found.map(toDevice);
    }
    return [];
  }

  override async findChannel(id: number, signal: AbortSignal): Promise<OvocChannel | undefined> {
    const found = await this.one('channels', id, signal);
    return found && toChannel(found);
  }

  private async list(resource: Resource, conditions: Conditions, signal: AbortSignal): Promise<readonly RawObject[]> {
    const meaning = await this.call('read-list', 'GET', resource, `?${filterQuery(conditions)}`, signal);
    // OVOC's filter language is not documented, so what it lets through is compared again.
    return objectsOf(meaning).filter((object) => Object.entries(conditions).every(([field, value]) => isEqual(object[field], value)));
  }

  private async one(resource: Resource, id: number, signal: AbortSignal): Promise<RawObject | undefined> {
    return objectsOf(await this.call('read-one', 'GET', resource, `/${id}`, signal))[0];
  }

  private async create(resource: Resource, body: object, signal: AbortSignal): Promise<Creation> {
    const meaning = await this.call('create', 'POST', resource, '', signal, body);
    if (meaning.kind === 'created' || meaning.kind === 'exists') return meaning;
    throw new Error(`a creation can't end in ${meaning.kind}`);
  }

  private async remove(resource: Resource, id: number, signal: AbortSignal): Promise<void> {
    await this.call('remove', 'DELETE', resource, `/${id}`, signal);
  }

  private async call(
    operation: OvocOperation, method: 'GET' | 'POST' | 'DELETE', resource: Resource, rest: string, signal: AbortSignal, body?: object,
  ): Promise<Exclude<OvocMeaning, { message: string }>> {
    const path = `${this.root}/${resource}${rest}`;
    const { exchange, failure } = await this.exchange(method, path, signal, body);
    const meaning = decideOvocAnswer(operation, resource, exchange);
    if ('message' in meaning) throw ovocError(meaning, `${method} ${path}`, failure);
    return meaning;
  }

  private async exchange(
    method: 'GET' | 'POST' | 'DELETE', path: string, signal: AbortSignal, body?: object,
  ): Promise<{ exchange: OvocExchange; failure?: unknown }> {
    if (!mayBegin(signal)) return { exchange: { kind: 'failed', failure: 'NOT_SENT' }, failure: signal.reason };
    try {
      const headers = body === undefined ? this.headers : { ...this.headers, 'content-type': 'application/json' };
      const response = await this.pool.request({ method, path, headers, body: body === undefined ? null : JSON.stringify(body), signal });
      const retryAfter = single(response.headers['retry-after']);
      return {
        exchange: {
          kind: 'answered',
          status: response.statusCode,
          contentType: single(response.headers['content-type']) ?? '',
          ...(retryAfter === undefined ? {} : { retryAfter }),
          ...(response.headers['content-length'] === undefined && response.headers['transfer-encoding'] === undefined ? { mayBeCut: true } : {}),
          body: await response.body.text(),
        },
      };
    } catch (failure) {
      return { exchange: { kind: 'failed', failure: signal.aborted ? 'ABORTED' : codeOf(failure) }, failure };
    }
  }
}

function objectsOf(meaning: OvocMeaning): readonly RawObject[] {
  return meaning.kind === 'objects' ? meaning.objects : [];
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
