const plain = /^[A-Za-z0-9_.:@+-]+$/;

// As a bare word these would select or order rows instead of naming one.
const reservedWords = new Set(['new', 'insert', 'move', 'no', 'exit', 'activate', 'configure', 'end']);

/** Whether a value that stands outside quotes has to be quoted to stay one word. */
export function needsQuotes(value: string): boolean {
  return !plain.test(value);
}

/** Whether a word without quotes is an instruction and not a value. */
export function isReservedWord(word: string): boolean {
  return reservedWords.has(word.toLowerCase());
}
