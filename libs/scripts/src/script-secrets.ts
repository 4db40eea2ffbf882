/** Characters that are masked wherever they stand. Fewer stand in too many words. */
const fewestAnywhere = 4;
const inWord = String.raw`[\p{L}\p{N}_\-]`;
const blanks = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]/gu;

/**
 * The text with every secret replaced, also where a device has broken it across lines or put other blanks in it; one of up to three characters where it is no
 * part of a word.
 */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.map((secret) => [...secret.replaceAll(blanks, '')]).filter((characters) => characters.length > 0)
    .toSorted((one, other) => other.length - one.length)
    .map((characters) => {
      const secret = characters.map(literally).join(`${blanks.source}*`);
      return new RegExp(/* safeguard: short-secret */ characters.length < fewestAnywhere ? `(?<!${inWord})${secret}(?!${inWord})` : secret, 'gu');
    })
    .reduce((shown, secret) => shown.replaceAll(secret, '*****'), text);
}

/** Values a script sets as passwords. */
export function passwordsIn(script: string): string[] {
  return [...script.matchAll(/^[ \t]*password[ \t]+(?:"([^"]*)"|(\S+))/gm)].map((found) => found[1] ?? found[2] ?? '').filter((secret) => secret !== '');
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
