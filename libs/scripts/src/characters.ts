// Cc, Cf, Cs, Co, Cn, Zl and Zp can end a line, hide text or differ between readers; a quote or a backslash can end a quoted value.
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}"\\]/u;

const plain = /^[A-Za-z0-9_.:@+-]+$/;

// As a bare word these would select or order rows instead of naming one.
const reservedWords = new Set(['new', 'insert', 'move', 'no', 'exit', 'activate', 'configure', 'end']);

/** The first character a value may not hold, as `U+000A`; undefined when the value may be written into a script. */
export function forbiddenCharacter(value: string): string | undefined {
  const found = forbidden.exec(value)?.[0];
  if (found === undefined) return undefined;
  return `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Whether a value that stands outside quotes has to be quoted to stay one word. */
export function needsQuotes(value: string): boolean {
  return !plain.test(value);
}

/** Whether a word without quotes is an instruction and not a value. */
export function isReservedWord(word: string): boolean {
  return reservedWords.has(word.toLowerCase());
}
