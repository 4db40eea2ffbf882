import { describe, expect, it } from 'vitest';

import { idempotencyKeyOf, prefersAsync } from './request-headers.js';

describe('the Idempotency-Key header', () => {
  it.each([
    ['is optional', undefined, 'none'],
    ['may be one character', 'a', 'given'],
    ['may be 255 visible characters', '~'.repeat(255), 'given'],
    ['may be quoted', '"8e03978e"', 'given'],
    ['may not be longer', 'a'.repeat(256), 'wrong'],
    ['may not be empty', '', 'wrong'],
    ['may not hold blanks, as two joined headers do', 'a, b', 'wrong'],
    ['may not hold other characters', 'ä', 'wrong'],
    ['may not be given twice', ['a', 'b'], 'wrong'],
  ])('%s', (_name, header, kind) => {
    expect(idempotencyKeyOf(header).kind).toBe(kind);
  });
});

describe('the Prefer header', () => {
  it.each([
    ['respond-async', true],
    ['Respond-Async', true],
    ['wait=10, respond-async', true],
    ['respond-async; x=1', true],
    [['return=minimal', 'respond-async'], true],
    ['respond-asynchronously', false],
    ['x=respond-async', false],
    ['', false],
    [undefined, false],
  ])('%j asks for an answer at once: %s', (header, expected) => {
    expect(prefersAsync(header)).toBe(expected);
  });
});
