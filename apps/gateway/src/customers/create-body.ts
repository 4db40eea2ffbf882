import { type CreateCustomerResult, maxFieldProblems } from '@trunkline/contracts';

import { readJson } from '../http/json-body.js';
import { parseCreateCustomer } from './input/parse-create-customer.js';

/**
 * The request in the bytes of a create body, or all that is wrong with it, names that stand twice first; at most 128 errors.
 * @throws Refused `MALFORMED_JSON`
 */
export function readCreateBody(body: unknown): CreateCustomerResult {
  const { repeated, value } = readJson(body);
  const parsed = parseCreateCustomer(value);
  if (repeated.length === 0) return parsed;
  // The same field in two spellings and twice in one of them is one conflict.
  const others = parsed.ok ? [] : parsed.errors.filter(({ code, field }) => !repeated.some((problem) => problem.field === field && problem.code === code));
  return { ok: false, errors: [...repeated, ...others].slice(0, maxFieldProblems) };
}
