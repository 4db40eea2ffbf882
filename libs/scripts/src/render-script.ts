import { forbiddenCharacter } from '@trunkline/contracts';

import { isReservedWord, needsQuotes } from './characters.js';
import { commandsFor, valueOf } from './placeholders.js';
import type { Template, TemplateWord } from './template.js';

/** A script can't be rendered because of one value. The message names the variable and never shows the value. */
export class RenderError extends Error {
  constructor(readonly variable: string, readonly reason: 'missing' | 'forbidden-character', message: string) {
    super(message);
    this.name = 'RenderError';
  }
}

/**
 * Puts the values into the template, in one pass and the same way every time. Lines end in LF. An empty value is an absent one.
 * @throws RenderError for a value that is missing or holds a character that could change the script; nothing is repaired.
 */
export function renderScript(template: Template, values: Readonly<Record<string, string>>): string {
  return commandsFor(template, values)
    .map((command) => {
      const isTags = command.words[0]?.parts.some((part) => part.kind === 'text' && part.text === 'tags') ?? false;
      return `${command.indent}${command.words.map((word) => renderWord(word, values, isTags)).join(' ')}\n`;
    })
    .join('');
}

function renderWord(word: TemplateWord, values: Readonly<Record<string, string>>, isTags: boolean): string {
  let text = '';
  let quoted = word.quoted;
  let hasValue = false;
  for (const part of word.parts) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    const value = checkedValue(part.name, values, isTags);
    hasValue = true;
    quoted ||= needsQuotes(value);
    text += value;
  }
  if (hasValue && isReservedWord(text)) quoted = true;
  return quoted ? `"${text}"` : text;
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
