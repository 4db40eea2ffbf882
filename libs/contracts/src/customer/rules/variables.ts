import { maxFieldProblems } from '../../limits.js';
import type { FieldProblem } from '../../problem/field-problem.js';
import { fieldProblem, memberPath, propertyPath } from '../../problem/field-problem-of.js';
import { characterCount, forbiddenCharacter } from '../../text/forbidden-character.js';
import { quoted } from '../../text/printable.js';
import { isJsonObject, isUnsafeName } from '../../json/inspect-json.js';
import { builtinParameter } from './builtin-parameters.js';

/** The two dictionaries of variables of a request. */
export type VariableField = 'scriptParameters' | 'candidates';

const maxVariables = 64;
const maxNameLength = 100;
const maxValueLength = 255;
// Encrypted and in base64 they still have to fit into one message together with the script.
const maxBytes = 16 * 1024;

const unknownName = { scriptParameters: 'UNKNOWN_SCRIPT_PARAMETER', candidates: 'UNKNOWN_PROPERTY' } as const;

/** Where the caller finds a variable in his request: a candidate stands at the top of the body. */
export function variablePath(field: VariableField, name: string): string {
  return field === 'candidates' ? propertyPath('', name) : memberPath(field, name);
}

/** All that is wrong with a dictionary of variables, not knowing which ones are declared. */
export function variableProblems(field: VariableField, variables: unknown): FieldProblem[] {
  if (!isJsonObject(variables)) return [fieldProblem(field, 'WRONG_TYPE', `${field} must be an object with a text for each name.`)];
  const entries = Object.entries(variables);
  if (entries.length > maxVariables) return [fieldProblem(field, 'SCRIPT_PARAMETER_VALUE', `A request may send at most ${maxVariables} ${field}.`)];
  const problems = entries.flatMap(([name, value]) => {
    const at = variablePath(field, name);
    const inName = nameProblem(name);
    const inValue = valueProblem(name, value);
    return [
      ...inName === undefined ? [] : [fieldProblem(at, unknownName[field], `The name ${quoted(name)} ${inName}.`)],
      ...inValue === undefined ? [] : [fieldProblem(at, 'SCRIPT_PARAMETER_VALUE', `The value of ${quoted(name)} ${inValue}.`)],
    ];
  });
  const bytes = entries.reduce((sum, [name, value]) => sum + bytesOf(name, value), 0);
  if (bytes > maxBytes) problems.push(fieldProblem(field, 'SCRIPT_PARAMETER_VALUE', `Names and values of ${field} are longer than ${maxBytes} bytes together.`));
  return problems;
}

/**
 * What is wrong with properties at the top of a body that may be variables, each named by itself, at most 128. Which ones are declared is
 * not known here, so one that can't be a variable is `UNKNOWN_PROPERTY`, for its name or its value alike. Only with a name as operators
 * give to variables and nobody to properties (`IPPBX-Password`, `Own.Name`) is it taken for one: `SCRIPT_PARAMETER_VALUE`.
 */
export function candidateProblems(candidates: Readonly<Record<string, unknown>>): FieldProblem[] {
  const entries = Object.entries(candidates);
  if (entries.length > maxVariables) {
    return entries.slice(0, maxFieldProblems).map(([name]) => noProperty(name, `no variable either: at most ${maxVariables} may stand at the top of a request`));
  }
  let bytes = 0;
  return entries.flatMap(([name, value]) => {
    bytes += bytesOf(name, value);
    const inName = nameProblem(name);
    if (inName !== undefined) return [noProperty(name, `no variable either: its name ${inName}`)];
    const inValue = valueProblem(name, value) ?? (bytes > maxBytes ? `makes names and values at the top of the request longer than ${maxBytes} bytes together` : undefined);
    if (inValue === undefined) return [];
    if (/^[A-Za-z]\w*[-.][\w.-]*$/.test(name)) return [fieldProblem(variablePath('candidates', name), 'SCRIPT_PARAMETER_VALUE', `The value of ${quoted(name)} ${inValue}.`)];
    return [noProperty(name, `no variable either: its value ${inValue}`)];
  });
}

function noProperty(name: string, reason: string): FieldProblem {
  const at = variablePath('candidates', name);
  return fieldProblem(at, 'UNKNOWN_PROPERTY', `${at} is not a property of this request, and ${reason}.`);
}

function bytesOf(name: string, value: unknown): number {
  return Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 0);
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (characterCount(name) > maxNameLength) return `is longer than ${maxNameLength} characters`;
  if (isUnsafeName(name)) return 'is reserved';
  const character = forbiddenCharacter(name);
  return character === undefined ? undefined : `holds the character ${character}`;
}

// Never shows the value: it may be a password.
function valueProblem(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a string, a number or a boolean';
  const maxLength = builtinParameter(name)?.maxLength ?? maxValueLength;
  if (characterCount(value) > maxLength) return `is longer than ${maxLength} characters`;
  const character = forbiddenCharacter(value);
  if (character !== undefined) return `holds the character ${character}`;
  return value !== '' && builtinParameter(name)?.name === 'OnlinePstnGateway' && !isFqdn(value) ? 'must be a fully qualified domain name' : undefined;
}

function isFqdn(value: string): boolean {
  return value.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(value);
}
