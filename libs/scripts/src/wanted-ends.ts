const blank = 32;
const quote = 34;

/** Tells at a glance whether a line ends in one of many values. Each has a number, from 0. */
export class WantedEnds {
  private readonly isPossible = new Uint8Array(65_536);
  /** By the form it has in a text of one character a byte. */
  private readonly numbers = new Map<string, number>();

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const value = asBytes(name);
      if (value === '' || this.numbers.has(value)) continue;
      const last = value.charCodeAt(value.length - 1) << 8;
      this.numbers.set(value, this.numbers.size);
      if (value.length > 1) this.isPossible[last | value.charCodeAt(value.length - 2)] = 1;
      else this.isPossible[last | blank] = this.isPossible[last | quote] = 1;
    }
  }

  get size(): number {
    return this.numbers.size;
  }

  values(): Iterable<string> {
    return this.numbers.keys();
  }

  numberOf(name: string): number | undefined {
    return this.numbers.get(asBytes(name));
  }

  /** Adds the values that a line ends in; false when there are none. */
  take(text: string, start: number, lineEnd: number, found: number[]): boolean {
    const end = text.charCodeAt(lineEnd - 1) === quote ? lineEnd - 1 : lineEnd;
    const key = ((text.charCodeAt(end - 1) & 255) << 8) | (text.charCodeAt(end - 2) & 255);
    if (this.isPossible[key] === 0) return false;
    let isFound = false;
    for (let at = end - 1; at > start; at -= 1) {
      const before = text.charCodeAt(at - 1);
      const value = before === quote || before === blank ? this.numbers.get(text.slice(at, end)) : undefined;
      if (value === undefined) continue;
      found.push(value);
      isFound = true;
    }
    return isFound;
  }
}

/** One character a byte of its UTF-8 form. */
function asBytes(text: string): string {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return Buffer.from(text).toString('latin1');
  return text;
}
