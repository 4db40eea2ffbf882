import { maxJsonDepth } from '../limits.js';
import { isDeeperThan } from './json-depth.js';

const utf8 = new TextDecoder('utf-8', /* safeguard: utf-8-only */ { fatal: true });

export type JsonRead = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/**
 * JSON from bytes that somebody sent, or what is wrong with them: they must be UTF-8, and a byte order mark before them is taken. Depth is
 * told before anything parses.
 */
export function readJsonBytes(bytes: Uint8Array): JsonRead {
  if (isDeeperThan(bytes, maxJsonDepth)) return { ok: false, reason: `nested deeper than ${maxJsonDepth}` };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, reason: 'not UTF-8' };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}
