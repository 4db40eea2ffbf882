import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Inventory } from './inventory.js';
import { parseInventory } from './parse-inventory.js';
import { InventoryError } from './problem.js';
import type { InventoryProblem } from './problem.js';

/**
 * Reads and checks an inventory file; a relative `caFile` is taken from the file's own folder.
 * @throws InventoryError with all problems, also when the file can't be read or is no JSON
 */
export async function loadInventory(file: string): Promise<{ inventory: Inventory; warnings: readonly InventoryProblem[] }> {
  const parsed = parseInventory(parseJson(await readText(file), file));
  if (!parsed.ok) throw new InventoryError(parsed.errors, file);
  const sbcs = parsed.inventory.sbcs.map((sbc) =>
    (sbc.access.caFile === undefined ? sbc : { ...sbc, access: { ...sbc.access, caFile: resolve(dirname(file), sbc.access.caFile) } }));
  return { inventory: { ...parsed.inventory, sbcs }, warnings: parsed.warnings };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new InventoryError([{ path: '$', message: `can't be read (${code})` }], file);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The engine's message may quote the text around the fault, a password with it: only the place is kept.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    throw new InventoryError([{ path: '$', message: line === undefined ? 'is not JSON' : `is not JSON, see line ${line}` }], file);
  }
}
