import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { safeguards } from '../safeguards/safeguards.mjs';

const root = resolve(import.meta.dirname, '../..');
const maxCharacters = 90;
const files = ['apps', 'libs', 'test', 'bench', 'scripts', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((name) => /\.(test|suite|conformance)\.ts$/.test(name) && !/\/(node_modules|dist)\//.test(name));

/** What follows `it(`, `describe(`, or the table of an `each`. */
const title = /(?:\b(?:it|describe)(?:\.(?:skip|only|concurrent|sequential))?\(|\)\()\s*(['`])((?:\\.|(?!\1)[^\n])*)\1, (?:async )?(?:\(|\{ )/g;
const titlesIn = (text: string): string[] => [...text.matchAll(title)].map(([, , found]) => found!.replace(/\\(.)/g, '$1'));

describe('titles of tests', () => {
  const titles = files.map((file) => ({ file, titles: titlesIn(readFileSync(join(root, file), 'utf8')) }));

  it('are found in each file that has tests', () => {
    const without = titles.filter((each) => each.titles.length === 0 && /\b(?:it|describe)\(\s*['`]/.test(readFileSync(join(root, each.file), 'utf8')));
    expect(without.map(({ file }) => file)).toEqual([]);
    expect(titlesIn(`it('a\\'s', () => {}); describe.each(['x'])('of %s', (x) => {}); it(\`b\`, async () => {});`)).toEqual(['a\'s', 'of %s', 'b']);
  });

  it('have at most 90 characters', () => {
    expect(titles.flatMap((each) => each.titles.filter(({ length }) => length > maxCharacters).map((long) => `${each.file}: ${long}`))).toEqual([]);
  });

  it('are one sentence: none ends with a full stop, and none has one inside', () => {
    expect(titles.flatMap((each) => each.titles.filter((one) => /\.$|[a-z]\. [A-Z]/.test(one)).map((found) => `${each.file}: ${found}`))).toEqual([]);
  });

  it('are those that the list of safeguards names', () => {
    const all = new Set(titles.flatMap((each) => each.titles));
    const templates = [...all].filter((one) => /%|\$/.test(one)).map((one) => one.replace(/[.*+?^{}()|[\]\\]/g, '\\$&').replace(/%[sdifjo]|\$\\\{[^}]*\\\}|\$[\w.]+/g, '.+'));
    const templated = new RegExp(`^(?:${templates.join('|')})$`);
    const missing = safeguards.filter(({ testName }) => testName.split(' > ').some((part) => !all.has(part) && !templated.test(part)));
    expect(missing.map(({ name, testName }) => `${name}: ${testName}`)).toEqual([]);
  });
});
