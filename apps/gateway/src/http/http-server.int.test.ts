import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@trunkline/runtime';
import { destination } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Story } from '../deployment-events.testing.js';
import { aCreateBody, Stage } from '../gateway.testing.js';

const path = '/api/v2/customer';
const json = { 'content-type': 'application/json' };
const good = JSON.stringify(aCreateBody);
const padded = (bytes: number): string => JSON.stringify({ ...aCreateBody, shortName: 'x'.repeat(bytes) });
const guid = '5d0a9d2e-6a3c-5c0e-8a55-0d8c0a8b7a10';

describe('what the gateway refuses', () => {
  let stage: Stage;
  beforeAll(async () => { stage = await Stage.set({ basePath: '/voice' }); });
  afterAll(async () => { await stage.clear(); });

  it.each([
    ['GET', '/nowhere', 404, 'NOT_FOUND', undefined],
    ['POST', '/api/v2/customers', 404, 'NOT_FOUND', undefined],
    ['POST', '/api/v2/customer', 404, 'NOT_FOUND', undefined],
    ['GET', '/voice/api/v2/task', 404, 'NOT_FOUND', undefined],
    ['GET', `/voice/api/v2/task/${'x'.repeat(600)}`, 404, 'NOT_FOUND', undefined],
    ['GET', '/voice/api/v2/customer/%ff', 400, 'BAD_REQUEST', undefined],
    ['PUT', '/voice/api/v2/customer', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD, POST'],
    ['OPTIONS', '/voice/api/v2/customer', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD, POST'],
    ['PATCH', `/tenantui/api/v2/customer/${guid}`, 405, 'METHOD_NOT_ALLOWED', 'DELETE, GET, HEAD'],
    ['DELETE', '/voice/api/v2/scripttemplates/', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'],
    ['POST', '/health/live', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'],
  ])('%s %s is %s %s', async (method, at, status, code, allow) => {
    const answer = await stage.http.send(method, at, method === 'POST' || method === 'PUT' ? { raw: 'no json', headers: { 'content-type': 'text/plain' } } : {});
    expect(answer.headers.allow).toBe(allow);
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' }, json: { status, errorCode: code } });
  });

  it.each<[string, Record<string, string>, string | Buffer, number, string]>([
    ['plain text', { 'content-type': 'text/plain' }, good, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no media type', { 'content-type': '' }, good, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a media type that is none', { 'content-type': 'json' }, good, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['JSON in another character set', { 'content-type': 'application/json; charset=utf-16le' }, Buffer.from(good, 'utf16le'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['compressed JSON', { ...json, 'content-encoding': 'gzip' }, good, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text that is too long', { 'content-type': 'text/plain' }, padded(300_000), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body over 256 KiB', json, padded(256 * 1024), 413, 'BODY_TOO_LARGE'],
    ['a body over 256 KiB that is malformed, too', json, '['.repeat(300_000), 413, 'BODY_TOO_LARGE'],
    ['an empty body', json, '', 400, 'MALFORMED_JSON'],
    ['half a body', json, good.slice(0, -1), 400, 'MALFORMED_JSON'],
    ['bytes that are no UTF-8', json, Buffer.from([0x7b, 0xff, 0x7d]), 400, 'MALFORMED_JSON'],
    ['too much nesting', json, `{"a":${'['.repeat(33)}${']'.repeat(33)}}`, 400, 'MALFORMED_JSON'],
    ['nesting that would end a parser', json, '['.repeat(200_000), 400, 'MALFORMED_JSON'],
    ['a list', json, '[]', 400, 'MALFORMED_JSON'],
    ['a number', json, '7', 400, 'MALFORMED_JSON'],
    ['null', json, 'null', 400, 'MALFORMED_JSON'],
    ['a prototype', json, `{"__proto__":{"a":1},${good.slice(1)}`, 400, 'UNKNOWN_PROPERTY'],
    ['a constructor', json, `{"constructor":{"prototype":{"a":1}},${good.slice(1)}`, 400, 'UNKNOWN_PROPERTY'],
    ['a variable twice with different values', json, `{"scriptParameters":{"CacProfile":"10 sessions","\\u0043acProfile":"50 sessions"},${good.slice(1)}`, 400, 'PROPERTY_CONFLICT'],
    ['two short names', json, `{"shortName":"Other",${good.slice(1)}`, 400, 'PROPERTY_CONFLICT'],
    ['NUL in a name', json, JSON.stringify({ ...aCreateBody, shortName: 'ab\u0000c' }), 400, 'SHORT_NAME_CHARACTERS'],
    ['a lone surrogate', json, JSON.stringify({ ...aCreateBody, fullName: 'a\ud800b' }), 400, 'FULL_NAME_CHARACTERS'],
    ['a wrong key', { ...json, 'idempotency-key': 'a b' }, good, 400, 'IDEMPOTENCY_KEY_FORMAT'],
    ['a key that is too long', { ...json, 'idempotency-key': 'a'.repeat(256) }, good, 400, 'IDEMPOTENCY_KEY_FORMAT'],
  ])('%s is answered as a problem and goes nowhere', async (_name, headers, raw, status, code) => {
    const answer = await stage.http.send('POST', `/voice${path}`, { headers, raw });
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' }, json: { status, errorCode: code, instance: `/voice${path}` } });
    expect(stage.played.requests).toEqual([]);
  });

  it('is told all at once', async () => {
    const answer = await stage.http.post(`/voice${path}`, { shortName: 'audit', siteLocation: [], channelId: 'x' }, { 'idempotency-key': 'a b' });
    const { errors } = answer.json as { errors: { field: string; code: string }[] };
    expect(errors.map(({ code, field }) => `${field} ${code}`).sort()).toEqual([
      'Idempotency-Key IDEMPOTENCY_KEY_FORMAT', 'channelId ID_FORMAT', 'msTenantId MS_TENANT_ID_REQUIRED', 'ovocCustomerType REQUIRED', 'shortName SHORT_NAME_RESERVED',
      'siteLocation SITE_LOCATION_COUNT',
    ]);
  });

  it('has a ticket of its own each time, and the trace of the caller', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const call = () => stage.http.get('/nowhere', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    const [one, two] = await Promise.all([call(), call()]);
    expect(one.json).toMatchObject({ traceId, errorTicket: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect((one.json as { errorTicket: string }).errorTicket).not.toBe((two.json as { errorTicket: string }).errorTicket);
  });

  it('is 413 also when the length was not told before', async () => {
    const chunks = Array.from({ length: 5 }, () => Buffer.alloc(64 * 1024, 0x20));
    const answer = await fetch(`${stage.gateway.url}/voice${path}`, {
      method: 'POST', headers: json, duplex: 'half', body: ReadableStream.from(chunks),
    }).catch((error: unknown) => error);
    // The connection is closed while the caller still sends: he may see that before the answer.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    else expect(answer).toBeInstanceOf(TypeError);
    expect(stage.played.requests).toEqual([]);
  });

  it('is a problem, too, when it is no HTTP at all', async () => {
    const { hostname, port } = new URL(stage.gateway.url);
    const socket = connect(Number(port), hostname);
    socket.end('HELLO\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: 400, errorCode: 'BAD_REQUEST' });
  });
});

describe('the log of requests', () => {
  it('has one line a request, with what finds it and nothing of its body', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-gateway-'));
    const file = join(folder, 'log');
    const stage = await Stage.set({ logger: createLogger({ service: 'gateway', level: 'info' }, destination({ dest: file, sync: true })) });
    try {
      stage.played.onRequest = (request) => stage.played.tell(Story.of(request).deployed(), request);
      await stage.http.post(path, { ...aCreateBody, scriptParameters: { CarrierUserPassword: 'hush-hush' } });
      const { errorTicket } = (await stage.http.post(path, { shortName: 'hidden.name' })).json as { errorTicket: string };
      await stage.http.get('/health/live');
      await expect.poll(async () => (await linesOf(file)).length).toBe(2);
      const text = await readFile(file, 'utf8');
      expect(await linesOf(file)).toMatchObject([
        { method: 'POST', route: path, status: 200, deploymentId: stage.played.requests[0]!.subject },
        { method: 'POST', route: path, status: 400, errorTicket, errorCode: 'SHORT_NAME_CHARACTERS' },
      ]);
      expect(text).not.toMatch(/hush-hush|hidden\.name|Northwind7/);
    } finally {
      await stage.clear();
      await rm(folder, { recursive: true });
    }
  });

  async function linesOf(file: string): Promise<Record<string, unknown>[]> {
    const lines = (await readFile(file, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    return lines.filter(({ msg }) => msg === 'request answered');
  }
});
