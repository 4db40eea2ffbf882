import { describe, expect, it } from 'vitest';

import { aCreateBody, aNormalRequest } from './bodies.testing.js';
import { parseCreateCustomer } from './parse-create-customer.js';

const site = { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 };

/** The problems of a body as `field code`. */
function problemsOf(body: unknown): string[] {
  const result = parseCreateCustomer(body);
  return result.ok ? [] : result.errors.map(({ field, code }) => `${field} ${code}`);
}

/** The accepted request as JSON has it. */
function accepted(body: unknown): unknown {
  const result = parseCreateCustomer(body);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return JSON.parse(JSON.stringify(result.request));
}

describe('what a create body may look like', () => {
  it('takes the documented example as it is', () => {
    expect(accepted(aCreateBody())).toEqual(aNormalRequest());
  });

  it.each([
    ['a site location in a list of one', { siteLocation: [site] }],
    ['sbcid in small letters', { siteLocation: { sbcid: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 } }],
    ['ids as digits', { siteLocation: { sbcId: '5', sbcOnboardingScript: '7', sbcCleanupScript: '700' } }],
    ['a tenant id in capitals', { msTenantId: 'FCC608C4-095B-4D1A-90E3-2106FC7024DE' }],
    ['blanks around the full name', { fullName: '  BradSB1E1 ' }],
    ['no full name', { fullName: undefined }],
    ['an empty full name', { fullName: '' }],
    ['a full name of blanks', { fullName: '   ' }],
    ['null for every optional field', { fullName: null, channelId: null, lcCustomerId: null, scriptParameters: null }],
    ['null for a script parameter', { scriptParameters: { CacProfile: null } }],
    ['null for a built-in parameter at the top', { CacProfile: null }],
    ['empty script parameters in every shape', { scriptParameters: [] }],
    ['the same field in two spellings with one value', { SHORTNAME: 'BradSB1E1', msTenantID: 'fcc608c4-095B-4d1a-90e3-2106fc7024de' }],
    ['a second spelling that is null', { ShortName: null }],
  ])('takes %s for the same request', (_name, changes) => {
    expect(accepted(aCreateBody(changes))).toEqual(aNormalRequest());
  });

  it('takes property names in any case, at every level', () => {
    const body = JSON.parse(JSON.stringify(aCreateBody({ channelId: 1574 })).replace(/"(\w+)":/g, (_match, name: string) => `"${name.toUpperCase()}":`));
    expect(accepted(body)).toEqual(aNormalRequest({ channelId: 1574 }));
  });

  it.each([
    ['channelId as a number', { channelId: 1574 }, { channelId: 1574 }],
    ['channelId as digits', { channelId: '1574' }, { channelId: 1574 }],
    ['lcCustomerId as a number', { lcCustomerId: 9 }, { lcCustomerId: 9 }],
    ['lcCustomerId as digits', { lcCustomerId: '9' }, { lcCustomerId: 9 }],
    ['TENANT_TYPE', { ovocCustomerType: 'TENANT_TYPE' }, { ovocCustomerType: 'TENANT_TYPE' }],
    ['an apostrophe, dots and other alphabets in the full name', { fullName: 'O\'Brien & Søn Ltd. 株式会社' }, { fullName: 'O\'Brien & Søn Ltd. 株式会社' }],
    ['an apostrophe and other marks in the short name', { shortName: 'a\'b$%;`(x)' }, { shortName: 'a\'b$%;`(x)' }],
  ])('takes %s', (_name, changes, expected) => {
    expect(accepted(aCreateBody(changes))).toEqual(aNormalRequest(expected));
  });

  it('uses the short name where no full name is given', () => {
    expect(accepted(aCreateBody({ shortName: 'Auditel', fullName: null }))).toMatchObject({ shortName: 'Auditel', fullName: 'Auditel' });
  });
});

