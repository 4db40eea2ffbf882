// What is found in a device's print, as plain data: by the product's reader, held against a second look at every line (device-walk.mjs).
import { walkPrint } from './device-walk.mjs';

const markTag = /^(own|owner)\s*=\s*(.*)$/i;
const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `product`: libs/scripts. Answers the report, and the configuration it was made from. */
export function lookAt(text, product) {
  const configuration = product.readConfiguration(text, 'all');
  const walk = walkPrint(text, product);
  const tables = tablesOf(walk, configuration, product);
  const report = {
    lines: walk.lines, isWhole: configuration.isWhole, sections: walk.sections.map(({ name }) => name), tables,
    inactive: walk.rows.filter(({ isActive }) => !isActive)
      .map(({ line, selector, table }) => ({ table, row: nameAt(table, selector, configuration, product), line })),
    marks: marksOf(configuration, product),
    settings: walk.settings.map(({ line, section, text: words }) => ({ section, text: words, line })),
    single: walk.single, outside: { count: walk.outside.length, firstLine: walk.outside[0] },
    notUnderstood: grouped(walk.unread),
    readDifferently: differencesOf(walk, configuration, product),
  };
  return { report, walk, configuration };
}

/** Whether there is something that the product can't be trusted with. */
export function hasFaults({ isWhole, notUnderstood, readDifferently }) {
  return /* safeguard: print-whole-report */ !isWhole || notUnderstood.length > 0 || /* safeguard: independent-row-count */ readDifferently.length > 0;
}

/** The customer that a tag names, with both spellings; undefined for a tag that is no owner mark. */
export function readMark(tag, { ownerMark }) {
  const found = markTag.exec(tag.trim());
  if (!found) return undefined;
  const [, word, value] = found;
  const guid = word.toLowerCase() === 'own' ? guidOf(value, ownerMark) : guidForm.test(value) ? value.toLowerCase() : undefined;
  return { tag: tag.trim(), ...guid === undefined ? { isReadable: false } : { isReadable: true, mark: ownerMark(guid), guid } };
}

function guidOf(mark, ownerMark) {
  if (!/^[\w-]{22}$/.test(mark)) return undefined;
  const hex = Buffer.from(mark, 'base64url').toString('hex');
  const guid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return ownerMark(guid) === mark ? guid : undefined;
}

function tablesOf(walk, configuration, product) {
  const rows = byTable(walk.rows);
  return [...rows].map(([table, found]) => {
    const printed = printedRows(configuration, table);
    const names = new Map();
    for (const row of printed) {
      const parameter = product.nameParameters(table).find((each) => (row.parameters.get(each) ?? '') !== '') ?? (row.name ? 'the line that opens it' : undefined);
      if (parameter !== undefined) names.set(parameter, (names.get(parameter) ?? 0) + 1);
    }
    return {
      table, isKnown: found[0].isKnown, isInside: found[0].isInside, rows: found.length, inactive: found.filter(({ isActive }) => !isActive).length,
      named: [...names.values()].reduce((sum, count) => sum + count, 0), namedBy: Object.fromEntries(names), firstLine: found[0].line,
      hasNames: product.deviceTable(table).nameParameter !== 'none',
    };
  });
}

function byTable(rows) {
  const tables = new Map();
  for (const row of rows) {
    const there = tables.get(row.table);
    if (there) there.push(row);
    else tables.set(row.table, [row]);
  }
  return tables;
}

function allRows(rows) {
  return rows.flatMap((row) => (row.children.length === 0 ? [row] : [row, ...allRows(row.children)]));
}

/** The rows of a table that the reader has, also of one whose rows stand inside others. */
export function printedRows(configuration, table) {
  const rows = configuration.rows(table);
  if (rows.length > 0) return rows;
  return allRows(configuration.tables.flatMap((each) => (table.startsWith(`${each} `) ? configuration.rows(each) : []))).filter((row) => row.table === table);
}

function nameAt(table, selector, configuration, product) {
  const index = Number(selector);
  const row = configuration.rows(table).find((each) => each.index === index);
  return (row && product.namesOf(row, undefined)[0]) ?? selector;
}

function marksOf(configuration, product) {
  return configuration.tables.flatMap((table) => configuration.rows(table).flatMap((row) => product.tagsOf(row.parameters.get('tags') ?? '').flatMap((tag) => {
    const mark = readMark(tag, product);
    return mark ? [{ table, row: product.namesOf(row, undefined)[0] ?? String(row.index), ...mark }] : [];
  })));
}

function grouped(unread) {
  const groups = new Map();
  for (const { line, reason, section, table, text } of unread) {
    const key = JSON.stringify([section, table, reason]);
    const group = groups.get(key) ?? { section, table, reason, count: 0, firstLine: line, example: text.slice(0, 100) };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Tables of which the product's reader has another number of rows than there are, or takes others for being in effect. */
function differencesOf(walk, configuration, product) {
  const counted = countBy(walk.rows, ({ table }) => table, ({ isActive }) => isActive);
  const read = countBy(allRows(configuration.tables.flatMap((table) => configuration.rows(table))), ({ table }) => table, ({ isActive }) => isActive);
  return [...new Set([...counted.keys(), ...read.keys()])].flatMap((table) => {
    const [here, there] = [counted.get(table) ?? { rows: 0, active: 0 }, read.get(table) ?? { rows: 0, active: 0 }];
    // A setting with a number at its end, read as an empty row of a table that nobody asks for, changes nothing.
    const isHarmless = here.rows === 0 && !product.isKnownTable(table);
    if (isHarmless || (here.rows === there.rows && here.active === there.active)) return [];
    const first = walk.rows.find((row) => row.table === table);
    return [{ table, rows: here.rows, rowsRead: there.rows, active: here.active, activeRead: there.active, ...first && { firstLine: first.line } }];
  });
}

function countBy(rows, keyOf, isActive) {
  const counts = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const count = counts.get(key) ?? { rows: 0, active: 0 };
    count.rows += 1;
    if (isActive(row)) count.active += 1;
    counts.set(key, count);
  }
  return counts;
}
