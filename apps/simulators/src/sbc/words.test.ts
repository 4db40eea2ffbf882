import { describe, expect, it } from 'vitest';
import { linesOf, wordsOf } from './words.js';

describe('words of a command line', () => {
  it.each([
    ['are separated by blanks and tabs', ' name \t x ', ['name', 'x']],
    ['may hold blanks inside quotes', 'name "Northwind 7"', ['name', 'Northwind 7']],
    ['may be empty inside quotes', 'name ""', ['name', '']],
    ['keep what looks like an escape', 'name "a\\b"', ['name', 'a\\b']],
    ['may be quoted comments and question marks', 'name "#1 or |2?"', ['name', '#1 or |2?']],
    ['are none on an empty line', '   ', []],
  ])('%s', (_name, line, words) => {
    expect(wordsOf(line).map((word) => word.text)).toEqual(words);
  });

  it.each([
    ['quotation marks that are not closed', 'name "abc'],
    ['a word glued to a quoted one', 'name "abc"def'],
    ['a quotation mark inside a word', 'name ab"c'],
    ['a comment', '# a comment'],
    ['a comment of the other kind', '! a comment'],
    ['a request for help', 'name ?'],
    ['a pipe', 'show running-config | include x'],
    ['a control character', 'name a\u0000b'],
    ['a line separator', 'name "a\u2028b"'],
  ])('refuse %s', (_name, line) => {
    expect(() => wordsOf(line)).toThrow(/invalid|unknown command/i);
  });

  it('take a lone carriage return for an Enter', () => {
    expect(linesOf('a\nb\r\nc\rd')).toEqual(['a', 'b', 'c', 'd']);
  });
});