describe('rules of the short name', () => {
  it.each(['abc', 'BradSB1E1', 'a23456789012345', 'Auditel', 'au-dit', '!#$%&\'()+,-;=@', '[]^_`{}~'])('takes %s', (shortName) => {
    expect(problemsOf(aCreateBody({ shortName, fullName: null }))).toEqual([]);
  });

  it.each(['', 'ab', 'a234567890123456'])('refuses the length of "%s"', (shortName) => {
    expect(problemsOf(aCreateBody({ shortName }))).toEqual(['shortName SHORT_NAME_LENGTH']);
  });

  it.each(['\\', '/', ':', '*', '?', '"', '<', '>', '|', '.', ' ', '\t', '\n', '\r', '\0', '\x7f', 'é', '\u00a0', '\u200b', '\u202e', '\ud800', 'Ａ', '😀'])(
    'refuses the character %j wherever it stands',
    (character) => {
      for (const shortName of [`${character}abc`, `ab${character}c`, `abc${character}`]) {
        expect(problemsOf(aCreateBody({ shortName }))).toEqual(['shortName SHORT_NAME_CHARACTERS']);
      }
    },
  );

  it.each(['audit', 'AUDIT', 'aUdIt'])('refuses the reserved name %s', (shortName) => {
    expect(problemsOf(aCreateBody({ shortName, fullName: null }))).toEqual(['shortName SHORT_NAME_RESERVED']);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(problemsOf(aCreateBody({ shortName: '😀😀' }))).toEqual(['shortName SHORT_NAME_LENGTH', 'shortName SHORT_NAME_CHARACTERS']);
  });

  it('says in words what is wrong', () => {
    expect(parseCreateCustomer(aCreateBody({ shortName: 'ab' }))).toEqual({
      ok: false, errors: [{ field: 'shortName', code: 'SHORT_NAME_LENGTH', message: 'shortName must be 3-15 characters.' }],
    });
  });
});

