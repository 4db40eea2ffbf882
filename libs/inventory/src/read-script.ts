import { builtinParameterNames, maxScriptBytes } from '@trunkline/contracts';
import { builtinPlaceholders, checkTemplate, type DeviceLimits } from '@trunkline/scripts';
import { templateKind, valueKinds } from './inventory.js';
import type { CustomerVariable, InventoryScript, ScriptType } from './inventory.js';
import type { JsonReader } from './json-reader.js';

export const scriptProperties = ['id', 'name', 'scriptType', 'description', 'script', 'customerVariables', 'relatedScripts'] as const;
export const variableProperties = ['name', 'secret', 'defaultValue', 'valueKind'] as const;

const scriptTypes: readonly ScriptType[] = [0, 1, 2, 3, 4];

/** Reads one script and checks its template; undefined, with the problems noted, when anything in it is wrong. */
export function readScript(at: JsonReader, limits: DeviceLimits): InventoryScript | undefined {
  if (!at.keys()) return undefined;
  const id = at.at('id').integer(1);
  const name = at.at('name').text();
  const typeNumber = at.at('scriptType').integer(0, 4);
  const scriptType = scriptTypes.find((type) => type === typeNumber);
  const description = at.at('description').optionalText({ maxLength: 1000, mayBeEmpty: true });
  const variables = readVariables(at.at('customerVariables'));
  const related = at.at('relatedScripts').list(false).flatMap((element) => element.integer(1) ?? []);
  const script = readText(at.at('script'));
  if (script !== undefined && scriptType !== undefined) checkScript(at.at('script'), script, scriptType, variables, limits);
  if (id === undefined || name === undefined || scriptType === undefined || script === undefined) return undefined;
  return { id, name, scriptType, script, customerVariables: variables, relatedScripts: related, ...description !== undefined && { description } };
}

function readText(at: JsonReader): string | undefined {
  const { value } = at;
  if (at.isAbsent) return at.fail('is missing');
  const lines: unknown[] = Array.isArray(value) ? value : [value];
  if (!lines.every((line) => typeof line === 'string')) return at.fail('must be a text or a list of lines');
  const text = lines.join('\n');
  if (Buffer.byteLength(text) > maxScriptBytes) return at.fail('is longer than 256 KiB');
  return text;
}

function checkScript(at: JsonReader, script: string, scriptType: ScriptType, variables: readonly CustomerVariable[], limits: DeviceLimits): void {
  const kind = templateKind(scriptType);
  if (kind === undefined) return;
  for (const { line, message } of checkTemplate(kind, script, variables.map((variable) => variable.name), limits)) at.fail(`line ${line}: ${message}`);
}

function readVariables(at: JsonReader): CustomerVariable[] {
  const taken = new Set([...builtinPlaceholders, ...builtinParameterNames].map((name) => name.toLowerCase()));
  return at.list(false).flatMap((element) => {
    if (!element.keys()) return [];
    const name = element.at('name').text({ maxLength: 100, pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/, expected: 'a letter, then letters, digits, "_", "." and "-"' });
    const secret = element.at('secret').flag();
    const defaultValue = element.at('defaultValue').optionalText({ mayBeEmpty: true });
    const kindText = element.at('valueKind').optionalText();
    const valueKind = valueKinds.find((kind) => kind === kindText);
    if (kindText !== undefined && !valueKind) element.at('valueKind').fail(`must be one of ${valueKinds.join(', ')}`);
    if (name === undefined) return [];
    if (taken.has(name.toLowerCase()) || /^customvar\./i.test(name)) element.at('name').fail(`"${name}" is taken: names differ in more than case and from the built-in ones`);
    taken.add(name.toLowerCase());
    return [{ name, secret, valueKind: valueKind ?? 'text', ...defaultValue !== undefined && defaultValue !== '' && { defaultValue } }];
  });
}
