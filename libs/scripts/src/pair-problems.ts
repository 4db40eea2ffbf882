import { lastWord, tableAround } from './device-tables.js';
import { placeholders, valueOf } from './placeholders.js';
import { renderCommands, RenderError } from './render-script.js';
import { type RowRef, rowKey, rowsOfScript, rowText } from './script-rows.js';
import type { Template, TemplateNode } from './template.js';

/** The two scripts of a customer, rendered with the same values. */
export interface RenderedPair {
  readonly rows: readonly RowRef[];
  readonly removes: readonly RowRef[];
  /** Of the onboarding script. */
  readonly template: Template;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Why the two do not belong together: the cleanup removes every row that the onboarding makes, and no other. Each text goes on from the name of the cleanup.
 * @param onboarding the script's name in the texts
 */
export function pairProblems({ removes, rows, template, values }: RenderedPair, onboarding = 'the onboarding script'): string[] {
  const strays = /* safeguard: stray-removals */ without(removes, rows);
  const left = /* safeguard: rows-without-removal */ without(rows, removes);
  return [
    ...strays.map((row) => {
      const block = blockLeftOut(template, values, row);
      return `removes ${rowText(row)}, which ${onboarding} ${block === undefined ? 'does not create' : `creates in {{#if ${block}}} alone: put the removal into the same {{#if ${block}}}`}`;
    }),
    ...left.map((row) => `does not remove ${rowText(row)}, which ${onboarding} creates: add ${removalOf(row)}`),
  ];
}

function without(refs: readonly RowRef[], others: readonly RowRef[]): RowRef[] {
  const keys = new Set(others.map(rowKey));
  return refs.filter((ref) => !keys.has(rowKey(ref)));
}

/** The optional block that would make the row, had it a value. */
function blockLeftOut(template: Template, values: Readonly<Record<string, string>>, row: RowRef): string | undefined {
  const paths = blockPaths(template.nodes, []);
  const conditions = new Set(paths.flat());
  const made = Object.fromEntries(placeholders(template).flatMap(({ name }) => (conditions.has(name) ? [] : [[name, '1']])));
  return paths.find((path) => isMade(template, { ...made, ...values, ...Object.fromEntries(path.map((name) => [name, valueOf(values, name) || '1'])) }, row))?.at(-1);
}

function blockPaths(nodes: readonly TemplateNode[], around: readonly string[]): string[][] {
  return nodes.flatMap((node) => (node.kind === 'command' ? [] : [[...around, node.name], ...blockPaths(node.nodes, [...around, node.name])]));
}

function isMade(template: Template, values: Readonly<Record<string, string>>, row: RowRef): boolean {
  try {
    return rowsOfScript(renderCommands(template, values)).rows.some((each) => rowKey(each) === rowKey(row));
  } catch (error) {
    if (error instanceof RenderError) return false;
    throw error;
  }
}

function removalOf({ name, parent, table }: RowRef): string {
  if (parent !== undefined) return `no ${lastWord(table)} "${name}" inside ${tableAround(table)} "${parent}"`;
  const section = /^(\w+):/.exec(table)?.[1];
  return section === undefined ? `no ${table} "${name}"` : `no ${table.slice(section.length + 1)} "${name}" inside configure ${section}`;
}
