import { isDeepStrictEqual } from 'node:util';

import { type FieldProblem, fieldProblem, type JsonObject, propertyPath, safeEntries } from '@trunkline/contracts';

/** How each property is brought into its normal form, by its canonical name. */
export type Normalisers = Readonly<Record<string, (value: unknown) => unknown>>;

/** An object sorted by what its names mean. */
export interface Spelled {
  /** Known properties by canonical name, normalised; those that are `null` in every spelling are absent. */
  readonly known: Record<string, unknown>;
  readonly others: readonly (readonly [name: string, value: unknown])[];
  readonly conflicts: readonly FieldProblem[];
}

/** Finds the known properties of an object whatever the case of their names. Two spellings with different values are a conflict; the first counts. */
export function readSpellings(value: JsonObject, normalisers: Normalisers, path: string): Spelled {
  const canonical = new Map(Object.keys(normalisers).map((name) => [name.toLowerCase(), name]));
  const known = new Map<string, unknown>();
  const conflicts = new Map<string, FieldProblem>();
  const others: [string, unknown][] = [];
  for (const [spelling, given] of safeEntries(value)) {
    const name = canonical.get(spelling.toLowerCase());
    if (name === undefined) {
      others.push([spelling, given]);
      continue;
    }
    const normal = given === null ? undefined : normalisers[name]?.(given);
    if (normal === undefined) continue;
    if (!known.has(name)) known.set(name, normal);
    else if (!isDeepStrictEqual(known.get(name), normal)) {
      const at = propertyPath(path, name);
      conflicts.set(name, fieldProblem(at, 'PROPERTY_CONFLICT', `${at} is given in two spellings with different values.`));
    }
  }
  return { known: Object.fromEntries(known), others, conflicts: [...conflicts.values()] };
}

/** Digits as the integer they are; anything else as it is. */
export function digitsToInteger(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\d{1,16}$/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
