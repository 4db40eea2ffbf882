import { freeTexts } from './device-tables.js';
import type { TemplatePart, TemplateWord } from './template.js';

export type ParsedWords = { readonly words: readonly TemplateWord[]; readonly remark: string } | { readonly message: string };

const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\}\}/y;

/** Splits one template line into words; a placeholder never decides where a word ends. With plain signs `#` and `?` are characters of a value like others. */
export function parseWords(line: string, hasPlainSigns: boolean): ParsedWords {
  const words: TemplateWord[] = [];
  let at = 0;
  let end = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at += 1;
      continue;
    }
    // A remark; where a value begins with the sign, it stands in quotes.
    if (!hasPlainSigns && line[at] === '#' && words.length > 0) {
      const outside = words.filter(({ quoted }) => !quoted).flatMap(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : '')));
      const isInText = outside.join('').split('\'').length % 2 === 0;
      return isInText ? { message: 'a "#" inside a text: put the whole value in double quotes' } : { words, remark: line.slice(at) };
    }
    const read = readWord(line, at);
    if ('message' in read) return read;
    const problem = wordProblem(read.word, words.length, hasPlainSigns);
    if (problem) return { message: problem };
    const before = line.slice(end, at);
    words.push(words.length > 1 && before !== ' ' && isFreeText(words[0]) ? { ...read.word, before } : read.word);
    at = end = read.end;
  }
  return { words, remark: '' };
}

type ReadWord = { readonly word: TemplateWord; readonly end: number } | { readonly message: string };

function readWord(line: string, start: number): ReadWord {
  const quoted = line[start] === '"';
  const parts: TemplatePart[] = [];
  let text = '';
  let at = quoted ? start + 1 : start;
  for (; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quoted ? character === '"' : isBlank(character)) break;
    if (character === '"') return { message: 'a quote inside a word; quote the whole word' };
    if (line.startsWith('{{', at)) {
      placeholder.lastIndex = at;
      const found = placeholder.exec(line);
      if (!found) return { message: 'unknown syntax after "{{": only {{Name}} may stand inside a line' };
      if (text) parts.push({ kind: 'text', text });
      text = '';
      parts.push({ kind: 'value', name: found[1] ?? '' });
      at = placeholder.lastIndex - 1;
    } else if (line.startsWith('}}', at)) {
      return { message: '"}}" without "{{"' };
    } else {
      text += character;
    }
  }
  if (text) parts.push({ kind: 'text', text });
  if (!quoted) return { word: { quoted, parts }, end: at };
  if (at >= line.length) return { message: 'the closing quote is missing' };
  if (at + 1 < line.length && !isBlank(line[at + 1])) return { message: 'a blank is missing after the closing quote' };
  return { word: { quoted, parts }, end: at + 1 };
}

function wordProblem(word: TemplateWord, index: number, hasPlainSigns: boolean): string | undefined {
  const hasValue = word.parts.some((part) => part.kind === 'value');
  const texts = word.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  if (index === 0 && (hasValue || word.quoted)) return 'a line begins with a command word, not with a value';
  if (hasValue && texts.some((text) => text.includes('\\'))) return 'a backslash beside a placeholder could change what its value means';
  if (!hasPlainSigns && !word.quoted && texts.some((text) => text.includes('?'))) return 'a "?" outside of double quotes asks the device for help: put the value in double quotes';
  if (word.quoted && texts.at(-1)?.endsWith('\\')) return 'a backslash before the closing quote could keep the text open';
  return undefined;
}

function isFreeText(word: TemplateWord | undefined): boolean {
  const [part] = word?.parts ?? [];
  return part?.kind === 'text' && freeTexts.has(part.text);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
