import type { Template, TemplateNode } from './template.js';

/** A name a template uses, at the line of its first use. */
export interface PlaceholderUse {
  readonly name: string;
  readonly line: number;
}

/** Every name the template uses, conditions included, each once, in order of first use. */
export function placeholders(template: Template): PlaceholderUse[] {
  const seen = new Map<string, number>();
  const walk = (inner: readonly TemplateNode[]): void => {
    for (const node of inner) {
      if (node.kind === 'optional') {
        if (!seen.has(node.name)) seen.set(node.name, node.line);
        walk(node.nodes);
      } else {
        for (const part of node.words.flatMap((word) => word.parts)) {
          if (part.kind === 'value' && !seen.has(part.name)) seen.set(part.name, node.line);
        }
      }
    }
  };
  walk(template.nodes);
  return [...seen].map(([name, line]) => ({ name, line }));
}

/** The names that rendering with these values would miss, those of optional blocks that would be sent included. */
export function missingPlaceholders(template: Template, values: Readonly<Record<string, string>>): string[] {
  const names = commandsFor(template, values)
    .flatMap((command) => command.words)
    .flatMap((word) => word.parts)
    .flatMap((part) => (part.kind === 'value' && valueOf(values, part.name) === '' ? [part.name] : []));
  return [...new Set(names)];
}

/** The lines that are sent with these values. */
export function commandsFor(template: Template, values: Readonly<Record<string, string>>) {
  const walk = (nodes: readonly TemplateNode[]): (TemplateNode & { kind: 'command' })[] =>
    nodes.flatMap((node) => (node.kind === 'command' ? [node] : valueOf(values, node.name) === '' ? [] : walk(node.nodes)));
  return walk(template.nodes);
}

/** The value of a name; an empty text is the same as none. */
export function valueOf(values: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(values, name) ? values[name] ?? '' : '';
}
