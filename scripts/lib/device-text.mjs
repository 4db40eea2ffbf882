// The report on a device as a person reads it.

const most = 20;

/** Lines of the report. `isAll`: lists are not cut. */
export function reportText({ report, pair }, { isAll, source }) {
  const listed = (items, line) => [...(isAll ? items : items.slice(0, most)).map((item) => `  ${line(item)}`), ...!isAll && items.length > most ? [`  ... and ${items.length - most} more (--all lists them)`] : []];
  return [
    `${source}: ${report.lines} lines, ${report.sections.length === 0 ? 'no section' : `configure ${report.sections.join(', ')}`}`, '',
    ...tableLines('Tables', report.tables.filter(({ isKnown }) => isKnown)),
    ...tableLines('Tables that are not known, read by form', report.tables.filter(({ isKnown }) => !isKnown)),
    `Settings: ${report.settings.length} blocks${report.single.length > 0 ? `, ${report.single.length} of one line (${[...new Set(report.single.map(({ text }) => text))].join(', ')})` : ''}`, '',
    ...report.outside.count > 0 ? [`Outside of all sections: ${report.outside.count} lines, the first is line ${report.outside.firstLine}`, ''] : [],
    ...section('Not in effect (no activate)', report.inactive, listed, ({ line, row, table }) => `line ${line}: ${table} "${row}"`),
    ...section('Owner marks', report.marks, listed, markLine),
    ...report.notUnderstood.length + report.readDifferently.length === 0 && report.sections.length > 0 ? ['Not understood: nothing', ''] : [],
    ...report.sections.length > 0 && !report.isWhole ? ['Not whole: "configure voip" does not run from its first line to its "exit", "configure network" has none, or other lines stand between their rows; an agent would read it again', ''] : [],
    ...report.sections.length === 0 ? ['Not understood: no line begins with "configure": this is no configuration of an SBC', ''] : [],
    ...section('Not understood', report.notUnderstood, listed, notUnderstoodLine),
    ...section('Read in another way than printed: please report it, with what --smallest writes', report.readDifferently, listed, differenceLine),
    ...pair ? pairLines(pair, listed) : [],
  ];
}

function section(title, items, listed, line) {
  return items.length === 0 ? [] : [`${title} (${items.length})`, ...listed(items, line), ''];
}

function tableLines(title, tables) {
  if (tables.length === 0) return [];
  const width = Math.max(...tables.map(({ table }) => table.length));
  return [title, ...tables.map((table) => `  ${table.table.padEnd(width)} ${String(table.rows).padStart(6)} ${table.rows === 1 ? 'row' : 'rows'}${namesText(table)}`), ''];
}

function namesText({ hasNames, inactive, named, namedBy, rows }) {
  const by = Object.entries(namedBy).map(([parameter, count]) => (count === rows ? `by ${parameter}` : `${count} by ${parameter}`)).join(', ');
  const names = !hasNames ? ', rows of it have no names' : named === rows ? `, all named, ${by}` : named === 0 ? ', none with a name' : `, ${named} with a name: ${by}`;
  return `${names}${inactive > 0 ? `, ${inactive} not in effect` : ''}`;
}

function markLine({ guid, isReadable, mark, row, table, tag }) {
  return `${table} "${row}": ${tag} ${isReadable ? `(${tag.includes(mark) ? `stands for ${guid}` : `the same as Own=${mark}`})` : '(stands for no customer: neither a GUID nor the 22 characters of one)'}`;
}

function notUnderstoodLine({ count, example, firstLine, reason, section: name, table }) {
  return `${name === '' ? '' : `configure ${name}, `}${table === '' ? '' : `${table}: `}${reason}, ${count} ${count === 1 ? 'time' : 'times'}, first in line ${firstLine}: ${example}`;
}

function differenceLine({ active, activeRead, firstLine, rows, rowsRead, table }) {
  const what = rows === rowsRead ? `${active} of ${rows} rows are in effect, ${activeRead} are taken for it` : `${rows} rows are printed, ${rowsRead} are read`;
  return `${table}: ${what}${firstLine === undefined ? '' : `, the first is in line ${firstLine}`}`;
}

function pairLines({ absentParents, defaults, isSampled, limits, problems, variables }, listed) {
  const toState = defaults.filter(({ isToState }) => isToState);
  const open = defaults.filter(({ isToState }) => !isToState);
  return [
    problems.length === 0 ? 'The pair of scripts: nothing is wrong with it' : `The pair of scripts: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    ...listed(problems, ({ line, message, script }) => `${script}${line === undefined ? '' : `, line ${line}`}: ${message}`),
    ...isSampled ? ['  (checked with made-up values and every optional block; --values FILE.json gives real ones)'] : [],
    ...variables.length > 0 ? [`  (the inventory has to declare as customerVariables: ${variables.join(', ')})`] : [], '',
    ...section('Rows that belong to all and are not on the device', absentParents, listed, ({ line, name, table }) => `onboarding, line ${line}: ${table} "${name}"`),
    ...section('Values the device may leave out: if one is its default, add the line before the row', toState, listed, (each) =>
      `onboarding, line ${each.rowLine}: ${each.table}: ${each.add ?? `${each.parameter} comes from ${each.from.join(', ')}; --values tells its value`}  (left out by ${each.leftOut} of ${each.rows} rows)`),
    ...section('Values of which the device can\'t tell whether it leaves them out: it has no such row yet', open, listed, ({ line, parameter, table }) => `onboarding, line ${line}: ${table}: ${parameter}`),
    ...section('Values that reach a limit', limits, listed, ({ count, limit, line, parameter, table, what }) => `onboarding, line ${line}: ${parameter} of ${table}: ${count} of ${limit} ${what}`),
  ];
}
