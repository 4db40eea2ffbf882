export interface BackOff {
  /** Upper bound of the first pause. */
  readonly firstMs: number;
  /** Upper bound of every pause. */
  readonly maxMs: number;
}

export const defaultBackOff: BackOff = { firstMs: 200, maxMs: 5_000 };

/**
 * Milliseconds to wait before attempt `failures + 1`: anywhere between 0 and a bound that doubles with each failure in a row,
 * so that many who lost the same peer do not come back at the same moment.
 * @param chance uniform in [0, 1)
 */
export function fullJitter(failures: number, chance: number, backOff: BackOff = defaultBackOff): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  return Math.floor(chance * Math.min(backOff.maxMs, backOff.firstMs * 2 ** doublings));
}
