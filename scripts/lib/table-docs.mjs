// The device tables of docs/scripts.md, from what libs/scripts has of them.

const begin = '<!-- tables:begin -->';
const end = '<!-- tables:end -->';

/** The text with the part between the markers replaced. `product`: libs/scripts. */
export function withDeviceTables(text, product) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/scripts.md has no ${begin} before ${end}`);
  return `${text.slice(0, from + begin.length)}\n${deviceTables(product).join('\n')}\n${text.slice(to)}`;
}

function deviceTables({ deviceTable, knownTables }) {
  const all = knownTables.flatMap((path) => withChildren(path, deviceTable(path)));
  const valued = all.filter(({ table }) => table.defaults || table.limits || table.secrets);
  return [
    ...table(['table', 'own name', 'rows inside it'], all.map(({ path, table: { children = {}, nameParameter } }) => [
      code(path), nameParameter === 'none' ? 'none' : code(nameParameter), Object.keys(children).map(code).join(', '),
    ])), '',
    ...table(['table', 'shipped defaults', 'shipped limits', 'never printed as set'], valued.map(({ path, table: { defaults = {}, limits = {}, secrets = [] } }) => [
      code(path), Object.entries(defaults).map(([name, value]) => code(`${name} ${value}`)).join(', '),
      Object.entries(limits).map(([name, limit]) => `${code(name)} ${limitText(limit)}`).join(', '), secrets.map(code).join(', '),
    ])), '',
    ...table(['table', 'compared as numbers', 'compared without regard to case'], all.filter(({ table: { choices, numbers } }) => choices || numbers)
      .map(({ path, table: { choices = [], numbers = [] } }) => [code(path), numbers.map(code).join(', '), choices.map(code).join(', ')])),
  ];
}

function withChildren(path, known) {
  return [{ path, table: known }, ...Object.entries(known.children ?? {}).flatMap(([word, child]) => withChildren(`${path} ${word}`, child))];
}

function limitText({ characters, parts, rows }) {
  return [...characters === undefined ? [] : [String(characters)], ...parts === undefined ? [] : [`in ${parts} parts`], ...rows === undefined ? [] : [`${rows} rows`]].join(' ');
}

function code(text) {
  return `\`${text}\``;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
