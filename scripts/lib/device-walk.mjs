// A second, straightforward look at a device's print: every line is given a meaning, or named as one that has none. Slower than the product's reader and
// without its shortcuts, so that the two can be compared.

const isIndex = /^\d+$/;
const isBeside = /^\d+\/\d+$/;
const isParameterName = /^[A-Za-z][\w./-]*$/;
const isPrompt = /^[^"<]{0,80}[#>]\s*(?:show\s.*)?$/;
const word = /"([^"]*)(?:"|$)|[^\s"]\S*/g;

/**
 * Walks over a print. `product` are functions of libs/scripts: hasChild, isKnownTable, knownTables, lastWord, menus, tableName.
 * Lines are numbered from 1; the table of a row inside another one is the whole path (`proxy-set proxy-ip`).
 */
export function walkPrint(text, product) {
  const walk = new Walk(text.replace(/^\uFEFF/, '').split('\n').map(lineOf), product);
  return walk.run();
}

/** The words of a line, without the quotes. */
export function wordsOf(content) {
  return [...content.matchAll(word)].map((found) => ({ text: found[1] ?? found[0], isQuoted: found[1] !== undefined }));
}

function lineOf(source, at) {
  const content = source.trim();
  return { content, margin: source.length - source.trimStart().length, number: at + 1, isDull: content === '' || content.startsWith('#') || content.startsWith('!') };
}

class Walk {
  constructor(lines, product) {
    this.product = product;
    this.meant = lines.filter(({ isDull }) => !isDull);
    /** @type {any[]} */
    this.open = [];
    /** @type {any} A Walk that is being filled. */
    this.result = { lines: lines.length - (lines.at(-1)?.content === '' ? 1 : 0), sections: [], rows: [], settings: [], single: [], unread: [], outside: [] };
  }

  run() {
    this.meant.forEach((line, at) => {
      this.line = line;
      this.next = this.meant[at + 1];
      this.at = at;
      this.step(wordsOf(line.content));
    });
    for (const entry of this.open.toReversed()) {
      if (entry.kind === 'row' || entry.kind === 'settings') this.leave(entry, 'the print ends before this is closed');
    }
    return this.result;
  }

  step(words) {
    const { content, margin } = this.line;
    const first = words[0]?.text ?? '';
    if (first === 'configure' && words.length === 2) {
      while (this.open.length > 0) this.close(this.open.at(-1).kind === 'section' ? undefined : 'a section begins before this is closed');
      this.open.push({ kind: 'section', name: words[1].text, margin, line: this.line.number, isIndented: this.next !== undefined && this.next.margin > margin });
      this.result.sections.push({ name: words[1].text, line: this.line.number });
      return;
    }
    if (content === 'exit') {
      while (this.open.length > 0 && margin < this.open.at(-1).margin) this.close('not closed by an "exit" of its own');
      if (this.open.length > 0) this.close();
      else this.result.outside.push(this.line.number);
      return;
    }
    while (this.isLeft(margin)) this.close(this.open.at(-1).kind === 'section' ? undefined : 'not closed by an "exit" of its own');
    const top = this.open.at(-1);
    if (!top) this.outside();
    else if (hasOpenQuote(content)) this.unread('a quote that never closes');
    else if (top.kind === 'row' || top.kind === 'settings') this.inside(top, words);
    else this.between(words);
  }

  /** Whether a line at this margin stands outside of what is innermost. */
  isLeft(margin) {
    const top = this.open.at(-1);
    if (!top) return false;
    return margin < top.margin || (margin === top.margin && this.open[0].isIndented);
  }

  outside() {
    if (!isPrompt.test(this.line.content) && !/^show\s/.test(this.line.content)) this.result.outside.push(this.line.number);
  }

  /** Between rows: a row, a part of a table's name, a block of settings, or a setting alone. */
  between(words) {
    const { isKnownTable, menus } = this.product;
    const last = words.at(-1);
    const path = words.length > 1 && !words.slice(0, -1).some(({ isQuoted }) => isQuoted) ? this.pathOf(words.slice(0, -1)) : '';
    const whole = this.pathOf(words);
    const isNumbered = path !== '' && !last.isQuoted && (isIndex.test(last.text) || isBeside.test(last.text));
    if (isNumbered || isKnownTable(path)) this.openRow(path, last, this.beside(path, last));
    else if (menus.has(whole) && this.holdsMore()) this.open.push({ kind: 'menu', path: whole, margin: this.line.margin, line: this.line.number });
    else if (this.holdsMore()) this.enter({ kind: 'settings', table: this.pathOf(words.filter(({ isQuoted }) => !isQuoted)) });
    else this.result.single.push({ section: this.section(), text: words[0]?.text ?? '', line: this.line.number });
  }

  inside(top, words) {
    const { hasChild, isKnownTable } = this.product;
    const { content, margin } = this.line;
    const [first, second] = words;
    const isIndented = this.open[0].isIndented;
    if (content === 'activate') {
      top.isApplied = true;
    } else if (content === 'no activate') {
      top.isApplied = true;
      if (top.row) top.row.isActive = false;
    } else if (words.length === 2 && !second.isQuoted && isIndex.test(second.text) && this.opensChild(top, first.text)) {
      this.openChild(first.text, second);
    } else if (!isIndented && words.length > 1 && isKnownTable(this.pathOf(words.slice(0, -1)))) {
      while (this.open.at(-1).kind !== 'section' && this.open.at(-1).kind !== 'menu') this.close();
      this.between(words);
    } else if (isIndented && margin !== (top.body ??= margin)) {
      this.unread('at another margin than the lines around it');
    } else if (isIndented && this.hasOwnExit()) {
      this.enter({ kind: 'settings', table: `${top.table} ${first.text}` });
    } else if (first.isQuoted || !isParameterName.test(first.text)) {
      this.unread('begins with what can be no parameter');
    } else if (words.length === 1 && top.kind === 'row' && isKnownTable(top.table) && !hasChild(top.table, first.text)) {
      this.unread('a parameter without a value');
    }
  }

