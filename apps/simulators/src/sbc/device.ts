import { defaultLayout, type Layout } from './print/layout.js';
import { type PrintProfile, type PrintStyle, printStyles } from './print/print-style.js';
import { Printer } from './print/printer.js';
import { readPrint } from './print/read-print.js';
import type { DeviceProfile } from './profile.js';
import { seedRows } from './profile.js';
import { checkRow, checkValue } from './row-check.js';
import { tableSchemas } from './schema/device-tables.js';
import { openTable, type TableSchema } from './schema/table-schema.js';
import { Configuration, type Row, type Table } from './tables.js';
import { CommandError } from './words.js';

export interface DeviceSettings {
  /** How long a script takes. */
  scriptTimeMs: number;
  /** How long a restarted device can't be reached. */
  rebootTimeMs: number;
  /** Removing a row that isn't there is an error. */
  isStrict: boolean;
  operationalState: string;
  /** How the lines of a script's output are joined. */
  outputLineEnd: string;
  /** How it prints its configuration. */
  print: PrintProfile;
  /** A configuration that is read begins with the command it would have taken on a terminal, and ends with the prompt. */
  echoesRead: boolean;
  /** What comes before and after it: a mark of the coding, a line of a web page, ini text. */
  beforeRead: string;
  afterRead: string;
  /** In front of a prompt; may hold blanks. */
  hostName: string;
  /** Paths of child tables whose rows can be addressed by name; all others only by index. */
  childrenByName: readonly string[];
}

/** A row as the control port takes it: its own index, or the next free one. */
export interface PlantedRow {
  readonly index?: number;
  readonly notActivated?: boolean;
  readonly values: Readonly<Record<string, string>>;
  readonly children: Readonly<Record<string, readonly PlantedRow[]>>;
}

/** What somebody does to a row by hand; null takes a value or a child away. */
export interface RowEdit {
  readonly notActivated?: boolean;
  readonly values: Readonly<Record<string, string | null>>;
  /** By path and index of the child. */
  readonly children: Readonly<Record<string, Readonly<Record<string, RowEdit | null>>>>;
}

export interface DeviceOptions {
  /** Paths of tables that are in no list of ours. */
  readonly extraTables: readonly string[];
  /** What a device printed: it has this configuration instead of the usual one. */
  readonly devicePrint?: string;
  readonly settings: DeviceSettings;
}

/** The state of one SBC: what runs, what is saved, since when. */
export class Device {
  settings: DeviceSettings;
  bootedAt = Date.now();
  /** Grows with each restart; a script of an earlier one must not go on. */
  boot = 1;
  private runningConfiguration: Configuration;
  private savedConfiguration: Configuration;
  private readonly layout: Layout;
  private readonly delivered: Configuration;
  private readonly printers: Readonly<Record<PrintProfile, Printer>> = { A: new Printer(printStyles.A), B: new Printer(printStyles.B) };

  constructor(readonly profile: DeviceProfile, private readonly options: DeviceOptions) {
    this.settings = { ...options.settings };
    const schemas = [...tableSchemas(profile.sizes), ...options.extraTables.map((path) => openTable(path))];
    const read = options.devicePrint === undefined ? undefined : readPrint(options.devicePrint, schemas);
    this.layout = read?.layout ?? defaultLayout(profile.productType);
    this.delivered = Configuration.empty(schemas.map((schema) => fitting(schema, read?.rows.get(schema.path))));
    for (const [path, rows] of read?.rows ?? seedRows) for (const row of rows) this.delivered.table(path)?.load(row);
    this.runningConfiguration = this.delivered.copy();
    this.savedConfiguration = this.runningConfiguration.copy();
  }

  /** The name in front of a prompt: a star says that something is not saved. */
  get promptName(): string {
    return this.isUnsaved ? `${this.settings.hostName}*` : this.settings.hostName;
  }

  get running(): Configuration {
    return this.runningConfiguration;
  }

  get saved(): Configuration {
    return this.savedConfiguration;
  }

  save(): void {
    this.savedConfiguration = this.runningConfiguration.copy();
  }

  /** Drops what was not saved and ends what runs. */
  restart(): void {
    this.runningConfiguration = this.savedConfiguration.copy();
    this.bootedAt = Date.now();
    this.boot += 1;
  }

  /** Everything as it was at the start, settings too. */
  reseed(): void {
    this.savedConfiguration = this.delivered.copy();
    this.settings = { ...this.options.settings };
    this.restart();
  }

  /** True while a restart would lose something. */
  get isUnsaved(): boolean {
    return this.savedConfiguration.all.some((table) => {
      const [own, other] = [table.list(), this.runningConfiguration.table(table.schema.path)?.list() ?? []];
      return own !== other && (own.length !== other.length || own.some((row, at) => row !== other[at]));
    });
  }

  get printStyle(): PrintStyle {
    return printStyles[this.settings.print];
  }

  /** The running configuration as the device prints it, or one section of it. */
  print(section?: string): string {
    return this.printers[this.settings.print].print(this.runningConfiguration, this.layout, section);
  }

  get version(): string {
    return '7.40A.501.841';
  }

