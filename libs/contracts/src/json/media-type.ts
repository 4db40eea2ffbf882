const anyCase = (words: string): string => words.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/**
 * Media types of JSON that can be read here, those with a suffix `+json` too; of characters UTF-8 alone, as every JSON parser, and its part ASCII. A pattern
 * without flags, since a JSON Schema has none; no two parts of it can take the same blanks, so that no header takes long.
 */
export const jsonMediaType = new RegExp([
  `^${anyCase('application')}/(?:[A-Za-z0-9!#$&^_.-]+\\+)?${anyCase('json')}\\s*`,
  `(?:;(?:\\s*${anyCase('charset')}\\s*=\\s*"?${anyCase('(?:utf-?8|(?:us-)?ascii)')}"?\\s*|(?!\\s*${anyCase('charset')}\\s*=)[^;]*))*$`,
].join(''));
