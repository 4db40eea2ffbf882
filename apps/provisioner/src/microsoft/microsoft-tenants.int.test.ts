import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TransientError } from '@trunkline/steps';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpMicrosoftTenants } from './microsoft-tenants.http.js';
import { type OpenMicrosoftTenants, openMicrosoftTenants } from './open-microsoft-tenants.js';

const tenant = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';
const never = new AbortController().signal;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const valid = json(200, { issuer: `https://sts.windows.net/${tenant}/`, tenant_region_scope: 'EU', cloud_instance_name: 'microsoftonline.com' });
const missing = json(400, { error: 'invalid_tenant', error_description: `AADSTS90002: Tenant '${tenant}' not found.`, error_codes: [90002] });
const stall: Answer = () => undefined;
const broken: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"issuer":');
  setImmediate(() => response.destroy());
};
const elsewhere: Answer = (_request, response) => { response.writeHead(302, { location: `/common/.well-known/openid-configuration` }).end(); };
const drip: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => { clearInterval(timer); });
};
const huge: Answer = (_request, response) => { response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(300_000)); };

let server: Server;
let baseUrl: string;
let answers: Answer[];
let asked: string[];
let open: OpenMicrosoftTenants | undefined;

beforeEach(async () => {
  answers = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // The last answer stands for all later calls.
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await open?.close();
  open = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function tenants(settings: { callMs?: number; baseUrl?: string; cloud?: 'public' | 'usgov' } = {}) {
  open = openMicrosoftTenants({ baseUrl, cloud: 'public', ...settings });
  return open.tenants;
}

const unavailable = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransientError);
  expect(error).toMatchObject({ code: 'MS_TENANT_CHECK_UNAVAILABLE' });
  return error as TransientError;
};

describe('Microsoft tenants over HTTP', () => {
  it('asks the metadata document of exactly that tenant, in lower case', async () => {
    answers = [valid];
    expect(await tenants().find(tenant.toUpperCase(), never)).toEqual({ kind: 'valid' });
    expect(asked).toEqual([`GET /${tenant}/.well-known/openid-configuration`]);
  });

  it('keeps a path of the base address in front', async () => {
    answers = [valid];
    await tenants({ baseUrl: `${baseUrl}/login/` }).find(tenant, never);
    expect(asked).toEqual([`GET /login/${tenant}/.well-known/openid-configuration`]);
  });

  it('sends nothing for an id that is no GUID or is reserved', async () => {
    answers = [valid];
    expect(await tenants().find('common', never)).toEqual({ kind: 'not-found' });
    expect(await tenants().find('00000000-0000-0000-0000-000000000000', never)).toMatchObject({ kind: 'not-allowed' });
    expect(asked).toEqual([]);
  });

  it('takes a final no at the first answer', async () => {
    answers = [missing];
    expect(await tenants().find(tenant, never)).toEqual({ kind: 'not-found' });
    expect(asked).toHaveLength(1);
  });

  it('does not allow a tenant of another cloud', async () => {
    answers = [valid];
    expect(await tenants({ cloud: 'usgov' }).find(tenant, never)).toMatchObject({ kind: 'not-allowed' });
  });

  it.each([
    ['an error of the server', json(500, {})],
    ['throttling', json(429, {}, { 'retry-after': '0' })],
    ['a cut answer', broken],
    ['a redirect', elsewhere],
    ['another issuer', json(200, { issuer: 'https://sts.windows.net/0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11/' })],
    ['an answer without end', huge],
  ])('is unavailable after %s, asks once, and remembers nothing of it', async (_name, bad) => {
    answers = [bad, valid];
    const check = tenants();
    await unavailable(check.find(tenant, never));
    expect(asked).toHaveLength(1);
    expect(await check.find(tenant, never)).toMatchObject({ kind: 'valid' });
  });

  it('says what was answered, and how long Microsoft wants to be left alone', async () => {
    answers = [json(429, {}, { 'retry-after': '60' })];
    expect(await unavailable(tenants().find(tenant, never))).toMatchObject({ retryAfterMs: 60_000, message: expect.stringContaining('HTTP 429') as string });
  });

  it.each([['nothing is answered', stall], ['an answer does not end', drip]])('is unavailable when %s within the time of a call, which then ends', async (_name, answer) => {
    let closed = false;
    answers = [(request, response) => {
      request.socket.once('close', () => { closed = true; });
      answer(request, response);
    }];
    expect((await unavailable(tenants({ callMs: 150 }).find(tenant, never))).message).toContain('no answer within 150 ms');
    await expect.poll(() => closed).toBe(true);
  });

  it('is unavailable when nobody listens', async () => {
    const check = tenants();
    await new Promise((resolve) => server.close(resolve));
    await unavailable(check.find(tenant, never));
  });

  it('shares one call between lookups at one time, and answers later ones from memory', async () => {
    answers = [valid];
    const check = tenants();
    const found = await Promise.all(Array.from({ length: 20 }, () => check.find(tenant, new AbortController().signal)));
    expect(new Set(found.map((answer) => answer.kind))).toEqual(new Set(['valid']));
    await check.find(tenant, never);
    expect(asked).toHaveLength(1);
  });

  it('stops waiting when the caller has gone, and stops the call when all have', async () => {
    let closed = false;
    answers = [(request) => { request.socket.once('close', () => { closed = true; }); }];
    const gone = new AbortController();
    const call = unavailable(tenants().find(tenant, gone.signal));
    await expect.poll(() => asked.length).toBe(1);
    gone.abort();
    await call;
    await expect.poll(() => closed).toBe(true);
  });

  it('sends nothing when the caller has gone before', async () => {
    answers = [valid];
    const http = new HttpMicrosoftTenants({ baseUrl, cloud: 'public' });
    await unavailable(http.find(tenant, AbortSignal.abort(new Error('gone'))));
    await http.close();
    expect(asked).toEqual([]);
  });
});
