import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
const entries = [...text.matchAll(/^\| (?!word |---)(.+?) \| (.+?) \| `(.+?)` \|$/gm)].map(([, word, means, folder]) => ({ word: word!, means: means!, folder: folder! }));
const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);

/** The product's code below a folder, in small letters. */
function sourcesBelow(folder: string): string {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !/\.(test|testing|suite|conformance)\.ts$/.test(name));
  return names.map((name) => readFileSync(join(root, folder, name), 'utf8')).join('\n').toLowerCase();
}

describe('the glossary', () => {
  it('has five parts', () => {
    expect(sections).toEqual(['Trade', 'Process', 'Messaging', 'Jobs', 'Device']);
    expect(entries.length).toBe(text.split('\n').filter((line) => line.startsWith('| ')).length - 2 * sections.length);
  });

  it('says each word once, in one sentence', () => {
    expect(entries.map(({ word }) => word.toLowerCase()).filter((word, index, all) => all.indexOf(word) !== index)).toEqual([]);
    expect(entries.filter(({ means }) => !/^[A-Z][^.]*\.$/.test(means)).map(({ word }) => word)).toEqual([]);
  });

  it('has only words that the code has, where it says', () => {
    const named = [...new Set(entries.map(({ folder }) => folder))].filter((folder) => existsSync(join(root, folder)));
    const folders = new Map(named.map((folder) => [folder, sourcesBelow(folder)]));
    // As identifiers, columns and sentences write it: undoNote, undo_note, undo note.
    const isIn = ({ folder, word }: { folder: string; word: string }) => new RegExp(word.toLowerCase().replace(/ /g, '[ _-]?')).test(folders.get(folder) ?? '');
    expect(entries.filter((entry) => !isIn(entry)).map(({ folder, word }) => `${word}: ${folder}`)).toEqual([]);
  });
});
