/** A word of a command line; a quoted one may hold blanks. */
export interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Where it begins in its line. */
  readonly at: number;
}

/** A command line the device can't read, with the device's own words for it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

// A terminal has no business with any of these inside a line.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** Lines as a terminal takes them: a lone carriage return is an Enter as well. */
export function linesOf(script: string): string[] {
  return script.split(/\r\n|\n|\r/);
}

/** @throws CommandError */
export function wordsOf(line: string): Word[] {
  if (control.test(line)) throw new CommandError('Invalid character in command');
  const words: Word[] = [];
  let rest = line.trimStart();
  const place = () => line.length - rest.length;
  while (rest !== '') {
    const quoted = /^"([^"]*)"(?=\s|$)/.exec(rest);
    const plain = /^[^\s"]+(?=\s|$)/.exec(rest);
    if (quoted) words.push({ text: quoted[1] ?? '', isQuoted: true, at: place() });
    else if (plain) words.push({ text: plain[0], isQuoted: false, at: place() });
    else throw new CommandError('Invalid use of quotation marks');
    rest = rest.slice((quoted ?? plain)?.[0].length).trimStart();
  }
  const [first] = words;
  if (first && !first.isQuoted && /^[#!]/.test(first.text)) throw new CommandError('Invalid command: comments are not supported');
  if (words.some((word) => !word.isQuoted && /[?|]/.test(word.text))) throw new CommandError('Invalid command: help and pipes are not available in a script');
  return words;
}
