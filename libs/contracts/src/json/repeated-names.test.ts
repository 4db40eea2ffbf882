import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { repeatedNameProblems, repeatedNames } from './repeated-names.js';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('names that stand twice in one JSON object', () => {
  it.each<[string, string, (string | number)[][]]>([
    ['at the top', '{"a":1,"a":2}', [['a']]],
    ['in an object of an object', '{"s":{"a":1,"b":{},"a":2}}', [['s', 'a']]],
    ['in a list', '[0,[],{"a":[1,2],"a":"x"}]', [[2, 'a']]],
    ['in a list of a list', '{"l":[[{}],[{},{"a":1,"a":1}]]}', [['l', 1, 1, 'a']]],
    ['once plain and once with escapes', '{"\\u0043acProfile":1,"CacProfile":2}', [['CacProfile']]],
    ['with a pair of surrogates, escaped and not', '{"\\ud83d\\ude00":1,"😀":2}', [['😀']]],
    ['with an escaped quote and backslash', '{"a\\"\\\\":1,"\\u0061\\u0022\\u005c":2}', [['a"\\']]],
    ['with blanks and line ends between', '{ "a" : 1 ,\r\n\t"a"\n: 2 }', [['a']]],
    ['three times, told once', '{"a":1,"a":2,"a":3}', [['a']]],
    ['with equal values', '{"a":1,"a":1}', [['a']]],
    ['empty', '{"":1,"":2}', [['']]],
    ['called like what every object has', '{"__proto__":1,"__proto__":2,"toString":1}', [['__proto__']]],
    ['in both values of one that stands twice', '{"a":{"b":1,"b":2},"a":{"b":1,"b":2}}', [['a', 'b'], ['a'], ['a', 'b']]],
    ['after a byte order mark', '\ufeff{"a":1,"a":2}', [['a']]],
  ])('are found %s', (_name, json, places) => {
    expect(repeatedNames(bytes(json), 10)).toEqual(places);
  });

  it.each([
    ['in different objects', '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}'],
    ['in another case', '{"a":1,"A":2}'],
    ['as values', '{"a":"a","b":"a","c":["a","a","b"]}'],
    ['inside texts', '{"a":"{\\"b\\":1,\\"b\\":2}","c":"},{\\\\","d":"\\"a\\":"}'],
    ['as different halves of a surrogate pair', '{"\\ud800":1,"\\ud801":2}'],
    ['in no object', '"a"'],
  ])('are none %s', (_name, json) => {
    expect(repeatedNames(bytes(json), 10)).toEqual([]);
  });

  it('are told up to a limit', () => {
    expect(repeatedNames(bytes('{"a":1,"a":2,"b":1,"b":2,"c":1,"c":2}'), 2)).toEqual([['a'], ['b']]);
  });

  it('are none in any JSON that has none', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      expect(repeatedNames(bytes(JSON.stringify(value, undefined, space)), 10)).toEqual([]);
    }), { numRuns: 1000 });
  });

  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('a', '__proto__', '{', '"', '\\', ',', ':', '\ud800'));
  // JSON text with a name that stands twice in one object, and the place of that name.
  const step = fc.oneof(name.map((key) => ({ key })), fc.nat({ max: 3 }).map((before) => ({ before })));
  const small = fc.jsonValue({ maxDepth: 2 });
  const planted = fc.record({ steps: fc.array(step, { maxLength: 40 }), key: name, one: small, other: small, isEscaped: fc.boolean() })
    .map(({ isEscaped, key, one, other, steps }) => {
      const escaped = `"${Array.from({ length: key.length }, (_unit, at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
      const inner = `{${JSON.stringify(key)}:${JSON.stringify(one)},${isEscaped ? escaped : JSON.stringify(key)}:${JSON.stringify(other)}}`;
      const json = steps.reduceRight((text, at) => ('key' in at ? `{${JSON.stringify(at.key)} : ${text}}` : `[${'[{}],'.repeat(at.before)}${text},"}"]`), inner);
      return { json, place: [...steps.map((at) => ('key' in at ? at.key : at.before)), key] };
    });

  it('are found at their place, however deep, where JSON.parse drops one', () => {
    fc.assert(fc.property(planted, ({ json, place }) => {
      expect(repeatedNames(bytes(json), 10)).toEqual([place]);
      const parent = place.slice(0, -1).reduce<unknown>((value, at) => (value as Record<string | number, unknown>)[at], JSON.parse(json));
      expect(Object.keys(parent as object)).toEqual([place.at(-1)]);
    }), { numRuns: 1000 });
  });

  it('are as many as JSON.parse drops', () => {
    const entries = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', '\\u0061', '\\u0062'), { minLength: 1 });
    fc.assert(fc.property(entries, (names) => {
      const json = `{${names.map((key, at) => `"${key}":${at}`).join(',')}}`;
      expect(repeatedNames(bytes(json), 10)).toHaveLength(names.length - Object.keys(JSON.parse(json) as object).length);
    }));
  });

  it('never throws on any bytes', () => {
    const structure = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '\\u', '"a"', '"\\x"', '1', '\n', '\ufeff'), { maxLength: 60 }).map((parts) => bytes(parts.join('')));
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), structure), (any) => {
      expect(repeatedNames(any, 10).length).toBeLessThanOrEqual(10);
      expect(repeatedNameProblems(any).length).toBeLessThanOrEqual(128);
    }), { numRuns: 5000 });
  });

  it.each([['lists', '['], ['objects', '{"a":']])('are looked for without recursion in %s', (_name, open) => {
    expect(repeatedNames(bytes(open.repeat(50_000)), 10)).toEqual([]);
  });
});

describe('what a caller is told of names that stand twice', () => {
  it.each([
    ['a field', '{"shortName":1,"shortName":2}', 'shortName'],
    ['a member of the site', '{"siteLocation":[{"sbcId":1,"sbcId":2}]}', 'siteLocation[0].sbcId'],
    ['a script parameter', '{"scriptParameters":{"CacProfile":"10 sessions","CacProfile":"50 sessions"}}', 'scriptParameters["CacProfile"]'],
    ['an odd name', '{"odd name":1,"odd name":2}', '["odd name"]'],
    ['a name that may harm a terminal', '{"a\\u001b":1,"a\\u001b":2}', '["a\\u001b"]'],
  ])('names %s', (_name, json, field) => {
    expect(repeatedNameProblems(bytes(json))).toEqual([{ field, code: 'PROPERTY_CONFLICT', message: `${field} is given twice in one object.` }]);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 500 }, (_value, index) => `"u${index}":1,"u${index}":2`).join(',');
    expect(repeatedNameProblems(bytes(`{${many}}`))).toHaveLength(128);
  });
});
