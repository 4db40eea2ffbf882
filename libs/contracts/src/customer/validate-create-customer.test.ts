import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { schemasOf } from '../wire/message-schemas.js';
import { CustomerCreateRequested } from './customer-create-requested.js';
import { CreateCustomerRequest } from './create-customer-request.js';
import { validateCreateCustomer } from './validate-create-customer.js';

function problemsOf(request: unknown): string[] {
  const result = validateCreateCustomer(request);
  return result.ok ? [] : result.errors.map(({ field, code }) => `${field} ${code}`);
}

const site = { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 };
const least = { shortName: 'BradSB1E1', fullName: 'BradSB1E1', siteLocation: site, ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de' };
const aNormalRequest = (changes: object = {}) => ({ ...least, scriptParameters: {}, candidates: {}, ...changes });
const parsed = (json: string): unknown => JSON.parse(json);

describe('a request that claims to be in the normal form', () => {
  it('is taken as an instance of its class', () => {
    const result = validateCreateCustomer(aNormalRequest({ channelId: 7 }));
    expect(result).toEqual({ ok: true, request: aNormalRequest({ channelId: 7 }) });
    expect(result.ok && result.request).toBeInstanceOf(CreateCustomerRequest);
  });

  it('may leave out dictionaries that would be empty', () => {
    expect(validateCreateCustomer(least)).toMatchObject({ ok: true, request: { scriptParameters: {}, candidates: {} } });
  });

  it.each([
    ['an unknown property', { other: 'x' }, ['other UNKNOWN_PROPERTY']],
    ['a name every object has', { hasOwnProperty: 1 }, ['hasOwnProperty UNKNOWN_PROPERTY']],
    ['another spelling', { channelID: 5 }, ['channelID UNKNOWN_PROPERTY']],
    ['digits as an id', { channelId: '5' }, ['channelId ID_FORMAT']],
    ['null for an optional id', { lcCustomerId: null }, ['lcCustomerId ID_FORMAT']],
    ['no full name', { fullName: undefined }, ['fullName REQUIRED']],
    ['a full name with a blank at its end', { fullName: 'x ' }, ['fullName FULL_NAME_CHARACTERS']],
    ['a reserved short name', { shortName: 'Audit' }, ['shortName SHORT_NAME_RESERVED']],
    ['a list of one site', { siteLocation: [site] }, ['siteLocation SITE_LOCATION_TYPE']],
    ['an unknown member of the site', { siteLocation: { ...site, more: 1 } }, ['siteLocation.more UNKNOWN_PROPERTY']],
    ['a tenant id in capitals', { msTenantId: 'FCC608C4-095B-4D1A-90E3-2106FC7024DE' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['a number as a value', { scriptParameters: { A: 5 } }, ['scriptParameters["A"] SCRIPT_PARAMETER_VALUE']],
    ['a list of parameters', { scriptParameters: [] }, ['scriptParameters WRONG_TYPE']],
    ['a candidate with a line end', { candidates: { A: 'x\ny' } }, ['A SCRIPT_PARAMETER_VALUE']],
    ['null for candidates', { candidates: null }, ['candidates WRONG_TYPE']],
  ])('is refused for %s', (_name, changes, problems) => {
    expect(problemsOf(aNormalRequest(changes))).toEqual(problems);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])('is refused for %s anywhere', (name) => {
    const own = `{"${name}":"x"}`;
    const base = JSON.stringify(aNormalRequest()).slice(0, -1);
    expect(problemsOf(parsed(`${base},"${name}":{}}`))).toEqual([`${name} UNKNOWN_PROPERTY`]);
    expect(problemsOf(parsed(`${base},"scriptParameters":${own}}`))).toEqual([`scriptParameters.${name} UNKNOWN_PROPERTY`]);
    expect(problemsOf(parsed(`${base},"candidates":${own}}`))).toEqual([`candidates.${name} UNKNOWN_PROPERTY`]);
    expect(problemsOf(parsed(`${base},"siteLocation":{"sbcId":5,"sbcOnboardingScript":7,"sbcCleanupScript":700,"${name}":1}}`))).toEqual([`siteLocation.${name} UNKNOWN_PROPERTY`]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('is refused by the class alone, too, as the reader of messages uses it', () => {
    for (const changes of [{ shortName: 'ab\u0000c' }, { shortName: 'audit' }, { other: 'x' }, { candidates: { A: 'x\ny' } }, { siteLocation: [] }, { channelId: null }]) {
      const request = plainToInstance(CreateCustomerRequest, aNormalRequest(changes));
      expect(validateSync(request, { whitelist: true, forbidNonWhitelisted: true }), JSON.stringify(changes)).not.toEqual([]);
    }
    expect(validateSync(plainToInstance(CreateCustomerRequest, aNormalRequest()), { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  });
});

describe('the published schema of a create request', () => {
  const schema = schemasOf([CustomerCreateRequested]).get(CustomerCreateRequested.type) as { $defs: { CreateCustomerRequest: Schema; SiteLocation: Schema } };
  interface Schema {
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly required: readonly string[];
  }
  const { CreateCustomerRequest: request, SiteLocation: site } = schema.$defs;

  it('names types and limits', () => {
    expect(request.properties).toMatchObject({
      shortName: { type: 'string', minLength: 3, maxLength: 15 },
      fullName: { type: 'string', minLength: 1, maxLength: 200 },
      siteLocation: { $ref: '#/$defs/SiteLocation' },
      ovocCustomerType: { type: 'string', enum: ['IPGROUP_TYPE', 'TENANT_TYPE'] },
      msTenantId: { type: 'string' },
      channelId: { type: 'integer', minimum: 1 },
      scriptParameters: { type: 'object', additionalProperties: { type: 'string' } },
    });
    expect(request.required).not.toContain('channelId');
    expect(site.properties).toMatchObject({ sbcId: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } });
    expect(site.required).toEqual(['sbcId', 'sbcOnboardingScript', 'sbcCleanupScript']);
  });

  it('allows the same characters in a short name as the rule', () => {
    const pattern = new RegExp(String(request.properties['shortName']?.['pattern']), 'u');
    for (let code = 0; code < 0x180; code++) {
      const shortName = `ab${String.fromCodePoint(code)}`;
      expect(pattern.test(shortName), `U+${code.toString(16)}`).toBe(!problemsOf(aNormalRequest({ shortName })).includes('shortName SHORT_NAME_CHARACTERS'));
    }
  });

  it('has the form of a GUID as the rule has it', () => {
    const pattern = new RegExp(String(request.properties['msTenantId']?.['pattern']), 'u');
    fc.assert(fc.property(fc.uuid(), (guid) => {
      expect(pattern.test(guid)).toBe(true);
      expect(pattern.test(guid.toUpperCase())).toBe(/^[0-9-]*$/.test(guid));
    }));
  });
});
