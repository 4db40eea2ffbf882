/** Ids in portions of at most `mostBytes` together, in their order; what is longer by itself is a portion of its own. */
export function portionsOf(sizes: readonly { readonly id: string; readonly size: number }[], mostBytes: number): string[][] {
  const portions: string[][] = [];
  let bytes = Infinity;
  for (const { id, size } of sizes) {
    if (bytes + size > mostBytes) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(id);
    bytes += size;
  }
  return portions;
}
