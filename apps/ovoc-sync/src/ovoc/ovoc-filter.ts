/** A value that can't end its quotes: GUIDs, host names and addresses, never a name somebody chose. */
const harmless = /^[A-Za-z0-9._:-]{1,255}$/;

/**
 * The query of a list: full objects, all conditions joined by `and`.
 * @throws Error when a text is not harmless; the quoting of OVOC's filters is undocumented, so nothing is ever escaped
 */
export function filterQuery(conditions: Readonly<Record<string, string | number>>): string {
  const terms = Object.entries(conditions).map(([field, value]) => {
    if (typeof value === 'number' ? !Number.isSafeInteger(value) : !isFilterable(value)) throw new Error(`the value of ${field} may not stand in a filter`);
    return typeof value === 'number' ? `${field}=${value}` : `${field}='${value}'`;
  });
  return `detail=1&filter=${encodeURIComponent(`(${terms.join(' and ')})`)}`;
}

export function isFilterable(value: string): boolean {
  return harmless.test(value);
}
