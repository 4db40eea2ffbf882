import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

interface Generator {
  readTables(load: (path: string) => Promise<unknown>): Promise<string>;
  withTables(text: string, tables: string): string;
}

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const packages = ['apps', 'libs'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)));
const documents = [
  'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'test/README.md', ...packages.map((name) => join(name, 'README.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

describe('the documents', () => {
  it('show the settings as the code has them; node scripts/generate-readme.mjs writes them anew', async () => {
    // By a name the compiler does not follow: the script is plain JavaScript.
    const generator = await import(pathToFileURL(join(root, 'scripts/generate-readme.mjs')).href) as Generator;
    const tables = await generator.readTables((path) => import(pathToFileURL(join(root, path.replace(/\.js$/, '.ts'))).href));
    expect(read('README.md')).toBe(generator.withTables(read('README.md'), tables));
  });

  it.each(documents)('lead only to files that exist: %s', (document) => {
    const text = read(document);
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => join(dirname(document), path!));
    const names = [...text.matchAll(/`((?:apps|libs|scripts|test|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
    const own = [...text.matchAll(/`(src\/[\w./-]+)`/g)].map(([, path]) => join(dirname(document), path!));
    expect([...links, ...names, ...own].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('name only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = documents.flatMap((document) => [...read(document).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name!));
    expect([...new Set(commands)].filter((name) => !(name in scripts) && !name.endsWith(':'))).toEqual([]);
  });

  it('list every error code with its status', () => {
    const codes = [...read('libs/contracts/src/problem/error-codes.ts').matchAll(/^ {2}([A-Z_]+): (\d{3}),/gm)].map(([, code, status]) => `${code!} ${status!}`);
    const listed = [...read('docs/api/README.md').matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => `${code!} ${status!}`);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });

  it('name every message type of the schemas', () => {
    const types = readdirSync(join(root, 'docs/api/schemas')).map((name) => name.replace(/^trunkline\.|\.v\d+\.json$/g, ''));
    const text = read('docs/api/README.md');
    expect(types.filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
  });
});
