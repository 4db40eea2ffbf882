import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from './service-process.js';

/** Why one state follows another: what causes the transition, each cause once. */
export type Transitions = ReadonlyMap<string, ReadonlySet<string>>;

/** Collects `from --> to`, with what caused it; a state that stays the same is no transition. */
export class SeenTransitions {
  private readonly seen = new Map<string, Set<string>>();

  add(from: string, to: string, cause: string): void {
    if (from === to) return;
    const arrow = `${from} --> ${to}`;
    this.seen.set(arrow, (this.seen.get(arrow) ?? new Set()).add(cause));
  }

  /** As a diagram has them: one line a transition, sorted, its causes sorted. */
  get lines(): string[] {
    return linesOf(this.seen);
  }
}

/**
 * The transitions of the Mermaid state diagram with this title in docs/architecture.md, in the form of `SeenTransitions.lines`.
 * @throws Error when there is no such diagram, or a line of it is neither a transition nor the direction
 */
export function drawnTransitions(title: string): string[] {
  const text = readFileSync(join(checkoutDir, 'docs/architecture.md'), 'utf8');
  const diagram = text.split('```mermaid\n').map((block) => block.split('```')[0] ?? '').find((block) => block.includes(`title: ${title}\n`));
  if (diagram === undefined) throw new Error(`docs/architecture.md has no state diagram with the title ${title}`);
  const drawn = new Map<string, Set<string>>();
  for (const line of diagram.split('stateDiagram-v2\n')[1]?.split('\n') ?? []) {
    if (/^\s*(direction \w+)?$/.test(line)) continue;
    const [, from, to, causes] = /^\s*(\S+) --> (\S+) : (.+)$/.exec(line) ?? [];
    if (from === undefined || to === undefined || causes === undefined) throw new Error(`not a transition: ${line}`);
    const arrow = `${from} --> ${to}`;
    if (drawn.has(arrow)) throw new Error(`drawn twice: ${arrow}`);
    drawn.set(arrow, new Set(causes.split(', ')));
  }
  return linesOf(drawn);
}

/** Names, or how they begin, of the statements in the sources of a folder that insert, update or delete rows of a table. */
export function statementsWriting(table: string, folder: string): string[] {
  const path = join(checkoutDir, folder);
  const sources = readdirSync(path).filter((name) => name.endsWith('.ts') && !/\.(test|testing|migration)\.ts$/.test(name)).map((name) => readFileSync(join(path, name), 'utf8'));
  const writes = new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM) ${table}\\b`);
  const begin = '(?:name: |statementOf\\(|\\[)[`\']';
  return sources.flatMap((text) => text.split(new RegExp(`(?=${begin}[a-z])`)))
    .flatMap((part) => (writes.test(part) ? [new RegExp(`^${begin}([a-z-]+)`).exec(part)?.[1] ?? `not named: ${part.slice(0, 80)}`] : []));
}

function linesOf(transitions: Transitions): string[] {
  return [...transitions].map(([arrow, causes]) => `${arrow} : ${[...causes].sort().join(', ')}`).sort();
}
