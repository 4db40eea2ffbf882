import { widestLimits } from '@trunkline/scripts';
import type { Inventory } from './inventory.js';
import { JsonReader } from './json-reader.js';
import type { InventoryProblem } from './problem.js';
import { readSbc, sbcProperties } from './read-sbc.js';
import { readScript, scriptProperties, variableProperties } from './read-script.js';

export type ParsedInventory =
  | { readonly ok: true; readonly inventory: Inventory; readonly warnings: readonly InventoryProblem[] }
  | { readonly ok: false; readonly errors: readonly InventoryProblem[] };

/** Reads an inventory as a whole: either everything in it can be used, or every problem is told. Warnings don't prevent its use. */
export function parseInventory(json: unknown): ParsedInventory {
  const errors: InventoryProblem[] = [];
  const root = new JsonReader(json, '$', errors);
  if (!root.keys()) return { ok: false, errors };

  const sbcs = root.at('sbcs').list(true);
  const scripts = root.at('scriptTemplates').list(true);
  const known = sbcs.flatMap((at) => readSbc(at) ?? []);
  const limits = widestLimits(known.map((sbc) => sbc.limits));
  const inventory = { sbcs: known, scriptTemplates: scripts.flatMap((at) => readScript(at, limits) ?? []) };
  for (const property of ['id', 'ovocSbcId', 'name', 'fqdn']) checkUnique(sbcs, property);
  for (const property of ['id', 'name']) checkUnique(scripts, property);
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, inventory, warnings: warningsOf(root, sbcs, scripts, inventory) };
}

function checkUnique(elements: readonly JsonReader[], property: string): void {
  const seen = new Map<unknown, string>();
  for (const element of elements) {
    const at = element.at(property);
    if (at.isAbsent) continue;
    const key = typeof at.value === 'string' ? at.value.toLowerCase() : at.value;
    const before = seen.get(key);
    if (before !== undefined) at.fail(`is the same as ${before}`);
    else seen.set(key, at.path);
  }
}

function warningsOf(root: JsonReader, sbcs: readonly JsonReader[], scripts: readonly JsonReader[], inventory: Inventory): InventoryProblem[] {
  const variables = scripts.flatMap((script) => script.at('customerVariables').list(false));
  const unknown = [
    ...unknownProperties([root], ['sbcs', 'scriptTemplates']),
    ...unknownProperties(sbcs, sbcProperties),
    ...unknownProperties(scripts, scriptProperties),
    ...unknownProperties(variables, variableProperties),
  ];
  const ids = new Set(inventory.scriptTemplates.map((script) => script.id));
  const unrelated = inventory.scriptTemplates.flatMap((script, at) => script.relatedScripts.flatMap((related, index) =>
    (ids.has(related) ? [] : [{ path: `$.scriptTemplates[${at}].relatedScripts[${index}]`, message: `there is no script ${related}` }])));
  return [...unknown, ...unrelated];
}

function unknownProperties(elements: readonly JsonReader[], known: readonly string[]): InventoryProblem[] {
  return elements.flatMap((element) => (element.keys() ?? [])
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: element.at(name).path, message: 'is not known and not used' })));
}
