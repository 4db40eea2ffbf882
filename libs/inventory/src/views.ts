import type { CatalogueSbc, DeviceFacts, Inventory, InventoryScript, SbcAccess } from './inventory.js';
import { InventoryError } from './problem.js';
import type { InventoryProblem } from './problem.js';

/** What everybody may know: SBCs without their access, and the scripts. */
export interface Catalogue {
  readonly sbcs: readonly CatalogueSbc[];
  readonly scriptTemplates: readonly InventoryScript[];
}

/** The inventory without any access. */
export function catalogueOf(inventory: Inventory): Catalogue {
  return { sbcs: inventory.sbcs.map(({ access: _access, defaults: _defaults, limits: _limits, ...sbc }) => sbc), scriptTemplates: inventory.scriptTemplates };
}

const noFacts: DeviceFacts = { defaults: {}, limits: {} };

/** What the inventory says of a device; nothing of one that it does not have. */
export function deviceFactsOf(inventory: Inventory): (sbcId: number) => DeviceFacts {
  const facts = new Map(inventory.sbcs.map(({ defaults, id, limits }) => [id, { defaults, limits }]));
  return (sbcId) => facts.get(sbcId) ?? noFacts;
}

/**
 * The access to each SBC by its id, passwords taken from `env` where the inventory says so.
 * @throws InventoryError naming every environment variable that is missing
 */
export function accessOf(inventory: Inventory, env: Readonly<Record<string, string | undefined>>): Map<number, SbcAccess> {
  const problems: InventoryProblem[] = [];
  const access = new Map<number, SbcAccess>();
  inventory.sbcs.forEach(({ id, access: { password: given, passwordEnv, ...rest } }, index) => {
    const password = given ?? (passwordEnv === undefined ? undefined : env[passwordEnv]);
    if (password === undefined || password === '') {
      problems.push({ path: `$.sbcs[${index}].access.passwordEnv`, message: `the environment variable ${passwordEnv ?? ''} is not set` });
    } else {
      access.set(id, { ...rest, password });
    }
  });
  if (problems.length > 0) throw new InventoryError(problems);
  return access;
}
