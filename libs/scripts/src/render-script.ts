import { forbiddenCharacter } from '@trunkline/contracts';

import { isReservedWord, needsQuotes } from './characters.js';
import { type CliCommand, type CliWord, lineText } from './cli-command.js';
import { commandsFor, valueOf } from './placeholders.js';
import type { Template, TemplateWord } from './template.js';

/** A script can't be rendered because of one value. The message names the variable and never shows the value. */
export class RenderError extends Error {
  constructor(readonly variable: string, readonly reason: 'missing' | 'forbidden-character', message: string) {
    super(message);
    this.name = 'RenderError';
  }
}

/** One line of a rendered script, numbered as in its template. */
export interface RenderedCommand extends CliCommand {
  readonly indent: string;
}

/**
 * Puts the values into the template, in one pass and the same way every time. An empty value is an absent one.
 * @throws RenderError for a value that is missing or holds a character that could change the script; nothing is repaired.
 */
export function renderCommands(template: Template, values: Readonly<Record<string, string>>): RenderedCommand[] {
  return commandsFor(template, values).map(({ indent, line, statements, words }) => {
    const isTags = words[0]?.parts.some((part) => part.kind === 'text' && part.text === 'tags') ?? false;
    return { line, indent, statements, words: words.map((word) => renderWord(word, values, isTags)) };
  });
}

/** The text that is sent: no remarks, lines ending in LF. */
export function scriptText(commands: readonly RenderedCommand[]): string {
  return commands.map(({ indent, words }) => `${indent}${lineText(words)}\n`).join('');
}

/** The text of a template with these values. @throws RenderError */
export function renderScript(template: Template, values: Readonly<Record<string, string>>): string {
  return scriptText(renderCommands(template, values));
}

function renderWord(word: TemplateWord, values: Readonly<Record<string, string>>, isTags: boolean): CliWord {
  let text = '';
  let quoted = word.quoted;
  const uses: string[] = [];
  for (const part of word.parts) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    const value = checkedValue(part.name, values, isTags);
    uses.push(part.name);
    quoted ||= needsQuotes(value);
    text += value;
  }
  if (uses.length > 0 && isReservedWord(text)) quoted = true;
  return { text, quoted, uses, ...word.before !== undefined && { before: word.before } };
}

function checkedValue(name: string, values: Readonly<Record<string, string>>, isTags: boolean): string {
  const value = valueOf(values, name);
  if (value === '') throw new RenderError(name, 'missing', `${name} has no value`);
  const character = forbiddenCharacter(value);
  if (character !== undefined) throw new RenderError(name, 'forbidden-character', `${name} holds the character ${character}, which a script may not contain`);
  // In a tag list these two would add a tag, the owner mark for one.
  if (isTags && /[;=]/.test(value)) throw new RenderError(name, 'forbidden-character', `${name} holds ";" or "=", which a tag may not contain`);
  return value;
}
