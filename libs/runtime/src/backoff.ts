export interface PauseBounds {
  /** Upper bound of the first pause, in milliseconds. */
  readonly firstMs: number;
  /** Upper bound of every pause, in milliseconds. */
  readonly maxMs: number;
}

/** For connections and deliveries, which many processes lose at the same moment. */
export const shortPauses: PauseBounds = { firstMs: 200, maxMs: 5_000 };

/**
 * Milliseconds to wait before attempt `failures + 1`: a bound that doubles with each failure in a row, or with `random`
 * anywhere between 0 and the bound, so that many who lost the same peer do not come back at the same moment.
 * @param random uniform in [0, 1)
 */
export function backoff(failures: number, { firstMs, maxMs }: PauseBounds, random = 1): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  return Math.floor(random * Math.min(maxMs, firstMs * 2 ** doublings));
}
