import {
  builtinParameter, canonicalParameter, type FieldProblem, fieldProblem, memberPath, quoted, type VariableField, variableNumber, variablePath,
  variableProblems,
} from '@trunkline/contracts';

/** What a request sends for a script, opened: nothing in it is encrypted. */
export interface GivenParameters {
  readonly scriptParameters: Readonly<Record<string, string>>;
  /** Properties of the body that may be variables. */
  readonly candidates: Readonly<Record<string, string>>;
}

/** A variable the onboarding script declares; its place in the list is its number, from 1. */
export interface DeclaredVariable {
  readonly name: string;
  readonly secret?: boolean;
  readonly defaultValue?: string | null;
}

export interface ScriptNeeds {
  readonly customerVariables: readonly DeclaredVariable[];
  /**
   * The names that the script can't be rendered without, given these values. A name that has a value is not missing, so a fixed list
   * will do, and so will what is missing after a look at the template. A declared variable may be named by its number.
   */
  readonly required: (values: Readonly<Record<string, string>>) => readonly string[];
}

/** What exists on the SBC for a script to refer to. */
export interface SbcLists {
  readonly cacProfiles: readonly string[];
  readonly proxySets: readonly string[];
}

export type ResolvedParameters = Resolved | { readonly ok: false; readonly errors: readonly FieldProblem[] };

export interface Resolved {
  readonly ok: true;
  /** By canonical or declared name, defaults included, nothing empty. */
  readonly values: Readonly<Record<string, string>>;
  /** Names in `values` that must never be stored or sent in clear. */
  readonly secretNames: readonly string[];
}

/** Which variable each value is for, and whether the script and the SBC can use it. Every problem at once; an empty value is an absent one. */
export function resolveScriptParameters(given: GivenParameters, script: ScriptNeeds, sbc: SbcLists): ResolvedParameters {
  const variables = new Variables(script.customerVariables);
  // A candidate that is not declared is unknown, whatever its value.
  const declared = Object.fromEntries(Object.entries(given.candidates).filter(([spelling]) => variables.nameOf(spelling) !== undefined));
  const errors = [...variableProblems('scriptParameters', given.scriptParameters), ...variableProblems('candidates', declared)];
  const values = new Map<string, string>();
  for (const { field, spelling, value } of sent(given)) {
    const name = variables.nameOf(spelling);
    if (name === undefined) {
      errors.push(unknownVariable(field, spelling, script.customerVariables.length));
      continue;
    }
    const other = values.get(name);
    if (value !== '' && other !== undefined && other !== value) {
      const message = `${quoted(spelling)} and another spelling of the variable ${quoted(name)} have different values.`;
      errors.push(fieldProblem(variablePath(field, spelling), 'SCRIPT_PARAMETER_CONFLICT', message));
    } else if (value !== '') values.set(name, value);
  }
  errors.push(...absentOnSbc('CacProfile', values, sbc.cacProfiles), ...absentOnSbc('ProxySet', values, sbc.proxySets));
  for (const { name, defaultValue } of script.customerVariables) {
    if (!values.has(name) && defaultValue) values.set(name, defaultValue);
  }
  const record = Object.fromEntries(values);
  errors.push(...missing(script.required(record), variables, values));
  if (errors.length > 0) return { ok: false, errors: errors.filter(isFirst) };
  return { ok: true, values: record, secretNames: secretNames(values, script.customerVariables) };
}

/** The names a request may use for one script. */
class Variables {
  private readonly declared: ReadonlyMap<string, string>;

  constructor(private readonly variables: readonly DeclaredVariable[]) {
    this.declared = new Map(variables.map(({ name }) => [name.toLowerCase(), name]));
  }

  /** The name under which a value is kept; undefined when the script has no such variable. */
  nameOf(spelling: string): string | undefined {
    const number = variableNumber(spelling);
    if (number !== undefined) return this.variables[Number(number) - 1]?.name;
    return canonicalParameter(spelling) ?? this.declared.get(spelling.toLowerCase());
  }
}

function isFirst(problem: FieldProblem, index: number, all: readonly FieldProblem[]): boolean {
  return all.findIndex(({ field, code }) => field === problem.field && code === problem.code) === index;
}

function sent({ scriptParameters, candidates }: GivenParameters): { field: VariableField; spelling: string; value: string }[] {
  const of = (field: VariableField, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([spelling, value]) => ({ field, spelling, value }));
  return [...of('scriptParameters', scriptParameters), ...of('candidates', candidates)];
}

function unknownVariable(field: VariableField, spelling: string, declaredCount: number): FieldProblem {
  const at = variablePath(field, spelling);
  if (variableNumber(spelling) !== undefined) {
    return fieldProblem(at, 'UNKNOWN_SCRIPT_PARAMETER', `The script declares ${declaredCount} custom variables; there is no ${quoted(spelling)}.`);
  }
  return field === 'candidates'
    ? fieldProblem(at, 'UNKNOWN_PROPERTY', `${at} is neither a property of this request nor a variable of the script.`)
    : fieldProblem(at, 'UNKNOWN_SCRIPT_PARAMETER', `The script has no variable ${quoted(spelling)}.`);
}

function absentOnSbc(name: 'CacProfile' | 'ProxySet', values: ReadonlyMap<string, string>, existing: readonly string[]): FieldProblem[] {
  const value = values.get(name);
  if (value === undefined || existing.includes(value)) return [];
  return [fieldProblem(memberPath('scriptParameters', name), 'SCRIPT_PARAMETER_VALUE', `The SBC has no ${name} ${quoted(value)}.`)];
}

function missing(required: readonly string[], variables: Variables, values: ReadonlyMap<string, string>): FieldProblem[] {
  const names = new Set(required.map((name) => variables.nameOf(name) ?? name));
  return [...names].filter((name) => !values.has(name)).map((name) => {
    // The one placeholder that is a field of the request, and optional there.
    const field = name === 'ChannelId' ? 'channelId' : memberPath('scriptParameters', name);
    return fieldProblem(field, 'MISSING_SCRIPT_PARAMETER', `The script needs a value for ${name}.`);
  });
}

function secretNames(values: ReadonlyMap<string, string>, declared: readonly DeclaredVariable[]): string[] {
  const secret = new Set(declared.filter((variable) => variable.secret).map((variable) => variable.name));
  return [...values.keys()].filter((name) => secret.has(name) || builtinParameter(name)?.isHarmless === false);
}
