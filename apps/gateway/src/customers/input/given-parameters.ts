import {
  canonicalParameter, type FieldProblem, fieldProblem, isJsonObject, type JsonObject, quoted, safeEntries, type VariableField, variablePath,
} from '@trunkline/contracts';

export type GivenVariable = readonly [name: string, value: unknown];

/**
 * Variables from any of the shapes of `scriptParameters`: a dictionary, a list of `{name, value}`, a list of dictionaries.
 * Undefined when it is none of them.
 */
export function readScriptParameters(value: unknown): { readonly given: readonly GivenVariable[]; readonly problems: readonly FieldProblem[] } | undefined {
  if (value === undefined) return { given: [], problems: [] };
  if (isJsonObject(value)) return { given: safeEntries(value), problems: [] };
  if (!Array.isArray(value)) return undefined;
  const given: GivenVariable[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, element] of (value as readonly unknown[]).entries()) {
    const variables = isJsonObject(element) ? readElement(element) : undefined;
    if (variables) given.push(...variables);
    else {
      const at = `scriptParameters[${index}]`;
      problems.push(fieldProblem(at, 'WRONG_TYPE', `${at} must be {"name": ..., "value": ...} or an object with a value for each name.`));
    }
  }
  return { given, problems };
}

function readElement(element: JsonObject): readonly GivenVariable[] | undefined {
  const entries = safeEntries(element);
  const named = entries.find(([key]) => key.toLowerCase() === 'name');
  if (!named) return entries;
  const rest = entries.filter((entry) => entry !== named);
  const [value] = rest;
  if (rest.length !== 1 || value?.[0].toLowerCase() !== 'value' || typeof named[1] !== 'string') return undefined;
  return [[named[1], value[1]]];
}

/** A dictionary by canonical name, values as texts. `null` is absent; the same variable with different values is a conflict. */
export function collectVariables(field: VariableField, given: readonly GivenVariable[]): {
  readonly variables: Record<string, unknown>;
  readonly conflicts: readonly FieldProblem[];
} {
  const byName = new Map<string, { readonly name: string; readonly value: unknown }>();
  const conflicts = new Map<string, FieldProblem>();
  for (const [spelling, raw] of given) {
    if (raw === null) continue;
    const name = canonicalParameter(spelling) ?? spelling;
    const key = name.toLowerCase();
    const value = toText(raw);
    const first = byName.get(key);
    if (!first) byName.set(key, { name, value });
    else if (first.value !== value) {
      conflicts.set(key, fieldProblem(variablePath(field, first.name), 'SCRIPT_PARAMETER_CONFLICT', `${quoted(first.name)} is given twice with different values.`));
    }
  }
  return { variables: Object.fromEntries([...byName.values()].map(({ name, value }) => [name, value])), conflicts: [...conflicts.values()] };
}

// What has no text of its own stays as it is, for the rules to refuse.
function toText(value: unknown): unknown {
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : value;
}
