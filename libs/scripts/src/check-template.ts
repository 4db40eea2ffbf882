import { knownPlaceholders } from './builtins.js';
import type { CliCommand } from './cli-command.js';
import { checkScript, hasMarkOfTemplate, type ScriptKind } from './check-script.js';
import { type DeviceLimits, limitProblems } from './limits.js';
import { parseTemplate } from './parse-template.js';
import { placeholders } from './placeholders.js';
import { readScript, type ReadScript } from './read-script.js';
import type { TemplateNode, TemplateProblem } from './template.js';

/** What a template is for. `other` scripts are only checked for syntax and names. */
export type TemplateKind = ScriptKind | 'other';

/** Everything that is wrong with a template of this kind, in line order; none means that it may be saved. `limits` hold for the values it names itself. */
export function checkTemplate(kind: TemplateKind, text: string, declaredVariables: readonly string[], limits: DeviceLimits = {}): TemplateProblem[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [...parsed.errors];
  const { nodes } = parsed.template;
  const known = knownPlaceholders(declaredVariables);
  const problems = placeholders(parsed.template)
    .filter((use) => !known.has(use.name))
    .map(({ name, line }) => ({ line, message: `unknown placeholder {{${name}}}` }));
  if (kind === 'other') return problems;

  const lines = flatten(nodes, []);
  const script = readScript(lines.map(({ command }) => command));
  const conditions = new Map(lines.map(({ command, when }) => [command.line, when]));
  const isSure = (rowLine: number, line: number) => (conditions.get(line) ?? []).every((condition) => conditions.get(rowLine)?.includes(condition));
  const found = [
    ...checkScript(kind, script, { hasMark: hasMarkOfTemplate, isSure }),
    ...blockProblems(nodes, lines.map(({ command }) => command), script),
    ...limitProblems(script, limits, (uses) => uses.length === 0),
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
    const words = node.words.map(({ parts, ...word }) => ({
      ...word, text: parts.map((part) => (part.kind === 'text' ? part.text : `{{${part.name}}}`)).join(''),
      uses: parts.flatMap((part) => (part.kind === 'value' ? [part.name] : [])),
    }));
    return [{ command: { line: node.line, words, indent: node.indent, statements: node.statements }, when }];
  });
}

/** An optional block holds whole rows or whole parameters: with it or without it, later lines stand in the same place. */
function blockProblems(nodes: readonly TemplateNode[], commands: readonly CliCommand[], { placeAfter }: ReadScript): TemplateProblem[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'command') return [];
    const inner = flatten(node.nodes, []).map(({ command }) => command.line);
    if (inner.length === 0) return [];
    const before = commands[commands.findIndex(({ line }) => line === inner[0]) - 1];
    const start = before ? placeAfter.get(before.line) ?? [] : [];
    const places = inner.map((line) => placeAfter.get(line) ?? []);
    const isWhole = places.at(-1)?.length === start.length && places.every((place) => start.every((mode, index) => place[index] === mode));
    return [
      ...isWhole ? [] : [{ line: node.line, message: `{{#if ${node.name}}} must hold whole rows, each closed with "exit", or whole parameters` }],
      ...blockProblems(node.nodes, commands, { placeAfter } as ReadScript),
    ];
  });
}
