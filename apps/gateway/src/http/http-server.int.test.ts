import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@trunkline/runtime';
import { Story } from '@trunkline/testing';
import { destination } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aCreateBody, GatewayUnderTest } from '../gateway.testing.js';

const path = '/api/v2/customer';
const json = { 'content-type': 'application/json' };
const good = JSON.stringify(aCreateBody);
const padded = (bytes: number): string => JSON.stringify({ ...aCreateBody, shortName: 'x'.repeat(bytes) });
const guid = '5d0a9d2e-6a3c-5c0e-8a55-0d8c0a8b7a10';

describe('what the gateway refuses', () => {
  let stage: GatewayUnderTest;
  beforeAll(async () => { stage = await GatewayUnderTest.set({ basePath: '/voice' }); });
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

  const end = 'Connection: close\r\n\r\n';
  const create = (head: string): string => `POST /voice${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 2\r\n${end}{}`;
  it.each<[string, string, number, string]>([
    ['no HTTP at all', 'HELLO\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a method nobody knows', `BREW /pot HTTP/1.1\r\nHost: x\r\n${end}`, 400, 'BAD_REQUEST'],
    ['a version nobody speaks', `GET /health/live HTTP/3.0\r\nHost: x\r\n${end}`, 400, 'BAD_REQUEST'],
    ['the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'BAD_REQUEST'],
    ['two ways to end', `POST /voice${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n${end}{}`, 400, 'BAD_REQUEST'],
    ['headers longer than 16 KiB', `GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n${end}`, 431, 'HEADERS_TOO_LARGE'],
    ['the wish for a tunnel', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    ['another expectation', create('Host: x\r\nExpect: something\r\n'), 417, 'EXPECTATION_FAILED'],
    ['another expectation beside the known one', create('Host: x\r\nExpect: 100-continue, something\r\n'), 417, 'EXPECTATION_FAILED'],
    ['no host', create(''), 400, 'BAD_REQUEST'],
    ['no host, for a path that is not there', `GET /nowhere HTTP/1.1\r\n${end}`, 400, 'BAD_REQUEST'],
    ['two hosts', create('Host: x\r\nHost: y\r\n'), 400, 'BAD_REQUEST'],
    ['a host with a blank', create('Host: a b\r\n'), 400, 'BAD_REQUEST'],
    ['a host with a path', create('Host: x/y\r\n'), 400, 'BAD_REQUEST'],
    ['a host with a port that is none', create('Host: x:y\r\n'), 400, 'BAD_REQUEST'],
  ])('is a problem, too, for %s', async (_name, raw, status, errorCode) => {
    const { body, head } = await exchange(raw);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json\r\n');
    expect(JSON.parse(body)).toMatchObject({ status, errorCode, errorTicket: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(stage.played.requests).toEqual([]);
  });

  it.each([
    ['no host before HTTP/1.1', `GET /health/live HTTP/1.0\r\n${end}`],
    ['an address in brackets and a port', `GET /health/live HTTP/1.1\r\nHost: [::1]:8080\r\n${end}`],
    ['a name with a port', `GET /health/live HTTP/1.1\r\nHost: Trunkline.example.net:8080\r\n${end}`],
    ['the expectation that is known, in whatever case', `GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n${end}`],
  ])('is not told to who sends %s', async (_name, raw) => {
    expect((await exchange(raw)).head).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(['Identity', 'IDENTITY', 'identity, Identity', ''])('is not told of a body whose coding is "%s"', async (coding) => {
    const answer = await stage.http.send('POST', `/voice${path}`, { headers: { ...json, 'content-encoding': coding }, raw: '{}' });
    expect(answer).toMatchObject({ status: 400, json: { errorCode: 'REQUIRED' } });
  });

  /** What comes back on a connection of its own, after an interim answer. */
  async function exchange(raw: string): Promise<{ readonly head: string; readonly body: string }> {
    const { hostname, port } = new URL(stage.gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write(raw);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const [head = '', body = ''] = Buffer.concat(chunks).toString().replace('HTTP/1.1 100 Continue\r\n\r\n', '').split('\r\n\r\n');
    return { head: `${head}\r\n`, body };
  }
});

describe('the log of requests', () => {
  it('has one line a request, with what finds it and nothing of its body', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-gateway-'));
    const file = join(folder, 'log');
    const stage = await GatewayUnderTest.set({ logger: createLogger({ service: 'gateway', level: 'info' }, destination({ dest: file, sync: true })) });
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
