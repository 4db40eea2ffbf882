import { customerNames, knownPlaceholders, ownerTag } from './builtins.js';
import type { CliCommand } from './cli-command.js';
import { readRows, rowName } from './cli-rows.js';
import type { CliRow, CliRows } from './cli-rows.js';
import { ipGroupTable } from './device-tables.js';
import { parseTemplate } from './parse-template.js';
import { placeholders } from './placeholders.js';
import type { TemplateNode, TemplateProblem } from './template.js';

/** What a template is for. `other` scripts are only checked for syntax and names. */
export type TemplateKind = 'onboarding' | 'cleanup' | 'other';

// They ask back, take long or reach the whole device.
const refusedCommands = new Set(['copy', 'reload', 'write', 'erase']);
const anyPlaceholder = /\{\{([^}]*)\}\}/g;

/** Everything that is wrong with a template of this kind, in line order; none means that it may be saved. */
export function checkTemplate(kind: TemplateKind, text: string, declaredVariables: readonly string[]): TemplateProblem[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [...parsed.errors];
  const { nodes } = parsed.template;
  const known = knownPlaceholders(declaredVariables);
  const problems = placeholders(parsed.template)
    .filter((use) => !known.has(use.name))
    .map(({ name, line }) => ({ line, message: `unknown placeholder {{${name}}}` }));
  if (kind === 'other') return problems;

  const lines = flatten(nodes, []);
  const commands = lines.map(({ command }) => command);
  const read = readRows(commands);
  const conditions = new Map(lines.map(({ command, when }) => [command.line, when]));
  const found = [
    ...commands.flatMap(commandProblems),
    ...blockProblems(nodes, commands, read),
    ...read.removals.flatMap(({ line, words, selector }) => selectorProblems(line, words, selector.kind === 'name' ? selector.name : undefined)),
    ...(kind === 'onboarding' ? read.rows.flatMap((row) => rowProblems(row, conditions)) : []),
  ];
  return [...problems, ...found].sort((one, other) => one.line - other.line);
}

interface FlatLine {
  readonly command: CliCommand;
  readonly when: readonly string[];
}

/** The lines with all optional ones in, placeholders spelled `{{Name}}`, and the blocks each stands in. */
function flatten(nodes: readonly TemplateNode[], when: readonly string[]): FlatLine[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'optional') return flatten(node.nodes, [...when, `${node.name} at ${node.line}`]);
    const words = node.words.map(({ quoted, parts }) => ({ quoted, text: parts.map((part) => (part.kind === 'text' ? part.text : `{{${part.name}}}`)).join('') }));
    return [{ command: { line: node.line, words }, when }];
  });
}

function commandProblems({ line, words }: CliCommand): TemplateProblem[] {
  const first = words[0]?.text ?? '';
  if (refusedCommands.has(first)) return [{ line, message: `"${first}" may not stand in a script` }];
  if (first === 'configure' && words.some((word) => word.text.includes('{{'))) return [{ line, message: 'a value can\'t choose what is configured' }];
  return [];
}

/** An optional block holds whole rows or whole parameters: with it or without it, later lines stand in the same place. */
function blockProblems(nodes: readonly TemplateNode[], commands: readonly CliCommand[], read: CliRows): TemplateProblem[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'command') return [];
    const inner = flatten(node.nodes, []).map(({ command }) => command);
    const first = inner[0];
    if (!first) return [];
    const before = commands[commands.findIndex((command) => command.line === first.line) - 1];
    const start = before ? read.depthAfter.get(before.line) ?? 0 : 0;
    const depths = inner.map((command) => read.depthAfter.get(command.line) ?? 0);
    const isWhole = depths.at(-1) === start && depths.every((depth) => depth >= start) && !inner.some((command) => command.words[0]?.text === 'configure');
    return [
      ...(isWhole ? [] : [{ line: node.line, message: `{{#if ${node.name}}} must hold whole rows or whole parameters` }]),
      ...blockProblems(node.nodes, commands, read),
    ];
  });
}

/** A line that picks a row: only the row's name may come from a value, and the name differs for every customer. */
function selectorProblems(line: number, words: CliCommand['words'], name: string | undefined): TemplateProblem[] {
  const counted = words.at(-1)?.text === 'insert' ? words.slice(0, -1) : words;
  if (counted.slice(0, -1).some((word) => word.text.includes('{{'))) return [{ line, message: 'a value can\'t choose a table' }];
  const last = counted.at(-1);
  if (last && !last.quoted && last.text.includes('{{')) return [{ line, message: 'the name of a row stands in quotes, or it could be read as an index' }];
  if (name === undefined) return [{ line, message: 'a row is removed by its name, not by an index' }];
  return isOwnName(name) ? [] : [{ line, message: `"${name}" is the same for all customers; use {{IpGroupName}} in it` }];
}

function rowProblems(row: CliRow, conditions: ReadonlyMap<number, readonly string[]>): TemplateProblem[] {
  const { line, opening } = row;
  if (opening.slice(0, -1).some((word) => word.text.includes('{{'))) return [{ line, message: 'a value can\'t choose a table' }];
  if (row.selector.kind === 'name' && opening.at(-1)?.quoted === false && row.selector.name.includes('{{')) {
    return [{ line, message: 'the name of a row stands in quotes, or it could be read as an index' }];
  }
  // Sure: sent whenever the row itself is.
  const isSure = (at: number) => (conditions.get(at) ?? []).every((condition) => conditions.get(line)?.includes(condition));
  const problems: TemplateProblem[] = [];
  const named = rowName(row);
  const nameLine = named?.parameter === undefined ? line : row.parameters.get(named.parameter)?.line ?? line;
  if (!named || !isSure(nameLine)) problems.push({ line, message: `the row of ${row.table} needs a name, or it can't be found again` });
  else if (!isOwnName(named.name)) problems.push({ line: nameLine, message: `"${named.name}" is the same for all customers; use {{IpGroupName}} in it` });

  if (row.table === ipGroupTable) {
    const tags = row.parameters.get('tags');
    const mark = ownerTag('{{CustomerGuid}}');
    if (!tags || !isSure(tags.line) || !tags.value.split(';').some((tag) => tag.trim() === mark)) {
      problems.push({ line, message: `the ip-group needs the tag ${mark}, or nobody can tell whose it is` });
    }
  }
  return problems;
}

function isOwnName(name: string): boolean {
  return [...name.matchAll(anyPlaceholder)].some((found) => customerNames.has(found[1] ?? ''));
}