  /** Whether a line of two words, the second one a number, opens a row inside the one that is open. */
  opensChild(top, first) {
    const { hasChild, isKnownTable } = this.product;
    if (this.open[0].isIndented) return this.next !== undefined && this.next.margin > this.line.margin && top.kind === 'row';
    if (this.open.some(({ kind, table }) => kind === 'row' && hasChild(table, first))) return true;
    return top.kind === 'row' && top.isApplied === true && !isKnownTable(this.pathOf([{ text: first }]));
  }

  openChild(first, selector) {
    if (!this.open[0].isIndented) {
      const parent = this.open.findLastIndex(({ kind, table }) => kind === 'row' && this.product.hasChild(table, first));
      while (parent >= 0 && this.open.length > parent + 1) this.close();
    } else {
      this.open.at(-1).body ??= this.line.margin;
    }
    const { table } = this.open.at(-1);
    this.openRow(`${table} ${first}`, selector, false, true);
  }

  openRow(path, selector, isChildBeside, isChild = false) {
    const { isKnownTable, tableName } = this.product;
    const table = isChild || isChildBeside ? isChildBeside || path : tableName(path);
    const row = {
      table, section: this.section(), selector: selector.text, isQuoted: selector.isQuoted, line: this.line.number, lastLine: this.line.number, isActive: true,
      isInside: isChild || Boolean(isChildBeside), isBeside: Boolean(isChildBeside),
      isKnown: isChild ? this.isKnownChild(path) : Boolean(isChildBeside) || isKnownTable(path),
    };
    this.result.rows.push(row);
    this.enter({ kind: 'row', table: isChildBeside || path, row });
  }

  isKnownChild(path) {
    const at = path.lastIndexOf(' ');
    return this.product.hasChild(path.slice(0, at), path.slice(at + 1));
  }

  /** The table, as a path, of a row that stands beside the one that holds it: `sbc cac-rule 0/1` is a row of `sbc cac-profile cac-rule`. */
  beside(path, selector) {
    if (selector.isQuoted || !isBeside.test(selector.text)) return '';
    const { hasChild, knownTables, lastWord } = this.product;
    const child = lastWord(path);
    const before = path.slice(0, path.length - child.length);
    const parent = knownTables.find((table) => hasChild(table, child) && table.startsWith(before));
    return parent === undefined ? '' : `${parent} ${child}`;
  }

  /** Whether lines follow that belong to this one: by their margin, or, in a print without, because something is closed before anything begins. */
  holdsMore() {
    if (this.open[0].isIndented) return this.next !== undefined && this.next.margin > this.line.margin;
    for (let at = this.at + 1; at < this.meant.length; at += 1) {
      const { content } = this.meant[at];
      if (content === 'activate') return true;
      // The next "exit" is the section's own when nothing has begun.
      if (content === 'exit') return at > this.at + 1;
      const words = wordsOf(content);
      if (words[0]?.text === 'configure') return false;
      if (words.length > 1 && this.product.isKnownTable(this.pathOf(words.slice(0, -1)))) return false;
      const last = words.at(-1);
      if (words.length > 2 && last && isIndex.test(last.text) && !last.isQuoted) return false;
    }
    return false;
  }

  /** Whether lines that stand deeper follow, closed by an "exit" at this line's margin. */
  hasOwnExit() {
    const { margin } = this.line;
    if (this.next === undefined || this.next.margin <= margin) return false;
    let at = this.at + 1;
    while (this.meant[at] !== undefined && this.meant[at].margin > margin) at += 1;
    return this.meant[at]?.content === 'exit' && this.meant[at].margin === margin;
  }

  enter(entry) {
    if (entry.kind === 'settings') this.result.settings.push({ section: this.section(), text: this.line.content, line: this.line.number });
    this.open.push({ ...entry, margin: this.line.margin, line: this.line.number, text: this.line.content });
  }

  close(reason) {
    this.leave(this.open.pop(), reason);
  }

  leave(entry, reason) {
    if (entry.row) entry.row.lastLine = this.line?.content === 'exit' && reason === undefined ? this.line.number : Math.max(entry.line, (this.line?.number ?? entry.line) - 1);
    if (reason !== undefined && entry.kind !== 'menu') {
      this.result.unread.push({ section: this.section(), table: entry.table, line: entry.line, text: entry.text ?? '', reason });
    }
  }

  unread(reason) {
    this.result.unread.push({ section: this.section(), table: this.open.findLast(({ table }) => table !== undefined)?.table ?? '', line: this.line.number, text: this.line.content, reason });
  }

  section() {
    return this.open[0]?.name ?? '';
  }

  pathOf(words) {
    const { isKnownTable, menus } = this.product;
    const section = this.section() === '' || this.section() === 'voip' ? '' : `${this.section()}:`;
    const text = words.map((each) => each.text).join(' ');
    const menu = this.open.findLast(({ kind }) => kind === 'menu');
    const joined = menu ? `${menu.path} ${text}` : '';
    return joined !== '' && (isKnownTable(joined) || menus.has(joined)) ? joined : `${section}${text}`;
  }
}

function hasOpenQuote(content) {
  return (content.match(/"/g)?.length ?? 0) % 2 === 1;
}
