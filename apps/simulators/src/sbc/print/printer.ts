import { createHash } from 'node:crypto';
import { type ParameterSchema, type TableSchema, wordsBeside } from '../schema/table-schema.js';
import type { Configuration, Row, Table } from '../tables.js';
import type { Layout, LayoutItem } from './layout.js';
import type { PrintStyle } from './print-style.js';

/** Prints a configuration in one style. What has not changed since the print before is not printed anew: rows are never changed, only replaced. */
export class Printer {
  private readonly rows = new Map<string, WeakMap<Row, string>>();
  private readonly tables = new WeakMap<readonly Row[], { readonly kind: string; readonly text: string }>();

  constructor(private readonly style: PrintStyle) {}

  /** The whole print, or that of one section. */
  print(configuration: Configuration, layout: Layout, section?: string): string {
    const { hasBanners, isInDeviceOrder, lineEnd } = this.style;
    const parts = isInDeviceOrder ? layout : [...layout].sort(bySection);
    const printed = parts.flatMap((part) => {
      const isWanted = section === undefined || ('section' in part && section === part.section);
      if (!isWanted) return [];
      if ('section' in part) return [this.printSection(configuration, part.section, part.items)];
      return part.outside.filter((line) => hasBanners || !/^#|^$/.test(line)).map((line) => `${line}${lineEnd}`);
    });
    return printed.join('');
  }

  private printSection(configuration: Configuration, section: string, items: readonly LayoutItem[]): string {
    const placed = new Set(items.flatMap((item) => ('table' in item ? [item.table] : [])));
    const others = configuration.all.map(({ schema }) => schema).filter((schema) => schema.section === section && !placed.has(schema.path));
    const all = [...items, ...others.map(({ path }) => ({ table: path }))];
    const printed = (this.style.isInDeviceOrder ? all : all.toSorted(byWords)).map((item) => {
      if ('lines' in item) return this.lines(item.lines.map((line) => ` ${line}`));
      const table = configuration.table(item.table);
      return table ? this.printTable(table, configuration) : '';
    });
    return `${this.lines([`configure ${section}`])}${printed.join('')}${this.lines(['exit'])}`;
  }

  private printTable(table: Table, configuration: Configuration): string {
    const { schema } = table;
    const rows = table.list();
    const hidden = this.hiddenParameters(schema, configuration);
    const kind = `${schema.path}/${hidden.join()}`;
    const cached = this.tables.get(rows);
    if (cached?.kind === kind) return cached.text;
    const known = this.rows.get(kind) ?? new WeakMap<Row, string>();
    this.rows.set(kind, known);
    const text = rows.map((row) => {
      const before = known.get(row);
      const printed = before ?? this.lines(this.rowLines(schema, row, hidden).map((line) => ` ${line}`));
      if (before === undefined) known.set(row, printed);
      return printed;
    }).join('');
    this.tables.set(rows, { kind, text });
    return text;
  }

  private rowLines(schema: TableSchema, row: Row, hidden: readonly string[], opening = `${schema.path} ${row.index}`): string[] {
    const { hasChildrenBeside, remarksInactive } = this.style;
    const children = (schema.children ?? []).flatMap((child) => (row.children[child.path] ?? []).flatMap((own) => {
      const words = hasChildrenBeside ? `${wordsBeside(schema, child).join(' ')} ${row.index}/${own.index}` : `${child.path} ${own.index}`;
      return this.rowLines(child, own, [], words);
    }));
    return [
      ...row.notActivated && remarksInactive ? ['# The following line is not activated'] : [],
      opening,
      ...this.parameterLines(schema, row, hidden).map((line) => ` ${line}`),
      ...(row.opaque ?? []).map((line) => ` ${line}`),
      ...row.notActivated ? [] : [' activate'],
      ...hasChildrenBeside ? [] : children.map((line) => ` ${line}`),
      ...row.notActivated ? [' no activate'] : [],
      'exit',
      ...hasChildrenBeside ? children : [],
    ];
  }

  private parameterLines(schema: TableSchema, { values }: Row, hidden: readonly string[]): string[] {
    const { isInDeviceOrder, showsDefaults } = this.style;
    const names = [...Object.keys(schema.parameters), ...Object.keys(values).filter((name) => schema.parameters[name] === undefined)];
    return (isInDeviceOrder ? names : names.toSorted()).flatMap((name) => {
      const parameter = schema.parameters[name] ?? { isText: true };
      const initial = parameter.initial ?? (parameter.isText ? '' : undefined);
      const isSaid = parameter.isHiddenWhileSingle ? !hidden.includes(name) : showsDefaults;
      const value = values[name] ?? (isSaid ? parameter.initial : undefined);
      if (value === undefined || (value === initial && !isSaid && !showsDefaults)) return [];
      return [`${name} ${this.value(value, parameter)}`];
    });
  }

  private value(value: string, { isSecret, isText }: ParameterSchema): string {
    if (isSecret) return this.secret(value);
    const needsQuotes = value === '' || /[\s"]/.test(value);
    return needsQuotes || (isText === true && this.style.quotesEveryText) ? `"${value}"` : value;
  }

  private secret(value: string): string {
    const cipher = value.endsWith(' obscured') ? value.slice(0, -' obscured'.length) : createHash('sha256').update(value).digest('base64').slice(0, 24);
    return this.style.marksSecrets ? `${cipher} obscured` : `"${cipher}"`;
  }

  private lines(lines: readonly string[]): string {
    const { lineEnd, margin } = this.style;
    return lines.map((line) => `${margin}${line}${lineEnd}`).join('');
  }

  /** References to what every row has, which go without saying while there is no choice. */
  private hiddenParameters(schema: TableSchema, configuration: Configuration): string[] {
    return Object.entries(schema.parameters).filter(([, { initial, isHiddenWhileSingle, refersTo }]) => {
      const table = isHiddenWhileSingle && refersTo !== undefined ? configuration.table(refersTo) : undefined;
      return table && (table.named(initial ?? '') === undefined || (table.size === 1 && !this.style.showsDefaults));
    }).map(([name]) => name);
  }
}

function bySection(one: Layout[number], other: Layout[number]): number {
  const key = (part: Layout[number]) => ('section' in part ? part.section : '');
  return key(one) < key(other) ? -1 : Number(key(one) > key(other));
}

function byWords(one: LayoutItem, other: LayoutItem): number {
  const key = (item: LayoutItem) => ('table' in item ? item.table : item.lines[0] ?? '');
  return key(one) < key(other) ? -1 : Number(key(one) > key(other));
}
