/** One thing that is wrong with an inventory. The text never holds a value of `access` or a default value. */
export interface InventoryProblem {
  /** JSON path, `$.sbcs[0].access.baseUrl`. */
  readonly path: string;
  readonly message: string;
}

/** An inventory can't be used; all its problems at once. */
export class InventoryError extends Error {
  constructor(readonly problems: readonly InventoryProblem[], source = 'inventory') {
    super(`${source}: ${problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`);
    this.name = 'InventoryError';
  }
}