describe('rules of the other fields', () => {
  it.each(['\\', '/', ':', '*', '?', '"', '<', '>', '|', '\t', '\n', '\r', '\0', '\u0085', '\u200b', '\u2028', '\u2029', '\ue000', '\ufeff', '\ud800', '\u0378'])(
    'refuses the character %j wherever it stands in the full name',
    (character) => {
      for (const fullName of [`${character}abc`, `ab${character}c`, `abc${character}`]) {
        expect(problemsOf(aCreateBody({ fullName }))).toEqual(['fullName FULL_NAME_CHARACTERS']);
      }
    },
  );

  it.each([
    ['no short name', { shortName: undefined }, ['shortName REQUIRED']],
    ['null for the short name', { shortName: null }, ['shortName REQUIRED']],
    ['a number as short name', { shortName: 12345, fullName: null }, ['shortName WRONG_TYPE']],
    ['a list as full name', { fullName: ['x'] }, ['fullName WRONG_TYPE']],
    ['a full name of 201 characters', { fullName: 'x'.repeat(201) }, ['fullName FULL_NAME_LENGTH']],
    ['no site location', { siteLocation: undefined }, ['siteLocation REQUIRED']],
    ['null for the site location', { siteLocation: null }, ['siteLocation REQUIRED']],
    ['an empty list of sites', { siteLocation: [] }, ['siteLocation SITE_LOCATION_COUNT']],
    ['two sites', { siteLocation: [site, site] }, ['siteLocation SITE_LOCATION_COUNT']],
    ['a site that is a number', { siteLocation: 5 }, ['siteLocation SITE_LOCATION_TYPE']],
    ['a site that is a text', { siteLocation: '{}' }, ['siteLocation SITE_LOCATION_TYPE']],
    ['a list of one number', { siteLocation: [5] }, ['siteLocation SITE_LOCATION_TYPE']],
    ['a list in a list', { siteLocation: [[site]] }, ['siteLocation SITE_LOCATION_TYPE']],
    ['an empty site', { siteLocation: {} }, ['siteLocation.sbcId REQUIRED', 'siteLocation.sbcOnboardingScript REQUIRED', 'siteLocation.sbcCleanupScript REQUIRED']],
    ['null for an id', { siteLocation: { ...site, sbcId: null } }, ['siteLocation.sbcId REQUIRED']],
    ['an unknown member of the site', { siteLocation: { ...site, name: 'x' } }, ['siteLocation.name UNKNOWN_PROPERTY']],
    ['an unknown member of a listed site', { siteLocation: [{ ...site, 'odd name': null }] }, ['siteLocation["odd name"] UNKNOWN_PROPERTY']],
    ['two ids of one SBC', { siteLocation: { ...site, SBCID: 6 } }, ['siteLocation.sbcId PROPERTY_CONFLICT']],
    ['no type', { ovocCustomerType: null }, ['ovocCustomerType REQUIRED']],
    ['the type of an imported customer', { ovocCustomerType: 'TENANT_TYPE_GW' }, ['ovocCustomerType OVOC_CUSTOMER_TYPE']],
    ['the type in small letters', { ovocCustomerType: 'ipgroup_type' }, ['ovocCustomerType OVOC_CUSTOMER_TYPE']],
    ['the type in other words', { ovocCustomerType: 'Tenant ID' }, ['ovocCustomerType OVOC_CUSTOMER_TYPE']],
    ['a type that is a number', { ovocCustomerType: 0 }, ['ovocCustomerType OVOC_CUSTOMER_TYPE']],
    ['no tenant', { msTenantId: undefined }, ['msTenantId MS_TENANT_ID_REQUIRED']],
    ['null for the tenant', { msTenantId: null, ovocCustomerType: 'TENANT_TYPE' }, ['msTenantId MS_TENANT_ID_REQUIRED']],
    ['an empty tenant', { msTenantId: '' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['a domain as tenant', { msTenantId: 'contoso.com' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['the word common as tenant', { msTenantId: 'common' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['a tenant in braces', { msTenantId: '{fcc608c4-095b-4d1a-90e3-2106fc7024de}' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['a line end behind the tenant', { msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de\n' }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['a number as tenant', { msTenantId: 5 }, ['msTenantId MS_TENANT_ID_FORMAT']],
    ['the all-zero tenant', { msTenantId: '00000000-0000-0000-0000-000000000000' }, ['msTenantId MS_TENANT_ID_NOT_ALLOWED']],
    ['the tenant of consumers', { msTenantId: '9188040D-6C67-4C5B-B112-36A304B66DAD' }, ['msTenantId MS_TENANT_ID_NOT_ALLOWED']],
    ['a property of the wrong kind', { contacts: {} }, ['contacts UNKNOWN_PROPERTY']],
    ['a list as unknown property', { sites: [1] }, ['sites UNKNOWN_PROPERTY']],
    ['null as unknown property', { other: null }, ['other UNKNOWN_PROPERTY']],
    ['our own word for variables', { candidates: {} }, ['candidates UNKNOWN_PROPERTY']],
    ['two short names', { ShortName: 'Other' }, ['shortName PROPERTY_CONFLICT']],
    ['two site locations', { sitelocation: [{ ...site, sbcId: 6 }] }, ['siteLocation PROPERTY_CONFLICT']],
  ])('refuses %s', (_name, changes, expected) => {
    expect(problemsOf(aCreateBody(changes))).toEqual(expected);
  });

  const ids = ['siteLocation.sbcId', 'siteLocation.sbcOnboardingScript', 'siteLocation.sbcCleanupScript', 'channelId', 'lcCustomerId'];
  const badIds = [0, -1, 1.5, 2_147_483_648, 1e300, Infinity, true, '', 'abc', '0', '-5', ' 5', '5.0', '0x5', '99999999999999999999', [], {}];
  it.each(ids.flatMap((field) => badIds.map((value) => [field, value] as const)))('refuses for %s the value %j', (field, value) => {
    const [name, member] = field.split('.') as [string, string?];
    expect(problemsOf(aCreateBody(member === undefined ? { [name]: value } : { siteLocation: { ...site, [member]: value } }))).toEqual([`${field} ID_FORMAT`]);
  });

  it('reports everything at once', () => {
    expect(problemsOf({ shortName: 'a.', fullName: 'a\0', siteLocation: { sbcId: 0, x: 1 }, ovocCustomerType: 'X', channelId: 'x', scriptParameters: 5, more: [] })).toEqual([
      'shortName SHORT_NAME_LENGTH', 'shortName SHORT_NAME_CHARACTERS', 'fullName FULL_NAME_CHARACTERS', 'siteLocation.sbcId ID_FORMAT',
      'siteLocation.sbcOnboardingScript REQUIRED', 'siteLocation.sbcCleanupScript REQUIRED', 'ovocCustomerType OVOC_CUSTOMER_TYPE',
      'msTenantId MS_TENANT_ID_REQUIRED', 'channelId ID_FORMAT', 'scriptParameters WRONG_TYPE', 'more UNKNOWN_PROPERTY', 'siteLocation.x UNKNOWN_PROPERTY',
    ]);
  });

  it.each([['a list', []], ['a text', 'x'], ['a number', 5], ['null', null], ['nothing', undefined]])('refuses a body that is %s', (_name, body) => {
    expect(problemsOf(body)).toEqual([' MALFORMED_JSON']);
  });
});
