import { type FieldProblem, fieldProblem } from '@trunkline/contracts';

export type IdempotencyKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly key: string }
  | { readonly kind: 'wrong'; readonly problem: FieldProblem };

/** The `Idempotency-Key` header: 1 to 255 visible ASCII characters. */
export function idempotencyKeyOf(header: string | readonly string[] | undefined): IdempotencyKey {
  if (header === undefined) return { kind: 'none' };
  if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return { kind: 'given', key: header };
  return { kind: 'wrong', problem: fieldProblem('Idempotency-Key', 'IDEMPOTENCY_KEY_FORMAT', 'Idempotency-Key must be 1-255 visible ASCII characters, given once.') };
}

/** Whether the caller prefers not to wait: `Prefer: respond-async`. */
export function prefersAsync(header: string | readonly string[] | undefined): boolean {
  const preferences = [header ?? []].flat().join(',').split(',');
  return preferences.some((preference) => /^\s*respond-async\s*(?:;|$)/i.test(preference));
}
