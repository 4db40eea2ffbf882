import { type FieldProblem, fieldProblem } from '@trunkline/contracts';

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FieldProblem };

type Query = Readonly<Record<string, unknown>>;

/** `true` or `false` in any case; absent is false. */
export function readFlag(query: Query, name: string): Read<boolean> {
  const given = query[name] ?? 'false';
  const text = typeof given === 'string' ? given.toLowerCase() : '';
  if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' };
  return { ok: false, problem: fieldProblem(name, 'BAD_REQUEST', `${name} must be true or false, given once.`) };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
}

/** A whole number within bounds; absent is `otherwise`. */
export function readNumber(query: Query, name: string, { max, min, otherwise }: Bounds): Read<number> {
  const given = query[name];
  if (given === undefined) return { ok: true, value: otherwise };
  const value = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return { ok: true, value };
  return { ok: false, problem: fieldProblem(name, 'BAD_REQUEST', `${name} must be a whole number from ${min} to ${max}, given once.`) };
}
