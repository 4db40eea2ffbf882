import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutcomeUnknownError, PermanentError, TransientError } from '@trunkline/steps';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RestOvoc } from './ovoc.rest.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json = (status: number, body: unknown): Answer => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const stall: Answer = () => undefined;
const hangUp: Answer = (request) => { request.socket.destroy(); };
const cut: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"services":[');
  setImmediate(() => response.destroy());
};

const customer = '5d0a9d2e-8c1f-4b5a-9a44-0c5f8f1d2e3a';
const msTenant = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';
const newSite = { name: 'Northwind7', serviceId: 4, siteGuid: customer, deviceId: 405, description: customer };

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

let server: Server;
let baseUrl: string;
let answers: Answer[];
let calls: Call[];
let ovoc: RestOvoc;
let signal: AbortSignal;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', baseUrl);
  const text = await bodyOf(request);
  calls.push({
    method: request.method ?? '', path: url.pathname, query: url.searchParams, authorization: request.headers.authorization,
    body: text === '' ? undefined : JSON.parse(text),
  });
  // The last answer stands for all later calls.
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  answer?.(request, response);
}

beforeEach(async () => {
  answers = [];
  calls = [];
  signal = new AbortController().signal;
  server = createServer((request, response) => { void receive(request, response); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ovoc = new RestOvoc({ baseUrl, user: 'operator', password: 'pä:ss', responseTimeoutMs: 300 });
});

afterEach(async () => {
  await ovoc.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const failure = (call: Promise<unknown>): Promise<unknown> => call.then(() => undefined, (reason: unknown) => reason);

describe('OVOC over REST', () => {
  it('gives the account with every call and asks below /ovoc/v1', async () => {
    answers = [json(200, { id: 1574, tenantId: 1 })];
    expect(await ovoc.findChannel(1574, signal)).toEqual({ id: 1574, tenantId: 1 });
    expect(calls).toMatchObject([{ method: 'GET', path: '/ovoc/v1/topology/channels/1574' }]);
    expect(calls[0]!.authorization).toBe(`Basic ${Buffer.from('operator:pä:ss').toString('base64')}`);
  });

  it('keeps a path of the base address in front', async () => {
    const behindProxy = new RestOvoc({ baseUrl: `${baseUrl}/tenantui/api/`, user: 'u', password: 'p' });
    answers = [json(404, { description: 'Entity with id 1 not found' })];
    expect(await behindProxy.findLcCustomer(1, signal)).toBeUndefined();
    await behindProxy.close();
    expect(calls[0]!.path).toBe('/tenantui/api/ovoc/v1/topology/lcCustomers/1');
  });

  it('keeps of the LC customers of a tenant those that carry the mark', async () => {
    answers = [json(200, { lcCustomers: [
      { id: 1, name: 'a', msTenantId: msTenant }, { id: 2, name: 'a', msTenantId: msTenant, description: `${customer}0` },
      { id: 3, name: 'a', msTenantId: msTenant, description: customer.toUpperCase() },
    ] })];
    expect((await ovoc.findLcCustomers(customer, msTenant, signal)).map(({ id }) => id)).toEqual([3]);
  });

  it.each([
    ['LC customers by tenant', () => ovoc.findLcCustomers(customer, msTenant, signal), 'lcCustomers', `(msTenantId='${msTenant}')`],
    ['services by the customer', () => ovoc.findServices(customer, signal), 'services', `(serviceId='${customer}')`],
    ['services of an LC customer', () => ovoc.servicesOf(7, signal), 'services', '(lcCustomerId=7)'],
    ['sites by their GUID', () => ovoc.findSites(customer, signal), 'sites', `(siteGuid='${customer}')`],
    ['links of a site', () => ovoc.linksOf(9, signal), 'links', '(siteId=9)'],
  ])('finds %s', async (_name, find, resource, filter) => {
    answers = [json(200, { [resource]: [] })];
    expect(await find()).toEqual([]);
    expect(calls[0]!.path).toBe(`/ovoc/v1/topology/${resource}`);
    expect(Object.fromEntries(calls[0]!.query)).toEqual({ detail: '1', filter });
  });

  it('takes an empty body for an empty list only when a length or chunks show that it is whole', async () => {
    answers = [
      (_request, response) => response.writeHead(200).end(), (_request, response) => response.writeHead(200, { 'content-length': '0' }).end(),
      (request) => request.socket.end('HTTP/1.1 200 OK\r\n\r\n'),
    ];
    for (const _whole of [1, 2]) expect(await ovoc.findSites(customer, signal)).toEqual([]);
    expect(await failure(ovoc.findSites(customer, signal))).toBeInstanceOf(TransientError);
  });

  it('compares again what the filter let through', async () => {
    answers = [json(200, { services: [{ id: 2, serviceId: customer.toUpperCase(), lcCustomerId: '8' }, { id: 1, serviceId: msTenant }] })];
    expect(await ovoc.findServices(customer, signal)).toEqual([{ id: 2, serviceId: customer.toUpperCase(), lcCustomerId: 8 }]);
  });

  it('creates with the body it was given', async () => {
    answers = [json(201, { id: 77, url: '/ovoc/v1/topology/sites/77' })];
    expect(await ovoc.createSite(newSite, signal)).toEqual({ kind: 'created', id: 77 });
    expect(calls).toMatchObject([{ method: 'POST', path: '/ovoc/v1/topology/sites', body: newSite }]);
  });

  it('looks for a device by id, then by name, then by address', async () => {
    answers = [json(404, { description: 'Entity with id 405 not found' }), json(200, { devices: [] }), json(200, { devices: [{ id: 12, ipAddress: '192.0.2.10' }] })];
    expect(await ovoc.findDevices({ ovocSbcId: 405, fqdn: 'sbc5.example.net', address: '192.0.2.10' }, signal)).toEqual([{ id: 12, ipAddress: '192.0.2.10' }]);
    expect(calls.map((call) => call.query.get('filter') ?? call.path)).toEqual([
      '/ovoc/v1/topology/devices/405', '(fqdn=\'sbc5.example.net\')', '(ipAddress=\'192.0.2.10\')',
    ]);
  });

  it('does not put a host name into a filter that could end its quotes', async () => {
    answers = [json(200, {})];
    expect(await ovoc.findDevices({ fqdn: 'x\' or name=\'y' }, signal)).toEqual([]);
    expect(calls).toEqual([]);
  });

  it.each([
    ['nothing is answered', stall],
    ['the connection is cut before the answer', hangUp],
    ['the answer is cut', cut],
  ])('a write is unknown and a read is tried again when %s', async (_name, answer) => {
    answers = [answer];
    expect(await failure(ovoc.createSite(newSite, signal))).toBeInstanceOf(OutcomeUnknownError);
    expect(await failure(ovoc.removeSite(7, signal))).toBeInstanceOf(OutcomeUnknownError);
    expect(await failure(ovoc.findSites(customer, signal))).toBeInstanceOf(TransientError);
  });

  it('says that OVOC is unreachable when nobody listens, and that nothing was applied', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(ovoc.createSite(newSite, signal));
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ code: 'OVOC_UNREACHABLE', message: 'OVOC unreachable' });
  });

  it('sends nothing when the caller has gone, and a write stopped on its way is unknown', async () => {
    expect(await failure(ovoc.createSite(newSite, AbortSignal.abort()))).toBeInstanceOf(TransientError);
    expect(calls).toEqual([]);
    const gone = new AbortController();
    answers = [stall];
    const creation = failure(ovoc.createSite(newSite, gone.signal));
    await expect.poll(() => calls.length).toBe(1);
    gone.abort();
    expect(await creation).toBeInstanceOf(OutcomeUnknownError);
  });

  it.each([
    ['a wrong account', json(401, {}), PermanentError, 'OVOC rejected: the account is not accepted'],
    ['a refusal', json(400, { description: 'deviceId is missing' }), PermanentError, 'OVOC rejected: deviceId is missing'],
    ['an error of the server', json(500, { description: 'NullPointerException at line 1' }), OutcomeUnknownError, 'OVOC unreachable'],
  ] as const)('translates %s, and keeps the password out of the error', async (_name, answer, kind, message) => {
    answers = [answer];
    const error = await failure(ovoc.createSite(newSite, signal));
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
    expect(JSON.stringify([error, (error as Error).cause, String((error as Error).cause)])).not.toContain('pä');
  });
});
