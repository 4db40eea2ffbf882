import { deviceTable, lastWord, type Limit, tableAround } from './device-tables.js';
import type { ReadRow, ReadScript } from './read-script.js';
import { ownName } from './script-rows.js';
import type { TemplateProblem } from './template.js';

/** What one SBC takes, where it differs from what is known of all: by table, then by parameter. */
export type DeviceLimits = Readonly<Record<string, Readonly<Record<string, Limit>>>>;

/**
 * Values that are longer, and lists that have more parts, than a device takes. `isMeant` says of the placeholders of a value whether it is looked at:
 * those of a template are no values yet.
 */
export function limitProblems(script: Pick<ReadScript, 'rows'>, limits: DeviceLimits, isMeant: (uses: readonly string[]) => boolean): TemplateProblem[] {
  return rowsEntered(script.rows).flatMap((entries) => rowProblems(entries, limits, isMeant));
}

/** What at least one of several SBCs takes: a script may be meant for that one alone. */
export function widestLimits(devices: readonly DeviceLimits[]): DeviceLimits {
  const tables = [...new Set(devices.flatMap((limits) => Object.keys(limits)))];
  return Object.fromEntries(tables.map((table) => {
    const parameters = [...new Set(devices.flatMap((limits) => Object.keys(limits[table] ?? {})))];
    return [table, Object.fromEntries(parameters.map((parameter) => {
      const all = devices.map((limits) => limitOf(table, parameter, limits) ?? {});
      return [parameter, { ...widest(all, 'characters'), ...widest(all, 'parts'), ...widest(all, 'rows') }];
    }))];
  }));
}

function widest(limits: readonly Limit[], what: keyof Limit): Limit {
  const values = limits.map((limit) => limit[what]);
  return values.some((value) => value === undefined) ? {} : { [what]: Math.max(...values.map((value) => value ?? 0)) };
}

/** The entries of each row: one that is entered again, by its name or inside another one by its index, is the same. */
function rowsEntered(rows: readonly ReadRow[]): readonly ReadRow[][] {
  const entries = new Map<unknown, ReadRow[]>();
  for (const row of rows) {
    const which = row.selector.kind === 'index' ? row.selector.index : ownName(row)?.name;
    const key = which === undefined ? row : JSON.stringify([row.table, which]);
    entries.set(key, [...entries.get(key) ?? [], row]);
  }
  return [...entries.values()];
}

function rowProblems(entries: readonly ReadRow[], limits: DeviceLimits, isMeant: (uses: readonly string[]) => boolean): TemplateProblem[] {
  const values = entries.flatMap(({ parameters, table }) => [...parameters].flatMap(([parameter, { line, uses, value }]) => {
    const limit = limitOf(table, parameter, limits);
    if (!limit || !isMeant(uses)) return [];
    const characters = [...value].length;
    const parts = value.split(';').filter((part) => part.trim() !== '').length;
    return [
      ...limit.characters !== undefined && characters > limit.characters
        ? [{ line, message: `${parameter} of ${table} has ${characters} characters, the SBC takes ${limit.characters}` }]
        : [],
      ...limit.parts !== undefined && parts > limit.parts ? [{ line, message: `${parameter} of ${table} has ${parts} parts, the SBC takes ${limit.parts}` }] : [],
    ];
  }));
  const inside = rowsEntered(entries.flatMap(({ children }) => children));
  const counts = new Map<string, ReadRow[]>();
  for (const [child] of inside) if (child) counts.set(child.table, [...counts.get(child.table) ?? [], child]);
  const tooMany = [...counts].flatMap(([table, children]) => {
    const around = tableAround(table);
    const most = limitOf(around, lastWord(table), limits)?.rows;
    const first = most === undefined ? undefined : children[most];
    return first ? [{ line: first.line, message: `${lastWord(table)} stands ${children.length} times in one row of ${around}, the SBC takes ${most}` }] : [];
  });
  return [...values, ...tooMany, ...inside.flatMap((children) => rowProblems(children, limits, isMeant))];
}

function limitOf(table: string, parameter: string, limits: DeviceLimits): Limit | undefined {
  const own = Object.hasOwn(limits, table) ? limits[table] : undefined;
  const shipped = deviceTable(table).limits ?? {};
  const of = (given: Readonly<Record<string, Limit>> | undefined) => (given && Object.hasOwn(given, parameter) ? given[parameter] : undefined);
  return of(own) || of(shipped) ? { ...of(shipped), ...of(own) } : undefined;
}
