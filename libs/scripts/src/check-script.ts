import { deviceTable, ipGroupTable, lastWord } from './device-tables.js';
import { ownerTagsOfTemplate, tagsOf } from './owner-mark.js';
import type { ReadRemoval, ReadRow, ReadScript } from './read-script.js';
import { isOwn, isShared, nameParametersOf, ownName, rowKey, rowText } from './script-rows.js';
import type { TemplateProblem } from './template.js';

/** What a script is for. */
export type ScriptKind = 'onboarding' | 'cleanup';

/** Whether the tags of a row hold the customer's mark, in either spelling. */
export type HasMark = (tags: string) => boolean;

export interface CheckOptions {
  readonly hasMark: HasMark;
  /** Whether the second line is sent whenever the first one is. */
  readonly isSure: (rowLine: number, line: number) => boolean;
}

export const hasMarkOfTemplate: HasMark = (tags) => tagsOf(tags).some((tag) => ownerTagsOfTemplate.includes(tag));

/** What a script does that can't be checked on a device, or that reaches rows of others. The same for a template and for a rendered script. */
export function checkScript(kind: ScriptKind, script: ReadScript, options: CheckOptions): TemplateProblem[] {
  const found = kind === 'onboarding' ? onboardingProblems(script, options) : cleanupProblems(script, options);
  return [...script.problems, ...found].sort((one, other) => one.line - other.line);
}

function onboardingProblems(script: ReadScript, options: CheckOptions): TemplateProblem[] {
  const blocks = [...blocksByRow(script.rows).values()];
  const marked = new Set(blocks.flatMap((each) => each.filter((row) => isMarked(row, each, options))));
  const problems = [
    ...script.removals.map(({ line }) => ({ line, message: 'an onboarding script removes no rows: what it made before is taken away by the cleanup script' })),
    ...script.rows.flatMap((row) => [...openingProblems(row), ...(isShared(row) ? sharedParentProblems : ownRowProblems)(row, marked, options)]),
    ...blocks.flatMap((each) => twinProblems(each, options)),
  ];
  const isOwned = script.rows.some((row) => (isShared(row) ? row.children.length > 0 : marked.has(row)));
  if (/* safeguard: script-needs-own-row */ script.problems.length > 0 || problems.length > 0 || isOwned) return problems;
  return [{ line: script.rows[0]?.line ?? 1, message: `an onboarding script sets at least one row of the customer's own: an ip-group with the tag ${ownerTagsOfTemplate[0] ?? ''}, or a row inside one that belongs to all` }];
}

function cleanupProblems(script: ReadScript, options: CheckOptions): TemplateProblem[] {
  return [
    ...script.removals.flatMap(removalProblems),
    ...script.rows.flatMap((row) => {
      const opening = openingProblems(row);
      if (opening.length > 0) return opening;
      if (row.selector.kind === 'new') return [madeRow(row)];
      const made = /* safeguard: cleanup-makes-no-rows */ row.children.map(madeRow);
      if (/* safeguard: cleanup-shared-row */ !isShared(row)) {
        return [...effectProblems(row), ...identityProblems(row), ...made, ...leftProblems(row, script, options)];
      }
      return [
        ...switchProblems(row),
        ...row.removals.length === 0 ? [{ line: row.line, message: sameForAll(nameOf(row)) }] : [],
        ...row.removals.length > 0 ? unknownParent(row) : [],
        ...valueLines(row).map((at) => ({ line: at, message: `${row.table} "${nameOf(row)}" belongs to all: a cleanup script changes nothing in it but the customer's own rows` })),
        ...made,
        ...row.removals.flatMap(removalProblems),
      ];
    }),
  ];
}

function madeRow({ line, table }: ReadRow): TemplateProblem {
  return { line, message: `a cleanup script makes no rows: leave ${lastWord(table)} out, what stands inside a row goes with it` };
}

/** Each removal is held against the rows of the onboarding script: with it stands every row that a cleanup opens. */
function leftProblems(row: ReadRow, { removals }: ReadScript, { isSure }: CheckOptions): TemplateProblem[] {
  const { line, table } = row;
  const ref = { table, name: nameOf(row) };
  const isRemoved = /* safeguard: cleanup-opens-what-it-removes */ removals.some((removal) => removal.line > line && isSure(line, removal.line)
    && removal.selector.kind === 'name' && rowKey(ref) === rowKey({ table: removal.table, name: removal.selector.name }));
  return isRemoved ? [] : [{ line, message: `a cleanup script changes only rows that it removes after that: add no ${rowText(ref)}, or leave the row out` }];
}

