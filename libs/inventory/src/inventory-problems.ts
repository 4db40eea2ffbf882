import { loadInventory } from './load-inventory.js';
import { InventoryError } from './problem.js';
import { accessOf } from './views.js';

/**
 * What is wrong with an inventory file, a line each, for the one who configures a service; empty when nothing is. With an environment the
 * passwords it names are looked for as well.
 */
export async function inventoryProblems(file: string, environment?: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  try {
    const { inventory } = await loadInventory(file);
    if (environment) accessOf(inventory, environment);
    return [];
  } catch (error) {
    if (!(error instanceof InventoryError)) throw error;
    return error.problems.map(({ message, path }) => `INVENTORY_FILE: ${file}: ${path} ${message}`);
  }
}
