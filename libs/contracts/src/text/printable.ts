const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const maxQuoted = 64;

/** Somebody else's text as it may stand in our messages: in quotes, what can't be seen escaped, cut after 64 characters. */
export function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * maxQuoted)];
  const cut = characters.length > maxQuoted || text.length > 2 * maxQuoted ? `${characters.slice(0, maxQuoted).join('')}…` : text;
  return visible(JSON.stringify(cut));
}

/** Text that a database, a log and a terminal can take: what can't be seen is escaped, line ends too. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Text on one line of at most `maxLength` UTF-16 units. */
export function oneLine(text: string, maxLength: number): string {
  const line = text.split(/[\r\n]+/).map((part) => part.trim()).filter((part) => part !== '').join(' ');
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
