/** The value that this share of the values does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.max(Math.ceil(values.length * share) - 1, 0)] ?? 0;
}

/** How many of these spans, of which some run beside each other, follow one another at most. */
export function longestChain(spans: readonly { readonly from: number; readonly to: number }[]): number {
  let end = -Infinity;
  let length = 0;
  for (const { from, to } of [...spans].sort((one, other) => one.to - other.to)) {
    if (from < end) continue;
    end = to;
    length += 1;
  }
  return length;
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { least: Math.min(...values), median: percentile(values, 0.5), most: Math.max(...values) };
}

/** Whether two rates differ by no more than this share of the larger one. */
export function agree(one: number, other: number, within: number): boolean {
  return Math.abs(one - other) <= within * Math.max(one, other);
}

/** Three significant digits, without an exponent. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}

/** Median, and least to most in brackets when there are several. */
export function shownSpread(values: readonly number[]): string {
  const { least, median, most } = spreadOf(values);
  return values.length > 1 ? `${shown(median)} (${shown(least)}-${shown(most)})` : shown(median);
}
