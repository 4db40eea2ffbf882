import { describe, expect, it } from 'vitest';

import { parseJson } from './json-body.js';
import { Refused } from '../problem/refused.js';

describe('the bytes of a body', () => {
  const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

  it.each([
    ['an object', Buffer.from('{"a":[1]}'), { a: [1] }],
    ['a bare value', Buffer.from('7'), 7],
    ['a byte order mark before it', Buffer.from('\ufeff{}'), {}],
    ['nesting as deep as allowed', Buffer.from('{"a":"[[["}'), { a: '[[[' }],
  ])('are read with %s', (_name, bytes, expected) => {
    expect(parseJson(bytes)).toEqual(expected);
  });

  it('are refused with a name that stands twice in one object, by its path', () => {
    const errors = [{ field: 'a[1].reason', code: 'PROPERTY_CONFLICT', message: 'a[1].reason is given twice in one object.' }];
    expect(() => parseJson(Buffer.from('{"a":[{"reason":1},{"reason":1,"reason":2}]}'))).toThrow(expect.objectContaining({ status: 400, errorCode: 'PROPERTY_CONFLICT', options: { errors } }));
  });

  it.each([
    ['bytes of ISO-8859-1', Buffer.from('{"a":"\u00fc"}', 'latin1'), /not UTF-8/],
    ['half a text', Buffer.from('{"a":'), /not JSON/],
    ['too many brackets', nested(33), /deeper than 32/],
  ])('are refused with %s, and the answer says so', (_name, bytes, detail) => {
    expect(() => parseJson(bytes)).toThrow(expect.objectContaining({ errorCode: 'MALFORMED_JSON', detail: expect.stringMatching(detail) as string }));
  });

  it.each([
    ['nothing', undefined],
    ['no bytes', Buffer.alloc(0)],
    ['cut JSON', Buffer.from('{"a":')],
    ['two values', Buffer.from('{}{}')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nesting that is too deep', nested(33)],
    ['nesting that would overflow a parser', nested(100_000)],
  ])('are refused with %s', (_name, bytes) => {
    expect(() => parseJson(bytes)).toThrow(Refused);
    expect(parseJson(nested(32))).toBeDefined();
  });
});
