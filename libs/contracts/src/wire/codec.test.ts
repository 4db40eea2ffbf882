import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { CloudEvent } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDeploymentHistory, historyNames } from '../process/histories.testing.js';
import { decode, encode } from './codec.js';
import type { Message } from '../message/message.js';
import { schemasOf } from './message-schemas.js';
import { eventClasses, requestClasses } from './registry.js';

// ajv-formats is CommonJS whose default export is nested when read as a module.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const request = {
  specversion: '1.0', id: 'a-1', source: 'crm', type: 'trunkline.customer.create.requested.v1', subject: '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11', time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  data: {
    caller: 'crm', provider: 'default',
    request: {
      shortName: 'Northwind7', fullName: 'Northwind', siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
      msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de', scriptParameters: {}, candidates: {},
    },
  },
};
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const events = historyNames.flatMap((name) => aDeploymentHistory(name));
const setIn = (path: string, value: unknown): object => {
  const copy = structuredClone(request) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const owner = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
  Object.defineProperty(owner, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
};

describe('decode', () => {
  it.each(events.map((event) => [event.id, event] as const))('reads back the event %s as it was written', (_id, event) => {
    expect(decode(encode(event))).toEqual({ ok: true, type: event.type, message: JSON.parse(JSON.stringify(event)) as unknown });
  });

  it('reads a request of another system', () => {
    expect(decode(bytes(request))).toMatchObject({ ok: true, message: { data: { request: { shortName: 'Northwind7' } } } });
  });

  it('gives a request without a subject the deployment that its source and id stand for', () => {
    const { subject: _none, ...without } = request;
    const first = decode(bytes(without));
    expect(first).toMatchObject({ ok: true, message: { subject: expect.stringMatching(/^[0-9a-f-]{36}$/) as string } });
    expect(decode(bytes(without))).toEqual(first);
    expect(decode(bytes({ ...without, id: 'a-2' }))).not.toEqual(first);
  });

  it.each([
    ['no JSON', 'not json'], ['no object', '[1]'], ['a bare null', 'null'], ['no type', {}], ['an unknown type', { ...request, type: 'trunkline.customer.create.requested.v9' }],
    ['an unknown property', setIn('data.extra', 1)], ['an unknown property of the request', setIn('data.request.extra', 1)], ['a short name with a NUL', setIn('data.request.shortName', 'ab\u0000c')],
    ['a request without a site', setIn('data.request.siteLocation', undefined)], ['an own constructor', setIn('data.request.scriptParameters.constructor', 'x')],
    ['an own __proto__', setIn('data.__proto__', {})], ['an own toString', setIn('data.request.candidates.toString', 'x')], ['a subject that is no UUID', setIn('subject', 'x')],
    ['deep nesting', `${'['.repeat(40)}${']'.repeat(40)}`], ['deeper nesting than a stack holds', '['.repeat(200_000)],
  ])('refuses %s with a reason', (_name, body) => {
    const decoded = decode(bytes(body));
    expect(decoded.ok).toBe(false);
    expect(!decoded.ok && decoded.reason).toMatch(/\S/);
  });

  const { data, ...envelope } = request;
  const { datacontenttype: _type, ...untyped } = request;
  const { time: _time, ...timeless } = request;
  const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64');
  const taken: [string, object][] = [
    ['without datacontenttype', untyped],
    ['with datacontenttype in capitals', { ...request, datacontenttype: 'Application/JSON' }],
    ['with a charset in datacontenttype', { ...request, datacontenttype: 'application/json; charset=utf-8' }],
    ['without time', timeless],
    ['with attributes of somebody else\'s', { ...request, tenantregion: 'emea', priority: 3, replayed: false, dataschema: 'https://example.net/s', sequence: 'x', data2: -1 }],
    ['with null for what is unset', { ...request, datacontenttype: null, time: null, traceparent: null, dataschema: null, data_base64: null }],
    ['with its data in base64', { ...envelope, data_base64: base64(JSON.stringify(data)) }],
    ['with its data in base64, behind a byte order mark', { ...envelope, data_base64: base64(`\ufeff${JSON.stringify(data, undefined, 2)}`) }],
    ['with null beside its data in base64', { ...envelope, data: null, data_base64: base64(JSON.stringify(data)) }],
  ];
  it.each(taken)('takes a request %s, and makes the same of it', (_name, event) => {
    const decoded = decode(bytes(event));
    expect(decoded).toMatchObject({ ok: true, message: { id: request.id, subject: request.subject, data } });
    expect(decoded.ok && Object.keys(decoded.message).filter((name) => !(name in request))).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['an attribute with a capital', { ...request, tenantRegion: 'emea' }, /tenantRegion/],
    ['an attribute with an underscore', { ...request, tenant_region: 'emea' }, /tenant_region/],
    ['an attribute that is an object', { ...request, extra: {} }, /extra/],
    ['an attribute that is a list', { ...request, extra: ['x'] }, /extra/],
    ['an attribute with a fraction', { ...request, extra: 1.5 }, /extra/],
    ['an attribute that would hide an object\'s own workings', setIn('constructor', 'x'), /constructor/],
    ['a time that is none', { ...request, time: 'today' }, /time/],
    ['other data than JSON', { ...request, datacontenttype: 'text/xml' }, /datacontenttype/],
    ['JSON in other characters than UTF-8', { ...request, datacontenttype: 'application/json; charset=utf-16' }, /datacontenttype/],
    ['neither data nor data_base64', envelope, /data/],
    ['null for data', { ...envelope, data: null }, /data/],
    ['data in both forms', { ...request, data_base64: base64('{}') }, /data and data_base64/],
    ['data_base64 that is no text', { ...envelope, data_base64: data }, /data_base64 is not base64/],
    ['data_base64 of other characters', { ...envelope, data_base64: 'e30\u00e4' }, /data_base64 is not base64/],
    ['data_base64 that is cut', { ...envelope, data_base64: base64(JSON.stringify(data)).slice(0, -1) }, /data_base64 is not base64/],
    ['data_base64 of ISO-8859-1', { ...envelope, data_base64: base64(Buffer.from('{"a":"\u00fc"}', 'latin1')) }, /data_base64 is not UTF-8/],
    ['data_base64 of no JSON', { ...envelope, data_base64: base64('a=1') }, /data_base64 is not JSON/],
    ['data_base64 of no object', { ...envelope, data_base64: base64('[1]') }, /data/],
    ['data_base64 of deep nesting', { ...envelope, data_base64: base64('['.repeat(33) + ']'.repeat(33)) }, /data_base64 is nested deeper/],
    ['data_base64 with a name twice', { ...envelope, data_base64: base64('{"caller":"a","caller":"b"}') }, /in data_base64, caller is given twice/],
    ['data_base64 with an own constructor', { ...envelope, data_base64: base64(JSON.stringify(data).replace('"caller"', '"constructor"')) }, /data\.constructor/],
    ['data_base64 with an unknown property', { ...envelope, data_base64: base64(JSON.stringify({ ...data, extra: 1 })) }, /extra/],
  ])('refuses %s', (_name, event, reason) => {
    expect(decode(bytes(event))).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
  });

  const ajv = addFormats(new Ajv2020({ strict: false }));
  const schema = ajv.compile(schemasOf(requestClasses).get(request.type)!);
  it.each<[string, object, boolean]>([
    ['as it is', request, true], ...taken.filter(([name]) => !name.includes('null')).map(([name, event]): [string, object, boolean] => [name, event, true]),
    ['without its subject', { ...request, subject: undefined }, true],
    ['without its id', { ...request, id: undefined }, false], ['without data', { ...request, data: undefined }, false], ['with data in both forms', { ...request, data_base64: 'e30=' }, false],
  ])('has a schema with the same verdict on a request %s', (_name, event, expected) => {
    const sent = JSON.parse(JSON.stringify(event)) as object;
    expect([schema(sent), decode(bytes(sent)).ok]).toEqual([expected, expected]);
  });

  it('takes a request behind a byte order mark', () => {
    expect(decode(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(request)]))).toEqual(decode(bytes(request)));
  });

  it.each([
    ['a request in ISO-8859-1', Buffer.from(JSON.stringify(setIn('data.request.fullName', 'K\u00fcchen Nord')), 'latin1')],
    ['an event of ours in ISO-8859-1', Buffer.from(JSON.stringify({ ...events[0], later: '\u00fc' }), 'latin1')],
    ['UTF-16 behind its own mark', Buffer.from(`\ufeff${JSON.stringify(request)}`, 'utf16le')],
    ['half a character', Buffer.from([...bytes(request).subarray(0, -1), 0xc3, 0x7d])],
  ])('refuses %s as not UTF-8', (_name, body) => {
    expect(decode(body)).toEqual({ ok: false, reason: 'not UTF-8' });
  });

  it('refuses a request in which a name stands twice, by its path', () => {
    const twice = JSON.stringify(request).replace('"shortName":', '"shortName":"Other","\\u0073hortName":');
    expect(decode(bytes(twice))).toEqual({ ok: false, reason: 'trunkline.customer.create.requested.v1: data.request.shortName is given twice in one object.' });
  });

  it('tolerates properties of our own events that a later build has added', () => {
    const event = { ...events[0], later: 1, data: { ...events[0]!.data, later: { x: 1 } } };
    expect(decode(bytes(event)).ok).toBe(true);
  });

  it('never throws, and its reasons can be stored', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fc.jsonValue().map((value) => JSON.stringify({ ...request, data: value }))), (text) => {
      const decoded = decode(bytes(text));
      if (!decoded.ok) expect(decoded.reason).not.toMatch(/[\u0000-\u001f]/);
    }));
  });
});

describe('the schema of an event', () => {
  const classes = new Map<string, new () => object>(eventClasses.map((event) => [event.type, event]));
  const byClass = (message: object): boolean => {
    const messageClass = classes.get((message as Message).type);
    return messageClass !== undefined && validateSync(plainToInstance(messageClass, message)).length === 0;
  };

  it.each(events.map((event) => [event.id, event] as const))('has the verdict of its class on %s', (_id, event) => {
    expect(byClass(event)).toBe(true);
  });

  it.each(['id', 'source', 'subject', 'time', 'round', 'sequence', 'step', 'data'])('has the verdict of its class when %s is missing or wrong', (property) => {
    for (const event of events) {
      for (const value of [undefined, '', -1, 1.5, {}, null]) {
        const broken = { ...event, [property]: value };
        expect([event.id, property, value, decode(bytes(broken)).ok]).toEqual(
          [event.id, property, value, byClass(JSON.parse(JSON.stringify(broken)) as object)],
        );
      }
    }
  });
});

describe('the envelope', () => {
  it.each([request, ...events].map((message) => [message.id, message] as const))('of %s is a valid CloudEvent', (_id, message) => {
    expect(new CloudEvent({ ...message } as never).validate()).toBe(true);
  });
});
