import type { Statement } from './cli-command.js';

/** A script template: CLI lines with `{{Name}}` in them and `{{#if Name}} … {{/if}}` around optional lines. */
export interface Template {
  readonly nodes: readonly TemplateNode[];
}

export type TemplateNode = TemplateCommand | OptionalBlock;

/** One line of the script. `indent` is kept and so are blanks inside a value; others between words become one. */
export interface TemplateCommand {
  readonly kind: 'command';
  readonly line: number;
  readonly indent: string;
  readonly words: readonly TemplateWord[];
  /** Remarks for us that stand right before it. */
  readonly statements: readonly Statement[];
}

/** Lines that are sent only when `name` has a value that is not empty. */
export interface OptionalBlock {
  readonly kind: 'optional';
  readonly line: number;
  readonly name: string;
  readonly nodes: readonly TemplateNode[];
}

export interface TemplateWord {
  readonly quoted: boolean;
  readonly parts: readonly TemplatePart[];
  /** The blanks before it inside a value, where they are not one blank. */
  readonly before?: string;
}

export type TemplatePart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly name: string };

/** What is wrong with a template, at which line of its text (from 1). */
export interface TemplateProblem {
  readonly line: number;
  readonly message: string;
}

export type ParsedTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly errors: readonly TemplateProblem[] };
