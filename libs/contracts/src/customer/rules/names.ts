import { characterCount, forbiddenCharacter } from '../../text/forbidden-character.js';

// Not allowed in file names, and short names become names of databases and directories.
const fileNameCharacters = /[\\/:*?"<>|]/;
const reservedShortName = 'audit';

/** 3 to 15 characters. */
export function hasShortNameLength(name: string): boolean {
  const count = characterCount(name);
  return count >= 3 && count <= 15;
}

/** Visible ASCII only, without a dot: the name is a row on the SBC and a label in a domain name. */
export function hasShortNameCharacters(name: string): boolean {
  return /^[\x21-\x7e]*$/.test(name) && !fileNameCharacters.test(name) && !name.includes('.');
}

/** Whatever its case. */
export function isReservedShortName(name: string): boolean {
  return name.toLowerCase() === reservedShortName;
}

/** 1 to 200 characters. */
export function hasFullNameLength(name: string): boolean {
  const count = characterCount(name);
  return count >= 1 && count <= 200;
}

/** Any script, blanks, dots and apostrophes; no file name characters, nothing invisible, no blank at either end. */
export function hasFullNameCharacters(name: string): boolean {
  return !fileNameCharacters.test(name) && forbiddenCharacter(name) === undefined && trimBlanks(name) === name;
}

/** Without blanks at both ends. Line ends and invisible characters stay: they are refused, not repaired. */
export function trimBlanks(text: string): string {
  return text.replace(/^\p{Zs}+/u, '').replace(/(?<!\p{Zs})\p{Zs}+$/u, '');
}
