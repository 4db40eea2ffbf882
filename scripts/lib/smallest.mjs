// Cuts a print down to the smallest part of it that is not understood, with names and addresses replaced, so that it can be sent to somebody.
import { hasFaults, lookAt } from './device-report.mjs';
import { walkPrint, wordsOf } from './device-walk.mjs';

const mostCandidates = 200;
// Looking costs time with every line: some seconds in all.
const mostLines = 2_000_000;
const address = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const guid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const hostName = /\b(?=[\w-]*[a-z])[\w-]+(?:\.[\w-]+)*\.[a-z][\w-]*\b/gi;

/**
 * The smallest text that is still not understood for the same reason; undefined when all is understood. `isReplaced` is false where the fault goes away with
 * the names: such a text must not be sent without a look.
 */
export function smallestPart(text, product) {
  const { report, walk } = lookAt(text, product);
  const all = new Set(faultsOf(report));
  const [fault] = all;
  if (fault === undefined) return undefined;
  let looked = 0;
  // A part that is wrong in a way the whole is not has been cut in the wrong place.
  const hasFault = (lines) => {
    if (looked > mostLines) return false;
    looked += lines.length;
    const found = faultsOf(lookAt(lines.join('\n'), product).report);
    return found.includes(fault) && found.every((each) => all.has(each));
  };
  const lines = text.replace(/^\uFEFF/, '').split('\n').map((line) => line.replace(/\r$/, ''));
  const part = candidates(fault, report, walk, lines).find(hasFault);
  // Where it begins and ends stays, so that it is a configuration of its own.
  const smallest = part
    ? [part[0], ...withoutNeedless(part.slice(1, -1), (inner) => hasFault([part[0], ...inner, part.at(-1)])), part.at(-1)]
    : withoutNeedless(lines, hasFault);
  const replaced = /* safeguard: print-anonymised */ replaceNames(smallest, product);
  looked = 0;
  return hasFault(replaced) ? { fault: reasonOf(fault), text: `${replaced.join('\n')}\n`, isReplaced: true } : { fault: reasonOf(fault), text: `${smallest.join('\n')}\n`, isReplaced: false };
}

// As texts, so that a fault can be found again in another print.
function faultsOf(report) {
  if (!hasFaults(report)) return [];
  return [
    ...report.notUnderstood.map(({ reason, table }) => JSON.stringify([table, reason])),
    ...report.readDifferently.map(({ table }) => JSON.stringify([table, 'read in another way than it is printed'])),
  ];
}

function reasonOf(fault) {
  const [table, reason] = JSON.parse(fault);
  return `${table === '' ? 'outside of all tables' : table}: ${reason}`;
}

/** Rows that have the fault, or may have it on their own, the shortest first; then all rows of their table. */
function candidates(fault, report, walk, lines) {
  const [table] = JSON.parse(fault);
  const top = walk.rows.filter((row) => !row.isInside || row.isBeside);
  const own = top.filter((row) => row.table === table || table.startsWith(`${row.table} `)).toSorted((one, other) => one.lastLine - one.line - (other.lastLine - other.line));
  const unread = walk.unread.filter((each) => each.table === table)
    .map(({ line, section }) => own.find((row) => row.line <= line && line <= row.lastLine) ?? { line, lastLine: line, section });
  const blocks = walk.settings.filter(({ text }) => table !== '' && text.startsWith(table)).map(({ line, section }) => ({ line, lastLine: endOf(line, lines), section }));
  return [
    ...[...unread, ...own, ...blocks].slice(0, mostCandidates).map((row) => inSection(row.section, walk, lines, [row])),
    ...own.length > 0 ? [inSection(own[0].section, walk, lines, own.toSorted((one, other) => one.line - other.line))] : [],
  ];
}

function endOf(line, lines) {
  const margin = lines[line - 1].length - lines[line - 1].trimStart().length;
  const at = lines.findIndex((each, index) => index >= line && each.trim() !== '' && each.length - each.trimStart().length <= margin);
  return at < 0 ? lines.length : at + 1;
}

function inSection(section, walk, lines, rows) {
  const opening = walk.sections.find(({ name }) => name === section);
  const first = opening ? lines[opening.line - 1] : 'configure voip';
  return [first, ...rows.flatMap(({ lastLine, line }) => lines.slice(line - 1, lastLine)), first.replace(/configure.*/, 'exit')];
}

/** Leaves out what the fault does not need: halves at first, single lines at the end. */
function withoutNeedless(lines, hasFault) {
  let kept = lines;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fewer.length > 0 && fewer.length < kept.length && hasFault(fewer)) kept = fewer;
      else at += size;
    }
  }
  return kept;
}

/** The lines with everything replaced that a customer could be recognised by; the same is replaced by the same. */
export function replaceNames(lines, product) {
  const seen = new Map();
  const stand = (kind, value, make) => {
    const key = `${kind}\n${value}`;
    if (!seen.has(key)) seen.set(key, make([...seen.keys()].filter((each) => each.startsWith(`${kind}\n`)).length + 1));
    return seen.get(key);
  };
  const one = (value) => {
    if (value === '' || /^\d{1,4}(?:\/\d{1,4})?$/.test(value)) return value;
    if (/^[\w ()&.,'-]*[A-Za-z][\w ()&,'-]*$/.test(value) && !hasForm(value)) return stand('name', value, (count) => `name${count}`);
    if (!hasForm(value)) return [...value].map(standIn).join('');
    return value.replace(guid, (found) => stand('guid', found.toLowerCase(), (count) => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`))
      .replace(address, (found) => stand('address', found, (count) => `192.0.2.${count}`))
      .replace(hostName, (found) => stand('host', found, (count) => `host${count}.example.net`))
      .replace(/[^\s]+/g, (run) => (hasForm(run) ? run : [...run].map(standIn).join('')));
  };
  const walk = walkPrint(lines.join('\n'), product);
  const openings = new Set(walk.rows.map(({ line }) => line));
  const harmless = new Set(product.knownTables.flatMap((table) => wordsOfTable(product.deviceTable(table))));
  return lines.map((line, number) => {
    const content = line.trim();
    if (content.startsWith('#') || content.startsWith('!')) return line.replace(content, '# a remark');
    const words = wordsOf(content);
    const isOpening = openings.has(number + 1);
    let at = 0;
    return line.replace(/"([^"]*)(?:"|$)|[^\s"]\S*/g, (found, quoted) => {
      at += 1;
      if (quoted !== undefined) return found.replace(quoted, () => one(quoted));
      const isCommand = (at === 1 && /^[a-z][\w-]*$/.test(found)) || (at > 1 && isOpening && at < words.length && /^[a-z][\w-]*$/.test(found)) || words[0].text === 'configure';
      return isCommand || harmless.has(found) ? found : one(found);
    });
  });
}

function hasForm(value) {
  return [guid, address, hostName].some((form) => new RegExp(form.source, form.flags.replace('g', '')).test(value));
}

function standIn(character) {
  if (/\d/.test(character)) return '0';
  if (/[A-Za-z]/.test(character)) return 'x';
  return /\p{L}/u.test(character) ? 'é' : character;
}

function wordsOfTable({ children = {}, defaults = {} }) {
  const settled = ['activate', 'exit', 'no', 'obscured', 'enable', 'disable', 'on', 'off', 'yes', 'using-options', 'using-register', 'udp', 'tcp', 'tls'];
  return [...settled, ...Object.values(defaults).filter((value) => /^[a-z-]+$/.test(value)), ...Object.values(children).flatMap(wordsOfTable)];
}
