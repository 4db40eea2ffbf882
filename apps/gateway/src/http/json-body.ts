import { isDeeperThan } from '@trunkline/contracts';

import { refused } from '../problem/refused.js';

const maxDepth = 32;
// As every JSON parser, this one takes UTF-8 alone; ASCII is UTF-8.
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Whether a `Content-Type` header announces JSON that can be read here. */
export function isJson(contentType: string | undefined): boolean {
  const [mediaType = '', ...parameters] = (contentType ?? '').toLowerCase().split(';').map((part) => part.trim());
  if (!/^application\/(?:[a-z0-9!#$&^_.-]+\+)?json$/.test(mediaType)) return false;
  return parameters.every((parameter) => {
    const charset = /^charset\s*=\s*"?([^"]*)"?$/.exec(parameter)?.[1];
    return charset === undefined || charsets.has(charset);
  });
}

/**
 * JSON from the bytes of a body. Depth is told before anything parses it.
 * @throws Refused `MALFORMED_JSON`
 */
export function parseJson(body: unknown): unknown {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  if (isDeeperThan(bytes, maxDepth)) throw refused('MALFORMED_JSON', `The body is nested deeper than ${maxDepth}.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw refused('MALFORMED_JSON', 'The body is not valid JSON in UTF-8.');
  }
}
