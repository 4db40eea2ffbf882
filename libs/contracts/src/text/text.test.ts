import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { characterCount, forbiddenCharacter } from './forbidden-character.js';
import { oneLine, quoted, visible } from './printable.js';

describe('characters that no name or value may hold', () => {
  it.each([
    ['a zero (Cc)', '\0', 'U+0000'], ['a line feed (Cc)', '\n', 'U+000A'], ['DEL (Cc)', '\x7f', 'U+007F'], ['NEL (Cc)', '\u0085', 'U+0085'],
    ['a soft hyphen (Cf)', '\u00ad', 'U+00AD'], ['a zero-width blank (Cf)', '\u200b', 'U+200B'], ['a direction override (Cf)', '\u202e', 'U+202E'],
    ['a byte order mark (Cf)', '\ufeff', 'U+FEFF'], ['a tag (Cf)', '\u{e0041}', 'U+E0041'],
    ['half a pair (Cs)', '\ud800', 'U+D800'], ['the other half (Cs)', '\udc00', 'U+DC00'],
    ['a private character (Co)', '\ue000', 'U+E000'], ['one of plane 16 (Co)', '\u{10fffd}', 'U+10FFFD'],
    ['an unassigned one (Cn)', '\u0378', 'U+0378'], ['a noncharacter (Cn)', '\uffff', 'U+FFFF'],
    ['a line separator (Zl)', '\u2028', 'U+2028'], ['a paragraph separator (Zp)', '\u2029', 'U+2029'],
    ['a quote', '"', 'U+0022'], ['a backslash', '\\', 'U+005C'],
  ])('%s', (_name, character, shown) => {
    expect(forbiddenCharacter(`ab${character}c`)).toBe(shown);
  });

  it('are not letters, marks, digits, blanks, emoji or an apostrophe', () => {
    expect(forbiddenCharacter('O\'Brien, Søn & Co. 株式会社 e\u0301 \u00a0 ١٢ 😀 <>|;`$%')).toBeUndefined();
  });
});

describe('text of somebody else in our messages', () => {
  it('shows nothing invisible, is short, and is itself when it is harmless', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(quoted(text)).toMatch(/^"[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]*"$/u);
      expect(characterCount(quoted(text))).toBeLessThanOrEqual(64 * 10 + 3);
    }));
    expect(quoted('Søn & Co.')).toBe('"Søn & Co."');
  });

  it.each([
    ['a\r\n b\n\n c ', 'a b c'],
    ['abcdefghijk', 'abcdefghi…'],
    ['abcdefgh😀xy', 'abcdefgh…'],
    ['', ''],
  ])('is one line: %j', (text, line) => {
    expect(oneLine(text, 10)).toBe(line);
  });

  it('can be stored and printed', () => {
    expect(visible('a\0b\nc\u202ed"\ud800')).toBe('a\\u{0}b\\u{a}c\\u{202e}d"\\u{d800}');
  });

  it('counts characters as people do', () => {
    expect(characterCount('a😀b')).toBe(3);
  });
});