/** A line that picks a row: only the row's name may come from a value, and an index may be anybody's. */
function openingProblems({ line, opening, selector, table }: ReadRow): TemplateProblem[] {
  if (opening.slice(0, -1).some(({ uses }) => uses.length > 0)) return [{ line, message: 'a value can\'t choose a table' }];
  if (selector.kind === 'index') return [{ line, message: `${table} ${selector.index} may be anybody's row: make it with "new", or pick it by its name in quotes` }];
  return unquotedName(line, opening);
}

function removalProblems({ line, selector, words }: ReadRemoval): TemplateProblem[] {
  if (words.slice(0, -1).some(({ uses }) => uses.length > 0)) return [{ line, message: 'a value can\'t choose a table' }];
  const unquoted = unquotedName(line, words);
  if (unquoted.length > 0) return unquoted;
  if (selector.kind !== 'name') return [{ line, message: 'a row is removed by its name, not by an index' }];
  return isOwn(words.at(-1)?.uses ?? []) ? [] : [{ line, message: sameForAll(selector.name) }];
}

function unquotedName(line: number, words: ReadRow['opening']): TemplateProblem[] {
  const last = words.at(-1);
  return last && !last.quoted && last.uses.length > 0 ? [{ line, message: 'the name of a row stands in quotes, or it could be read as an index' }] : [];
}

/** A name in a table that is not known can't be looked for. */
function unknownParent({ line, table }: ReadRow): TemplateProblem[] {
  return deviceTable(table).nameParameter === undefined ? [{ line, message: `rows inside one that belongs to all are found again only in tables that are known, and ${table} is not` }] : [];
}

/** The parent of a customer's own rows: nothing of it is changed. */
function sharedParentProblems(row: ReadRow, marked: ReadonlySet<ReadRow>, options: CheckOptions): TemplateProblem[] {
  if (row.children.length === 0 && row.removals.length === 0) return [{ line: row.line, message: sameForAll(nameOf(row)) }];
  return [
    ...unknownParent(row),
    ...switchProblems(row),
    ...valueLines(row).map((line) => ({ line, message: `${row.table} "${nameOf(row)}" belongs to all: nothing in it may be set but rows of the customer's own` })),
    ...row.removals.map(({ line }) => ({ line, message: 'an onboarding script removes no rows' })),
    ...row.children.flatMap((child) => {
      if (child.selector.kind !== 'new') return [{ line: child.line, message: `${lastWord(child.table)} in "${nameOf(row)}" may be anybody's: make it with "new"` }];
      return ownRowProblems(child, marked, options);
    }),
  ];
}

/** A row that belongs to all stays in effect. */
function switchProblems(row: ReadRow): TemplateProblem[] {
  return /* safeguard: shared-row-stays-on */ row.effect === 'inactive' ? [{ line: row.line, message: `${row.table} "${nameOf(row)}" belongs to all: no script switches it off with "no activate"` }] : [];
}

/** A row under another name, or without the customer's mark, is not found again. */
function identityProblems(row: ReadRow): TemplateProblem[] {
  return /* safeguard: cleanup-keeps-identity */ [...nameParametersOf(row), 'tags'].flatMap((parameter) => {
    const line = row.parameters.get(parameter)?.line ?? row.cleared.get(parameter);
    return line === undefined ? [] : [{ line, message: `a cleanup script leaves "${parameter}" of a row as it is, by which it is found again` }];
  });
}

/** Whose a row is, is looked up by the name it is left with: the row that was picked could be anybody's. So it is with rows inside it. */
function renameProblems(row: ReadRow): TemplateProblem[] {
  const { cleared, parameters, selector, table } = row;
  const inside = /* safeguard: picked-child-keeps-name */ row.children.flatMap(renameProblems);
  if (selector.kind !== 'name') return inside;
  const own = /* safeguard: picked-row-keeps-name */ nameParametersOf(row).flatMap((parameter) => {
    const given = parameters.get(parameter);
    const line = given && given.value !== selector.name ? given.line : cleared.get(parameter);
    return line === undefined ? [] : [{ line, message: `${table} "${selector.name}" may be anybody's row and gets another name: leave "${parameter}" as it is, or make a row with "new"` }];
  });
  return [...own, ...inside];
}

