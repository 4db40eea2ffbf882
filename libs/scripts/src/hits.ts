const mostSearches = 32;

/** Where in a text one of a few values stands next, whatever is around it. */
export class Hits {
  private text = '';
  private first = -1;
  private readonly at: number[];

  constructor(private readonly values: readonly string[]) {
    this.at = values.map(() => -1);
  }

  /** Undefined for more values than are worth a search each. What holds another one is found with it. */
  static of(values: Iterable<string>): Hits | undefined {
    const sought: string[] = [];
    for (const value of values) {
      if (sought.some((other) => value.includes(other))) continue;
      if (sought.length === mostSearches) return undefined;
      sought.push(value);
    }
    return new Hits(sought);
  }

  search(text: string): void {
    this.text = text;
    this.at.fill(-1);
    this.first = -1;
  }

  /** The first at or after a place; past the end when there is none. */
  next(from: number): number {
    if (this.first >= from) return this.first;
    let first = this.text.length;
    this.values.forEach((value, index) => {
      let at = this.at[index] ?? -1;
      if (at < from) {
        const found = this.text.indexOf(value, from);
        at = found < 0 ? this.text.length : found;
        this.at[index] = at;
      }
      if (at < first) first = at;
    });
    this.first = first;
    return first;
  }
}
