export { templateKind, valueKinds } from './inventory.js';
export type {
  CatalogueSbc, CustomerVariable, DeviceFacts, Inventory, InventoryAccess, InventorySbc, InventoryScript, SbcAccess, ScriptType, ValueKind,
} from './inventory.js';
export { inventoryProblems } from './inventory-problems.js';
export { loadInventory } from './load-inventory.js';
export { parseInventory } from './parse-inventory.js';
export type { ParsedInventory } from './parse-inventory.js';
export { InventoryError } from './problem.js';
export type { InventoryProblem } from './problem.js';
export { accessOf, catalogueOf, deviceFactsOf } from './views.js';
export type { Catalogue } from './views.js';
