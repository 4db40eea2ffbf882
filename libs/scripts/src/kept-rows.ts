const blockBytes = 64 * 1024;
const none = -1;

/** Numbers in a row, outside of the heap. */
class Numbers {
  private values = new Int32Array(64);
  length = 0;

  add(...added: readonly number[]): void {
    if (this.length + added.length > this.values.length) {
      const more = new Int32Array(2 * this.values.length);
      more.set(this.values);
      this.values = more;
    }
    for (const value of added) this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index] ?? none;
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }
}

// The columns of a row.
const columns = 7;
const tableColumn = 0;
const blockColumn = 1;
const startColumn = 2;
const endColumn = 3;
const selectorLengthColumn = 4;
const firstBesideColumn = 5;
const nextBesideColumn = 6;

/**
 * The rows of a print that are kept, by number. A sweep keeps tens of thousands while the process serves others: what is known of a row lies outside of the
 * heap, so that a garbage collection does not grow with them.
 */
export class KeptRows {
  private readonly rows = new Numbers();
  private readonly byTable = new Map<string, { readonly number: number; readonly rows: number[] }>();
  private readonly tableNames: string[] = [];
  private readonly blocks: Buffer[] = [];
  private used = blockBytes;
  /** The last row that holds a value; the row, and what held the value before it. */
  private readonly lastHolder: Int32Array;
  private readonly holders = new Numbers();

  /** @param values how many values rows are looked up by */
  constructor(values: number) {
    this.lastHolder = new Int32Array(values).fill(none);
  }

  /**
   * Answers the row's number.
   * @param text one character a byte
   * @param parent the row that it is inside of, though it was printed beside it
   */
  add(table: string, selector: string, text: string, parent: number | undefined): number {
    const [block, start] = this.place(text.length + selector.length);
    const end = start + (this.blocks[block]?.write(text + selector, start, 'latin1') ?? 0) - selector.length;
    const number = this.rows.length / columns;
    this.rows.add(this.tableNumber(table), block, start, end, selector.length, none, none);
    if (parent === undefined) this.byTable.get(table)?.rows.push(number);
    else this.putBeside(parent, number);
    return number;
  }

  /** Says what a row holds, itself or in a row inside it. */
  note(row: number, values: readonly number[]): void {
    for (const value of values) {
      const last = this.lastHolder[value] ?? none;
      if (last !== none && this.holders.at(last) === row) continue;
      this.lastHolder[value] = this.holders.length;
      this.holders.add(row, last);
    }
  }

  get tables(): Iterable<string> {
    return [...this.byTable].flatMap(([table, { rows }]) => (rows.length > 0 ? [table] : []));
  }

  /** Those of a table, without those that were printed beside theirs. */
  inTable(table: string): readonly number[] {
    return this.byTable.get(table)?.rows ?? [];
  }

  /** In the order of the print. */
  holding(value: number): readonly number[] {
    const rows = new Set<number>();
    for (let at = this.lastHolder[value] ?? none; at !== none; at = this.holders.at(at + 1)) rows.add(this.holders.at(at));
    return [...rows].reverse();
  }

  /** In the order of the print. */
  besideOf(row: number): readonly number[] {
    const beside: number[] = [];
    for (let at = this.column(row, firstBesideColumn); at !== none; at = this.column(at, nextBesideColumn)) beside.push(at);
    return beside.reverse();
  }

  tableOf(row: number): string {
    return this.tableNames[this.column(row, tableColumn)] ?? '';
  }

  textOf(row: number): string {
    return this.read(row, this.column(row, startColumn), this.column(row, endColumn));
  }

  selectorOf(row: number): string {
    const start = this.column(row, endColumn);
    return this.read(row, start, start + this.column(row, selectorLengthColumn));
  }

  private read(row: number, start: number, end: number): string {
    return this.blocks[this.column(row, blockColumn)]?.toString('utf8', start, end) ?? '';
  }

  private column(row: number, column: number): number {
    return this.rows.at(columns * row + column);
  }

  private putBeside(parent: number, row: number): void {
    this.rows.set(columns * row + nextBesideColumn, this.column(parent, firstBesideColumn));
    this.rows.set(columns * parent + firstBesideColumn, row);
  }

  private tableNumber(table: string): number {
    let known = this.byTable.get(table);
    if (!known) {
      // A part of the print's text, kept as the name of a table, would keep the whole of it.
      const name = Buffer.from(table).toString();
      known = { number: this.tableNames.length, rows: [] };
      this.byTable.set(name, known);
      this.tableNames.push(name);
    }
    return known.number;
  }

  private place(length: number): [block: number, start: number] {
    if (this.used + length > (this.blocks.at(-1)?.length ?? 0)) {
      this.blocks.push(Buffer.allocUnsafeSlow(Math.max(blockBytes, length)));
      this.used = 0;
    }
    const start = this.used;
    this.used += length;
    return [this.blocks.length - 1, start];
  }
}
