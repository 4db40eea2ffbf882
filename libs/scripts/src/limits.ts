import { deviceTable, lastWord, type Limit } from './device-tables.js';
import type { ReadRow, ReadScript } from './read-script.js';
import type { TemplateProblem } from './template.js';

/** What one SBC takes, where it differs from what is known of all: by table, then by parameter. */
export type DeviceLimits = Readonly<Record<string, Readonly<Record<string, Limit>>>>;

/**
 * Values that are longer, and lists that have more parts, than a device takes. `isMeant` says of the placeholders of a value whether it is looked at:
 * those of a template are no values yet.
 */
export function limitProblems(script: Pick<ReadScript, 'rows'>, limits: DeviceLimits, isMeant: (uses: readonly string[]) => boolean): TemplateProblem[] {
  return script.rows.flatMap((row) => rowProblems(row, limits, isMeant));
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

function rowProblems(row: ReadRow, limits: DeviceLimits, isMeant: (uses: readonly string[]) => boolean): TemplateProblem[] {
  const values = [...row.parameters].flatMap(([parameter, { line, uses, value }]) => {
    const limit = limitOf(row.table, parameter, limits);
    if (!limit || !isMeant(uses)) return [];
    const characters = [...value].length;
    const parts = value.split(';').filter((part) => part.trim() !== '').length;
    return [
      ...limit.characters !== undefined && characters > limit.characters
        ? [{ line, message: `${parameter} of ${row.table} has ${characters} characters, the SBC takes ${limit.characters}` }]
        : [],
      ...limit.parts !== undefined && parts > limit.parts ? [{ line, message: `${parameter} of ${row.table} has ${parts} parts, the SBC takes ${limit.parts}` }] : [],
    ];
  });
  const counts = new Map<string, ReadRow[]>();
  for (const child of row.children) counts.set(child.table, [...counts.get(child.table) ?? [], child]);
  const tooMany = [...counts].flatMap(([table, children]) => {
    const most = limitOf(row.table, lastWord(table), limits)?.rows;
    return most !== undefined && children.length > most
      ? [{ line: children[most]?.line ?? row.line, message: `${lastWord(table)} stands ${children.length} times in one row of ${row.table}, the SBC takes ${most}` }]
      : [];
  });
  return [...values, ...tooMany, ...row.children.flatMap((child) => rowProblems(child, limits, isMeant))];
}

function limitOf(table: string, parameter: string, limits: DeviceLimits): Limit | undefined {
  const own = Object.hasOwn(limits, table) ? limits[table] : undefined;
  const shipped = deviceTable(table).limits ?? {};
  const of = (given: Readonly<Record<string, Limit>> | undefined) => (given && Object.hasOwn(given, parameter) ? given[parameter] : undefined);
  return of(own) || of(shipped) ? { ...of(shipped), ...of(own) } : undefined;
}
