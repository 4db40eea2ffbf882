import type { TableSchema } from './table-schema.js';
import { CommandError } from './words.js';

/** A row as it is in effect; never changed, only replaced. */
export interface Row {
  readonly index: number;
  readonly values: Readonly<Record<string, string>>;
  /** Rows of child tables by the child's path. */
  readonly children: Readonly<Record<string, readonly Row[]>>;
}

/** One table of a device: rows by index, each name once. */
export class Table {
  private rows = new Map<number, Row>();
  private byName = new Map<string, number>();
  private lowestFree = 0;

  constructor(readonly schema: TableSchema) {}

  get size(): number {
    return this.rows.size;
  }

  at(index: number): Row | undefined {
    return this.rows.get(index);
  }

  named(name: string): Row | undefined {
    const index = this.byName.get(name);
    return index === undefined ? undefined : this.rows.get(index);
  }

  nameOf(row: Row): string {
    return row.values[this.schema.nameParameter] ?? '';
  }

  /** In order of the index. */
  list(): Row[] {
    return [...this.rows.values()].sort((one, other) => one.index - other.index);
  }

  /** @throws CommandError when the table is full */
  freeIndex(): number {
    this.roomForOne();
    while (this.rows.has(this.lowestFree)) this.lowestFree += 1;
    return this.lowestFree;
  }

  /** @throws CommandError when no row can be added */
  roomForOne(): void {
    if (this.rows.size >= this.schema.capacity) throw new CommandError(`${this.schema.title} table is full`);
  }

  /** @throws CommandError when another row has the name */
  put(row: Row): void {
    const name = this.nameOf(row);
    const holder = name === '' ? undefined : this.byName.get(name);
    if (holder !== undefined && holder !== row.index) throw new CommandError(`${this.schema.title} with name '${name}' already exists`);
    const before = this.rows.get(row.index);
    if (before) this.byName.delete(this.nameOf(before));
    else this.roomForOne();
    this.rows.set(row.index, row);
    if (name !== '') this.byName.set(name, row.index);
  }

  remove(index: number): Row | undefined {
    const row = this.rows.get(index);
    if (!row) return undefined;
    this.rows.delete(index);
    this.byName.delete(this.nameOf(row));
    this.lowestFree = Math.min(this.lowestFree, index);
    return row;
  }

  /** Moves rows down by one from `index` to the next gap, so that the index is free. */
  makeRoomAt(index: number): void {
    this.roomForOne();
    let gap = index;
    while (this.rows.has(gap)) gap += 1;
    for (let from = gap - 1; from >= index; from -= 1) {
      const row = this.remove(from);
      if (row) this.put({ ...row, index: from + 1 });
    }
  }

  swap(one: number, other: number): void {
    const [first, second] = [this.remove(one), this.remove(other)];
    if (first) this.put({ ...first, index: other });
    if (second) this.put({ ...second, index: one });
  }

  copy(): Table {
    const copy = new Table(this.schema);
    copy.rows = new Map(this.rows);
    copy.byName = new Map(this.byName);
    copy.lowestFree = this.lowestFree;
    return copy;
  }
}

/** All tables of a device, as they run or as they are saved. */
export class Configuration {
  private readonly tables: ReadonlyMap<string, Table>;

  constructor(tables: readonly Table[]) {
    this.tables = new Map(tables.map((table) => [table.schema.path, table]));
  }

  static empty(schemas: readonly TableSchema[]): Configuration {
    return new Configuration(schemas.map((schema) => new Table(schema)));
  }

  get all(): Table[] {
    return [...this.tables.values()];
  }

  table(path: string): Table | undefined {
    return this.tables.get(path);
  }

  copy(): Configuration {
    return new Configuration(this.all.map((table) => table.copy()));
  }

  /** Where a row is named by another one, in words; undefined when nowhere. */
  userOf(path: string, name: string): string | undefined {
    if (name === '') return undefined;
    for (const table of this.all) {
      const pointing = Object.entries(table.schema.parameters).filter(([, { refersTo }]) => refersTo === path).map(([parameter]) => parameter);
      if (pointing.length === 0) continue;
      const user = table.list().find((row) => pointing.some((parameter) => row.values[parameter] === name));
      if (user) return `${table.schema.title} ${user.index}`;
    }
    return undefined;
  }
}
