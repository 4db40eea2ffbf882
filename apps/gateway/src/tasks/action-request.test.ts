import { describe, expect, it } from 'vitest';

import { readAction } from './action-request.js';

describe('the request of an operator\'s action', () => {
  it.each([
    ['cancel', undefined, undefined],
    ['retry', {}, undefined],
    ['rollback', { reason: 'wrong SBC' }, 'wrong SBC'],
    ['abandon', { reason: 'cleaned by hand' }, 'cleaned by hand'],
    ['retry', { reason: null }, undefined],
  ])('takes %s with the body %j', (action, body, reason) => {
    expect(readAction(action, body)).toEqual({ ok: true, request: { action, reason } });
  });

  it.each([
    ['abandon', {}, ['REQUIRED']],
    ['cancel', [], ['MALFORMED_JSON']],
    ['cancel', 'text', ['MALFORMED_JSON']],
    ['cancel', { reason: 1, other: 2 }, ['UNKNOWN_PROPERTY', 'WRONG_TYPE']],
    ['cancel', { reason: '' }, ['BAD_REQUEST']],
    ['cancel', { reason: 'a\u0000b' }, ['BAD_REQUEST']],
    ['cancel', { reason: 'x'.repeat(513) }, ['BAD_REQUEST']],
  ])('refuses %s with the body %j, all problems at once', (action, body, codes) => {
    const read = readAction(action, body);
    expect(read && !read.ok && read.errors.map(({ code }) => code)).toEqual(codes);
  });

  it('knows no other action', () => {
    expect(readAction('explode', {})).toBeUndefined();
  });
});
