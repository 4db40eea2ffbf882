import { type FieldProblem, readJsonBytes, repeatedNameProblems } from '@trunkline/contracts';

import { refused, refusedFor } from '../problem/refused.js';

export interface ReadJson {
  readonly value: unknown;
  /** Names that stand twice in one object, of which `value` has only the last. */
  readonly repeated: readonly FieldProblem[];
}

/**
 * JSON from the bytes of a body, for who has more to say about it.
 * @throws Refused `MALFORMED_JSON`
 */
export function readJson(body: unknown): ReadJson {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const read = readJsonBytes(bytes);
  if (!read.ok) throw refused('MALFORMED_JSON', `The body is ${read.reason}. Send valid JSON in UTF-8.`);
  return { value: read.value, repeated: repeatedNameProblems(bytes) };
}

/**
 * JSON from the bytes of a body.
 * @throws Refused `MALFORMED_JSON`, `PROPERTY_CONFLICT`
 */
export function parseJson(body: unknown): unknown {
  const { repeated, value } = readJson(body);
  if (repeated.length > 0) throw refusedFor(repeated);
  return value;
}