  /**
   * Puts a row there as if somebody else had, running and saved.
   * @throws CommandError when the table or a parameter is unknown, or the row does not fit
   */
  plant(path: string, planted: PlantedRow): Row {
    const table = this.tableOf(path);
    const row = plantedRow(table.schema, { ...planted, index: planted.index ?? table.freeIndex() });
    if (!row.notActivated) this.check(table.schema, row);
    if (table.at(row.index)) throw new CommandError(`${table.schema.title} ${row.index} already exists`);
    table.put(row);
    const savedTable = this.savedConfiguration.table(path);
    if (savedTable) savedTable.put({ ...row, index: savedTable.at(row.index) ? savedTable.freeIndex() : row.index });
    return row;
  }

  /** Changes a row as if somebody had by hand, running and saved. @throws CommandError when there is no such row, or the change does not fit */
  edit(path: string, selector: string | number, edit: RowEdit): Row {
    const table = this.tableOf(path);
    const rowIn = (one: Table | undefined) => (typeof selector === 'number' ? one?.at(selector) : one?.named(selector));
    const row = rowIn(table);
    if (!row) throw new CommandError(`${table.schema.title} '${selector}' is not found`);
    const edited = editedRow(table.schema, row, edit);
    if (!edited.notActivated) this.check(table.schema, edited);
    const savedTable = this.savedConfiguration.table(path);
    const savedRow = rowIn(savedTable);
    table.put(edited);
    if (savedRow) savedTable?.put(savedRow === row ? edited : editedRow(table.schema, savedRow, edit));
    return edited;
  }

  /** Takes a row away from under everybody, running and saved; false when it is not there. @throws CommandError */
  forget(path: string, name: string): boolean {
    const row = this.tableOf(path).named(name);
    const savedRow = this.savedConfiguration.table(path)?.named(name);
    if (row) this.tableOf(path).remove(row.index);
    if (savedRow) this.savedConfiguration.table(path)?.remove(savedRow.index);
    return row !== undefined || savedRow !== undefined;
  }

  /** Takes a row of a child table away, from the running configuration only; `path` is the parent's and the child's. */
  forgetChild(path: string, parent: number, index: number): void {
    const [, parentPath = '', childPath = ''] = /^(.*) (\S+)$/.exec(path) ?? [];
    const table = this.runningConfiguration.table(parentPath);
    const row = table?.at(parent);
    if (row) table?.put({ ...row, children: { ...row.children, [childPath]: (row.children[childPath] ?? []).filter((child) => child.index !== index) } });
  }

  private tableOf(path: string): Table {
    const table = this.runningConfiguration.table(path);
    if (!table) throw new CommandError(`Unknown table '${path}'; there are ${this.runningConfiguration.all.map(({ schema }) => schema.path).join(', ')}`);
    return table;
  }

  private check(schema: TableSchema, row: Row): void {
    checkRow(schema, row.values, this.runningConfiguration);
    for (const child of schema.children ?? []) for (const own of row.children[child.path] ?? []) if (!own.notActivated) this.check(child, own);
  }
}

/** A table that has room for rows it came with. */
function fitting(schema: TableSchema, rows: readonly Row[] = []): TableSchema {
  return { ...schema, capacity: rows.reduce((most, { index }) => Math.max(most, index + 1), schema.capacity) };
}

/** @throws CommandError */
function plantedRow(schema: TableSchema, { index = 0, notActivated, values, children }: PlantedRow): Row {
  checkValues(schema, values);
  return {
    index, values, ...notActivated && { notActivated: true },
    children: Object.fromEntries(Object.entries(children).map(([path, rows]) => (
      [path, rows.map((row, at) => plantedRow(childOf(schema, path), { ...row, index: row.index ?? at }))]))),
  };
}

/** @throws CommandError */
function editedRow(schema: TableSchema, row: Row, { notActivated = row.notActivated, values, children }: RowEdit): Row {
  const kept = Object.entries(row.values).filter(([name]) => values[name] !== null);
  const set = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
  checkValues(schema, set);
  const { notActivated: _, ...rest } = row;
  return {
    ...rest, values: { ...Object.fromEntries(kept), ...set }, ...notActivated && { notActivated: true },
    children: {
      ...row.children,
      ...Object.fromEntries(Object.entries(children).map(([path, edits]) => [path, editedChildren(childOf(schema, path), row.children[path] ?? [], edits)])),
    },
  };
}

function editedChildren(schema: TableSchema, rows: readonly Row[], edits: Readonly<Record<string, RowEdit | null>>): Row[] {
  const kept = rows.filter(({ index }) => edits[index] === undefined);
  const edited = Object.entries(edits).flatMap(([index, edit]) => (
    edit ? [editedRow(schema, rows.find((row) => row.index === Number(index)) ?? { index: Number(index), values: {}, children: {} }, edit)] : []));
  return [...kept, ...edited].sort((one, other) => one.index - other.index);
}

function checkValues(schema: TableSchema, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const parameter = schema.parameters[name];
    if (!parameter && !schema.isOpen) throw new CommandError(`Unknown parameter '${name}'`);
    checkValue(name, value, parameter ?? {});
  }
}

function childOf(schema: TableSchema, path: string): TableSchema {
  const child = schema.children?.find((other) => other.path === path);
  if (!child) throw new CommandError(`${schema.title} has no child table '${path}'`);
  return child;
}
