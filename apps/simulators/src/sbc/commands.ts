import { type TableSchema, wordsBeside } from './schema/table-schema.js';
import { CommandError, type Word } from './words.js';

export const sections = ['network', 'voip', 'system', 'troubleshoot'] as const;

/** One word of the command tree: what may follow it, or what it addresses. */
export interface CommandNode {
  readonly word: string;
  /** What a prompt calls the mode it leads to. */
  readonly mode: string;
  readonly next: Map<string, CommandNode>;
  /** Rows of this table are addressed after the word; of `child`, as `parent/child`. */
  table?: { readonly schema: TableSchema; readonly child?: TableSchema };
}

/** The tree below the first prompt: sections, tables, and child tables that are addressed beside their parents. */
export function commandTree(schemas: readonly TableSchema[]): CommandNode {
  const root = node('', '');
  const configure = follow(root, 'configure', 'configure');
  for (const section of sections) follow(configure, section, `config-${section}`);
  for (const schema of schemas) {
    const section = follow(configure, schema.section, `config-${schema.section}`);
    const leaf = (words: readonly string[]) => words.reduce((at, word) => follow(at, word, word), section);
    leaf(schema.path.split(' ')).table = { schema };
    for (const child of schema.children ?? []) leaf(wordsBeside(schema, child)).table = { schema, child };
  }
  return root;
}

function node(word: string, mode: string): CommandNode {
  return { word, mode, next: new Map() };
}

function follow(from: CommandNode, word: string, mode: string): CommandNode {
  const known = from.next.get(word);
  if (known) return known;
  const added = node(word, mode);
  from.next.set(word, added);
  return added;
}

/**
 * Follows words from a node as far as the tree goes; undefined when the first word leads nowhere, or with `isExact` any of them.
 * @throws CommandError for a later word that leads nowhere, and for one that is short for several
 */
export function walk(from: CommandNode, words: readonly Word[], isExact: boolean): { readonly node: CommandNode; readonly rest: readonly Word[] } | undefined {
  let at = from;
  for (const [index, word] of words.entries()) {
    if (at.table) return { node: at, rest: words.slice(index) };
    const meant = wordMeant(word, at.next.keys(), isExact);
    const next = meant === undefined ? undefined : at.next.get(meant);
    if (!next && (index === 0 || isExact)) return undefined;
    if (!next) throw invalid(word);
    at = next;
  }
  return at === from ? undefined : { node: at, rest: [] };
}

/** The candidate a word stands for: itself, or the only one that begins with it. @throws CommandError when there are several */
export function wordMeant(word: Word, candidates: Iterable<string>, isExact: boolean): string | undefined {
  if (word.isQuoted) return undefined;
  const begun: string[] = [];
  for (const candidate of candidates) {
    if (candidate === word.text) return candidate;
    if (!isExact && candidate.startsWith(word.text)) begun.push(candidate);
  }
  if (begun.length > 1) throw new CommandError(`Ambiguous command [${word.text}]`);
  return begun[0];
}

export function invalid(word: Word): CommandError {
  return new CommandError(`Invalid command [${word.text}]`);
}
