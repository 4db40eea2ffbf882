import { validateCreateCustomer } from '@trunkline/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aCreateBody } from './bodies.testing.js';
import { parseCreateCustomer } from './parse-create-customer.js';

const knownNames = [
  'shortName', 'SHORTNAME', 'fullName', 'siteLocation', 'sitelocation', 'ovocCustomerType', 'msTenantId', 'msTenantID', 'channelId', 'lcCustomerId', 'scriptParameters',
  'candidates', 'name', 'value', 'sbcid', 'sbcId', 'sbcOnboardingScript', 'CacProfile', 'CustomVar.Variable1', '__proto__', 'constructor', 'toString', 'then', 'length',
];
const knownTexts = ['', 'audit', 'BradSB1E1', 'IPGROUP_TYPE', 'fcc608c4-095b-4d1a-90e3-2106fc7024de', '5', 'ab\u0000c', '\ud800'];

const anyText = fc.oneof(fc.constantFrom(...knownTexts), fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }));
const anyName = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...knownNames) }, { weight: 1, arbitrary: anyText });

// Own properties only, `__proto__` among them, as JSON.parse makes them.
const objectOf = (entries: [string, unknown][]): unknown => JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`);
const { anyJson } = fc.letrec<{ anyJson: unknown; anyObject: unknown }>((tie) => ({
  anyJson: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(anyText, fc.constant(null), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.array(tie('anyJson'), { maxLength: 4 }),
    tie('anyObject'),
  ),
  anyObject: fc.array(fc.tuple(anyName, tie('anyJson')), { maxLength: 6 }).map(objectOf),
}));

/** Bodies that are nearly right: the documented one with anything done to it. */
const nearlyRight = fc.array(fc.tuple(anyName, anyJson), { maxLength: 3 }).map((changes) => objectOf([...Object.entries(aCreateBody()), ...changes]));

const printableText = fc.string({ unit: fc.constantFrom(...'abcXYZ019 -_\'.é株'), minLength: 1, maxLength: 30 });
const rightBody = fc.record({
  shortName: fc.string({ unit: fc.constantFrom(...'abcXYZ019-_\'!#$%&()+,;=@[]^`{}~'), minLength: 3, maxLength: 15 }),
  fullName: fc.option(printableText),
  siteLocation: fc.record({ sbcId: fc.integer({ min: 1, max: 2 ** 31 - 1 }), sbcOnboardingScript: fc.constantFrom(7, '7'), sbcCleanupScript: fc.constant(700) })
    .chain((site) => fc.constantFrom<unknown>(site, [site])),
  ovocCustomerType: fc.constantFrom('IPGROUP_TYPE', 'TENANT_TYPE'),
  msTenantId: fc.uuid().chain((guid) => fc.constantFrom(guid, guid.toUpperCase())),
  channelId: fc.option(fc.constantFrom(1574, '1574')),
  scriptParameters: fc.option(fc.dictionary(fc.constantFrom('CacProfile', 'Cac Profile', 'carrierMainLine', 'CustomVar.Variable2', 'Own-Name'), printableText, { maxKeys: 1 })),
}, { requiredKeys: ['shortName', 'siteLocation', 'ovocCustomerType', 'msTenantId'] });

describe('any create body', () => {
  it('ends as a request or with at least one error, whatever JSON it is', () => {
    fc.assert(fc.property(fc.oneof(anyJson, nearlyRight), (body) => {
      const result = parseCreateCustomer(body);
      if (result.ok) expect(validateCreateCustomer(result.request).ok).toBe(true);
      else {
        expect(result.errors.length).toBeGreaterThan(0);
        expect(result.errors.length).toBeLessThanOrEqual(128);
        for (const { field, message } of result.errors) {
          // Our own word, unless the caller sent it.
          if (!JSON.stringify(body).includes('candidates')) expect(`${field} ${message}`).not.toContain('candidates');
          expect(field.length).toBeLessThanOrEqual(512);
          // Nothing in an error may harm a database, a terminal or a log.
          expect(`${field}${message}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u);
        }
      }
    }), { numRuns: 3000 });
  });

  it('is checked strictly in the same way, whatever JSON it is', () => {
    fc.assert(fc.property(fc.oneof(anyJson, nearlyRight), (body) => {
      const result = validateCreateCustomer(body);
      if (!result.ok) expect(result.errors.length).toBeGreaterThan(0);
    }), { numRuns: 2000 });
  });

  it('is not changed by being read', () => {
    fc.assert(fc.property(nearlyRight, (body) => {
      const before = JSON.stringify(body);
      parseCreateCustomer(body);
      expect(JSON.stringify(body)).toBe(before);
    }));
  });

  it('that is accepted keeps all rules, and read again is the same request', () => {
    fc.assert(fc.property(fc.oneof(rightBody, nearlyRight), (body) => {
      const first = parseCreateCustomer(body);
      if (!first.ok) return;
      expect(validateCreateCustomer(JSON.parse(JSON.stringify(first.request)))).toEqual(first);
      const { candidates, ...fields } = first.request;
      expect(parseCreateCustomer({ ...fields, ...candidates })).toEqual(first);
    }), { numRuns: 2000 });
  });

  it('that follows the contract is accepted', () => {
    fc.assert(fc.property(rightBody, (body) => {
      fc.pre(body.shortName.toLowerCase() !== 'audit' && !/^\s*$/.test(body.fullName ?? 'x'));
      expect(parseCreateCustomer(body)).toMatchObject({ ok: true });
    }));
  });

  it('gives the same request whatever the order and the case of its properties', () => {
    fc.assert(fc.property(rightBody, fc.boolean(), (body, isUpper) => {
      const turned = Object.entries(body).reverse().map(([name, value]) => [isUpper ? name.toUpperCase() : name.toLowerCase(), value]);
      expect(parseCreateCustomer(Object.fromEntries(turned))).toEqual(parseCreateCustomer(body));
    }));
  });

  it.each([
    ['lists', (inner: unknown): unknown => [inner]],
    ['objects', (inner: unknown): unknown => ({ a: inner })],
  ])('nested a hundred thousand times in %s is refused without being walked', (_name, wrap) => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) nested = wrap(nested);
    for (const body of [nested, aCreateBody({ siteLocation: nested, SITELOCATION: nested }), aCreateBody({ scriptParameters: nested })]) {
      expect(parseCreateCustomer(body)).toMatchObject({ ok: false, errors: [{ code: 'MALFORMED_JSON' }] });
      expect(validateCreateCustomer(body)).toMatchObject({ ok: false, errors: [{ code: 'MALFORMED_JSON' }] });
    }
  });

  it('with thousands of problems is answered with a bounded list', () => {
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_value, index) => [`u${index}`, []]));
    const unsafe = JSON.parse(`[${Array.from({ length: 20_000 }, () => '{"__proto__":1}').join(',')}]`) as unknown;
    for (const body of [unknown, aCreateBody({ scriptParameters: unsafe }), aCreateBody({ siteLocation: unknown })]) {
      const result = parseCreateCustomer(body);
      const count = result.ok ? 0 : result.errors.length;
      expect(count).toBeGreaterThan(100);
      expect(count).toBeLessThanOrEqual(128);
    }
  });
});
