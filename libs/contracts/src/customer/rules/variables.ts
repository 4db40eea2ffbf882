import type { FieldProblem } from '../../message/field-problem.js';
import { fieldProblem, memberPath, propertyPath } from '../../problem/field-problem-of.js';
import { characterCount, forbiddenCharacter } from '../../text/forbidden-character.js';
import { quoted } from '../../text/printable.js';
import { isJsonObject, isUnsafeName } from '../input/inspect-json.js';
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
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 0), 0);
  if (bytes > maxBytes) problems.push(fieldProblem(field, 'SCRIPT_PARAMETER_VALUE', `Names and values of ${field} are longer than ${maxBytes} bytes together.`));
  return problems;
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
