import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { isParsed, markedFiles, markersIn, mismatchesOf, pieceOf, withoutSafeguard } from './markers.mjs';
import { safeguards } from './safeguards.mjs';

const root = resolve(import.meta.dirname, '../..');
const files = markedFiles(root);
const marker = '/* safeguard: lock */';

describe('the piece that is marked', () => {
  it.each([
    ['a statement', 'lock();', `a(); ${marker} lock(); b();`],
    ['a statement on the next line', 'if (a) return;', `{\n  ${marker}\n  if (a) return;\n  b();\n}`],
    ['a statement with a remark before it', 'lock();', `${marker}\n// Others wait.\nlock();`],
    ['what follows else', 'lock();', `if (a) b(); else ${marker} lock();`],
    ['a whole condition', 'a && b', `if (${marker} a && b) c();`],
    ['an operand on the right', 'b === c', `if (a && ${marker} b === c || d) e();`],
    ['what parentheses end', 'first', `if ((${marker} first) && b) c();`],
    ['an argument', 'b.c(d)', `a(${marker} b.c(d), e);`],
    ['the value of a property', '1', `a({ b: ${marker} 1, c });`],
    ['a result', 'a ? b : c', `const d = (): unknown => ${marker} a ? b : c;`],
    ['code between the parts of a template', 'first', `b(\`x \${${marker} first} y \${c} z\`);`],
    ['a template', '`a ${b}`', `c(${marker} \`a \${b}\`);`],
    ['the rest of a line in a template', 'FOR ${a}', `b(\`SELECT\n  ${marker} FOR \${a}\n  \${c}\`);`],
    ['the rest of the last line in a template', 'AND c', `b(\`SELECT \${a} ${marker} AND c\`);`],
    ['the rest of a text', 'FOR UPDATE', `a('SELECT ${marker} FOR UPDATE', b);`],
  ])('is %s', (_name, piece, text) => {
    expect(text.slice(...pieceOf(text, 'lock'))).toBe(piece);
    expect(withoutSafeguard(text, { name: 'lock', replace: 'X' })).toBe(text.replace(piece, 'X'));
    expect(withoutSafeguard(text, { name: 'lock', replace: (found) => `(${found})` })).toBe(text.replace(piece, () => `(${piece})`));
  });

  it.each([
    ['no marker', 'a();', 'marked 0 times'], ['two of one name', `${marker} a(); ${marker} b();`, 'marked 2 times'], ['nothing behind it', `a(); ${marker}`, 'nothing begins'],
    ['a word that begins nothing', `if (a) b(); ${marker} else c();`, 'nothing begins'], ['the end of a text', `a('b ${marker} ');`, 'nothing begins'],
  ])('is refused with %s', (_name, text, message) => {
    expect(() => pieceOf(text, 'lock')).toThrow(message);
  });
});

describe('the list and the markers', () => {
  it('fit each other, one to one', () => {
    expect(mismatchesOf(safeguards, files)).toEqual([]);
  });

  it.each([
    ['an entry without a marker', ['lock', 'key'], [`${marker} a();`], ['key is marked 0 times']], ['a marker without an entry', [], [`${marker} a();`], ['lock in 0.ts is not on the list']],
    ['two markers of one name', ['lock'], [`${marker} a();`, `${marker} b();`], ['lock is marked 2 times: 0.ts, 1.ts']],
    ['two entries of one name', ['lock', 'lock'], [`${marker} a();`], ['two safeguards named lock']],
  ])('do not fit with %s', (_name, names, texts, mismatches) => {
    const found = mismatchesOf(names.map((name) => ({ name })), texts.map((text, index) => ({ file: `${index}.ts`, text })));
    expect(found).toEqual(mismatches.map((mismatch) => expect.stringContaining(mismatch) as string));
  });

  it('holds no marker that is misspelt', () => {
    const misspelt = files.filter(({ text }) => text.split('safeguard:').length - 1 !== markersIn(text).length);
    expect(misspelt.map(({ file }) => file)).toEqual([]);
  });

  it.each(safeguards)('replaces the piece alone, and is code again: $name', ({ name, replace, testFile }) => {
    const { text } = files.find((file) => markersIn(file.text).includes(name))!;
    const [start, end] = pieceOf(text, name);
    const changed = withoutSafeguard(text, { name, replace });
    expect(changed).not.toBe(text);
    expect([changed.slice(0, start), changed.slice(changed.length - (text.length - end))]).toEqual([text.slice(0, start), text.slice(end)]);
    expect(isParsed(changed)).toBe(true);
    expect(existsSync(join(root, testFile))).toBe(true);
  });
});
