import { Chance } from '../peer/chance.js';
import type { DeviceProfile } from './profile.js';
import { seedRows } from './profile.js';
import { printConfiguration } from './printer.js';
import { checkRow, checkValue } from './row-check.js';
import { openTable, tableSchemas } from './table-schema.js';
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
}

export interface DeviceOptions {
  readonly seed: number;
  /** Paths of tables that are in no list of ours. */
  readonly extraTables: readonly string[];
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
  private chance: Chance;

  constructor(readonly profile: DeviceProfile, private readonly options: DeviceOptions) {
    this.settings = { ...options.settings };
    this.chance = this.ownChance();
    this.runningConfiguration = this.seeded();
    this.savedConfiguration = this.runningConfiguration.copy();
  }

  get hostName(): string {
    return `SBC-${this.profile.id}`;
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
    this.savedConfiguration = this.seeded();
    this.settings = { ...this.options.settings };
    this.chance = this.ownChance();
    this.restart();
  }

  /** The running configuration, printed differently each time. */
  print(): string {
    return printConfiguration(this.runningConfiguration, this.chance);
  }

  get version(): string {
    return '7.40A.501.841';
  }

  /**
   * Puts a row there as if somebody else had, running and saved.
   * @throws CommandError when the table or a parameter is unknown, or the row does not fit
   */
  plant(path: string, values: Readonly<Record<string, string>>): Row {
    const table = this.tableOf(path);
    for (const [name, value] of Object.entries(values)) {
      const schema = table.schema.parameters[name];
      if (!schema && !table.schema.isOpen) throw new CommandError(`Unknown parameter '${name}'`);
      checkValue(name, value, schema ?? {});
    }
    checkRow(table.schema, values, this.runningConfiguration);
    const row = { index: table.freeIndex(), values, children: {} };
    table.put(row);
    const savedTable = this.savedConfiguration.table(path);
    if (savedTable) savedTable.put({ ...row, index: savedTable.at(row.index) ? savedTable.freeIndex() : row.index });
    return row;
  }

  /** Takes a row away from under everybody, running and saved; false when it is not there. @throws CommandError */
  forget(path: string, name: string): boolean {
    const row = this.tableOf(path).named(name);
    const savedRow = this.savedConfiguration.table(path)?.named(name);
    if (row) this.tableOf(path).remove(row.index);
    if (savedRow) this.savedConfiguration.table(path)?.remove(savedRow.index);
    return row !== undefined || savedRow !== undefined;
  }

  private tableOf(path: string): Table {
    const table = this.runningConfiguration.table(path);
    if (!table) throw new CommandError(`Unknown table '${path}'; there are ${this.runningConfiguration.all.map(({ schema }) => schema.path).join(', ')}`);
    return table;
  }

  private seeded(): Configuration {
    const schemas = [...tableSchemas(this.profile.sizes), ...this.options.extraTables.map((path) => openTable(path))];
    const configuration = Configuration.empty(schemas);
    for (const [path, rows] of Object.entries(seedRows)) {
      for (const [index, row] of rows.entries()) configuration.table(path)?.put({ index, ...row });
    }
    return configuration;
  }

  private ownChance(): Chance {
    return new Chance(this.options.seed, 'sbc', this.profile.id);
  }
}
