import { describe, expect, it } from 'vitest';

import { Refused } from '../problem/refused.js';
import { readCreateBody } from './create-body.js';

const members = [
  '"shortName":"Northwind7"', '"siteLocation":{"sbcId":5,"sbcOnboardingScript":7,"sbcCleanupScript":700}', '"ovocCustomerType":"IPGROUP_TYPE"',
  '"msTenantId":"fcc608c4-095b-4d1a-90e3-2106fc7024de"',
];
const bodyWith = (...more: string[]): Buffer => Buffer.from(`{${[...members, ...more].join(',')}}`);

function problemsOf(bytes: Buffer): string[] {
  const result = readCreateBody(bytes);
  return result.ok ? [] : result.errors.map(({ field, code }) => `${field} ${code}`);
}

describe('the bytes of a create body', () => {
  it('are a request', () => {
    expect(readCreateBody(bodyWith('"scriptParameters":{"CacProfile":"10 sessions"}'))).toMatchObject({
      ok: true, request: { shortName: 'Northwind7', scriptParameters: { CacProfile: '10 sessions' } },
    });
  });

  it.each([
    ['a variable twice with different values', ['"scriptParameters":{"CacProfile":"10 sessions","CacProfile":"50 sessions"}'], ['scriptParameters["CacProfile"] PROPERTY_CONFLICT']],
    ['a variable twice, once with escapes', ['"scriptParameters":{"CacProfile":"10 sessions","\\u0043acProfile":"50 sessions"}'], ['scriptParameters["CacProfile"] PROPERTY_CONFLICT']],
    ['a variable twice with the same value', ['"scriptParameters":{"CacProfile":"10 sessions","CacProfile":"10 sessions"}'], ['scriptParameters["CacProfile"] PROPERTY_CONFLICT']],
    ['a variable twice at the top', ['"IPPBX-Port":1', '"IPPBX-Port":2'], ['IPPBX-Port PROPERTY_CONFLICT']],
    ['two values in one element of a list', ['"scriptParameters":[{"name":"CacProfile","value":"1","value":"2"}]'], ['scriptParameters[0].value PROPERTY_CONFLICT']],
    ['two short names', ['"shortName":"Northwind8"'], ['shortName PROPERTY_CONFLICT']],
    ['two short names, and a third in another case', ['"shortName":"Northwind8"', '"SHORTNAME":"Northwind9"'], ['shortName PROPERTY_CONFLICT']],
    ['two short names and what else is wrong', ['"shortName":"audit"', '"channelId":"x"'], ['shortName PROPERTY_CONFLICT', 'shortName SHORT_NAME_RESERVED', 'channelId ID_FORMAT']],
  ])('are refused for %s', (_name, more, problems) => {
    expect(problemsOf(bodyWith(...more))).toEqual(problems);
  });

  it('are refused with at most 128 problems', () => {
    const twice = Array.from({ length: 100 }, (_value, index) => `"u${index}":[],"u${index}":[]`);
    expect(problemsOf(bodyWith(...twice))).toHaveLength(128);
  });

  it('are refused at once when they are no JSON', () => {
    expect(() => readCreateBody(Buffer.from('{"a":1,"a":'))).toThrow(Refused);
  });
});