/** The blocks of a script by the row they enter: what is entered again by its name is the same one. */
function blocksByRow(rows: readonly ReadRow[]): ReadonlyMap<string, readonly ReadRow[]> {
  const blocks = new Map<string, ReadRow[]>();
  const add = (row: ReadRow, parent?: string): void => {
    const named = ownName(row);
    const key = named ? rowKey({ table: row.table, name: named.name, ...parent !== undefined && { parent } }) : `line ${row.line}`;
    const before = blocks.get(key);
    if (before) before.push(row);
    else blocks.set(key, [row]);
  };
  for (const row of rows) {
    if (isShared(row)) for (const child of row.children) add(child, nameOf(row));
    else add(row);
  }
  return blocks;
}

/** A row is found again by its name: of several with one name none can be verified, also where the device takes them. */
function twinProblems(blocks: readonly ReadRow[], { isSure }: CheckOptions): TemplateProblem[] {
  return blocks.flatMap((row, at) => {
    if (row.selector.kind !== 'new') return [];
    const first = blocks.slice(0, at).find(({ line }) => isSure(row.line, line) || isSure(line, row.line));
    return /* safeguard: one-row-of-a-name */ first
      ? [{ line: row.line, message: `${row.table} "${ownName(row)?.name ?? ''}" is there from line ${first.line}: give each row a name of its own, or enter that one again by its name` }]
      : [];
  });
}

function ownRowProblems(row: ReadRow, marked: ReadonlySet<ReadRow>, options: CheckOptions): TemplateProblem[] {
  const { line } = row;
  const problems: TemplateProblem[] = [];
  const named = ownName(row);
  if (!named || !options.isSure(line, named.line)) problems.push({ line, message: nameless(row) });
  else if (!isOwn(named.uses)) problems.push({ line: named.line, message: sameForAll(named.name) });
  if (row.table === ipGroupTable && !marked.has(row)) {
    problems.push({ line, message: `the ip-group needs the tag ${ownerTagsOfTemplate.join(' or ')}, or nobody can tell whose it is` });
  }
  return [
    ...problems, ...renameProblems(row), ...effectProblems(row),
    ...removalsWithin(row).map((at) => ({ line: at, message: 'an onboarding script removes no rows' })),
  ];
}

/** Whether a row has the mark whenever it is entered, whichever of its blocks sets the tags. */
function isMarked(row: ReadRow, blocks: readonly ReadRow[], { hasMark, isSure }: CheckOptions): boolean {
  const tags = blocks.filter(({ cleared, parameters }) => parameters.has('tags') || cleared.has('tags')).map(({ parameters }) => parameters.get('tags'));
  return tags.every((each) => each !== undefined && hasMark(each.value)) && tags.some((each) => each !== undefined && isSure(row.line, each.line));
}

/** A row that is not in effect is of no use, and can't be told from one that somebody has switched off. */
function effectProblems(row: ReadRow): TemplateProblem[] {
  const own = row.effect === 'in-effect'
    ? []
    : [{ line: row.line, message: `the row of ${row.table} is ${row.effect === 'inactive' ? 'switched off by "no activate"' : 'not in effect at its end: "activate" or "exit" is missing after its last parameter'}` }];
  return [...own, ...row.children.flatMap(effectProblems)];
}

function removalsWithin(row: ReadRow): number[] {
  return [...row.removals.map(({ line }) => line), ...row.children.flatMap(removalsWithin)];
}

function valueLines(row: ReadRow): number[] {
  return [...[...row.parameters.values()].map(({ line }) => line), ...row.cleared.values()];
}

function nameOf(row: ReadRow): string {
  return row.selector.kind === 'name' ? row.selector.name : '';
}

function sameForAll(name: string): string {
  return `"${name}" is the same for all customers; use {{IpGroupName}} in it`;
}

function nameless({ table }: ReadRow): string {
  return `the row of ${table} needs a name, or it can't be found again; where its name has another word, say so before the row: # trunkline: name=<parameter>`;
}
