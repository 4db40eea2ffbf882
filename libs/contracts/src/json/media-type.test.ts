import { describe, expect, it } from 'vitest';

import { jsonMediaType } from './media-type.js';

describe('a media type', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON', true],
    ['application/json; charset=utf-8', true],
    ['application/json;charset="UTF-8"', true],
    ['application/json; odata=verbose', true],
    ['application/vnd.example+json', true],
    ['application/json; charset=us-ascii; odata=verbose', true],
    ['application/json; charset=utf-16', false],
    ['application/json; odata=verbose; Charset="latin1"', false],
    ['application/jsonp', false],
    ['application/x-www-form-urlencoded', false],
    ['text/json', false],
    ['text/plain', false],
    ['application/+json', false],
    ['', false],
  ])('%s is JSON: %s', (mediaType, expected) => {
    expect(jsonMediaType.test(mediaType)).toBe(expected);
  });
});
