import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../../docs/adr');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const records = readdirSync(folder).filter((name) => /^\d{4}-.+\.md$/.test(name)).sort();
const rows = [...read('README.md').matchAll(/^\| \[(\d{4})\]\((.+?)\) \| (.+) \| (\d{4}-\d{2}-\d{2}) \| (.+) \|$/gm)].map(([, number, file, title, date, status]) => ({ number, file, title, date, status }));

/** The index names the record that supersedes another one; what else changes stands in the record. */
function shortStatus(text: string): string | undefined {
  const [, superseding] = /^Status: superseded by \[?(\d{4})/m.exec(text) ?? [];
  if (superseding) return `superseded by ${superseding}`;
  return /^Status: accepted/m.test(text) ? 'accepted' : undefined;
}

describe('the index of the decision records', () => {
  it('has number, title and status of each record, in order', () => {
    expect(rows.map(({ file, number, status, title }) => ({ file, number, status, title }))).toEqual(records.map((file) => {
      const text = read(file);
      return { file, number: file.slice(0, 4), status: shortStatus(text), title: /^# \d+[.:] (.+)$/m.exec(text)?.[1] };
    }));
  });

  it('gives each number once', () => {
    const numbers = records.map((file) => file.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});
