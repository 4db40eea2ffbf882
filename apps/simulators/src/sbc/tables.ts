import type { TableSchema } from './schema/table-schema.js';
import { CommandError } from './words.js';

/** A row of a table; never changed, only replaced. */
export interface Row {
  readonly index: number;
  /** The row is there and not in effect. */
  readonly notActivated?: true;
  readonly values: Readonly<Record<string, string>>;
  /** Rows of child tables by the child's path. */
  readonly children: Readonly<Record<string, readonly Row[]>>;
  /** Lines of a device's own print that mean nothing to us. */
  readonly opaque?: readonly string[];
}

/** One table of a device: rows by index, each name once. */
export class Table {
  private rows = new Map<number, Row>();
  private byName = new Map<string, number>();
  private lowestFree = 0;
  private sorted: readonly Row[] | undefined;

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

  /** In order of the index; the same list until a row changes. */
  list(): readonly Row[] {
    return this.sorted ??= [...this.rows.values()].sort((one, other) => one.index - other.index);
  }

  /** In no order. */
  get unsorted(): Iterable<Row> {
    return this.rows.values();
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
    const isTaken = holder !== undefined && holder !== row.index;
    if (isTaken && !this.schema.areNamesShared) throw new CommandError(`${this.schema.title} with name '${name}' already exists`);
    if (!this.rows.has(row.index)) this.roomForOne();
    this.load(row);
  }

  /** Takes a row as it comes, even one whose name another one has: a device's own print is not for us to refuse. */
  load(row: Row): void {
    const before = this.rows.get(row.index);
    if (before) this.forgetName(before);
    this.rows.set(row.index, row);
    this.sorted = undefined;
    const name = this.nameOf(row);
    if (name !== '' && !this.byName.has(name)) this.byName.set(name, row.index);
  }

  remove(index: number): Row | undefined {
    const row = this.rows.get(index);
    if (!row) return undefined;
    this.rows.delete(index);
    this.sorted = undefined;
    this.forgetName(row);
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
    copy.sorted = this.sorted;
    return copy;
  }

  private forgetName(row: Row): void {
    const name = this.nameOf(row);
    if (this.byName.get(name) !== row.index) return;
    this.byName.delete(name);
    if (!this.schema.areNamesShared) return;
    const next = this.list().find((other) => other.index !== row.index && this.nameOf(other) === name);
    if (next) this.byName.set(name, next.index);
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
    for (const { schema, unsorted } of this.all) {
      const isUser = pointsTo(schema, path, name);
      if (!isUser) continue;
      for (const row of unsorted) if (isUser(row)) return `${schema.title} ${row.index}`;
    }
    return undefined;
  }
}

/** Whether a row or one of its children names another row; undefined when rows of this table can't. */
function pointsTo(schema: TableSchema, path: string, name: string): ((row: Row) => boolean) | undefined {
  const pointing = Object.entries(schema.parameters).filter(([, { refersTo }]) => refersTo === path).map(([parameter]) => parameter);
  const children = (schema.children ?? []).flatMap((child) => {
    const isUser = pointsTo(child, path, name);
    return isUser ? [{ path: child.path, isUser }] : [];
  });
  if (pointing.length === 0 && children.length === 0) return undefined;
  return ({ values, children: rows }) => (
    pointing.some((parameter) => values[parameter] === name) || children.some((child) => rows[child.path]?.some(child.isUser)));
}
