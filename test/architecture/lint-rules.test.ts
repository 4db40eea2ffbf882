import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Each rule with a line that breaks it, and where. */
const planted = [
  ...['process.pid', 'setTimeout(String)', 'setInterval(String)', 'setImmediate(String)', 'crypto.randomUUID()', `fetch('http://h')`, 'performance.now()']
    .map((text) => ['no-restricted-globals', `libs/scripts/src/${/^\w+/.exec(text)?.[0] ?? ''}.ts`, `export const x = ${text};`] as const),
  ['no-restricted-properties', 'libs/scripts/src/now.ts', 'export const x = Date.now();'],
  ['no-restricted-properties', 'libs/contracts/src/process/fold.ts', 'export const x = Math.random();'],
  ['no-restricted-syntax', 'libs/contracts/src/process/evolve.ts', 'export const x = new Date();'],
  ['no-restricted-syntax', 'apps/sbc-agent/src/jobs.ts', `export const x = 'SELECT 1 FROM sbc_agent.job';`],
  ['no-restricted-syntax', 'apps/sbc-agent/src/closes.ts', 'export const x = `update closed_customer SET round = ${1}`;'],
  ['no-restricted-globals', 'apps/gateway/src/environment.decide.ts', 'export const x = process.env;'],
  ['no-restricted-imports', 'apps/gateway/src/path.ts', `export { x } from '../../../libs/steps/src/index.js';`],
  ['no-restricted-imports', 'apps/gateway/src/inside.ts', `export { x } from '@trunkline/steps/job.js';`],
  ['no-restricted-exports', 'apps/gateway/src/default.ts', 'export default 1;'],
  ['no-console', 'apps/gateway/src/console.ts', `console.log('x');`],
] as const;

interface FlatConfig { readonly rules?: Readonly<Record<string, unknown>> }
interface BoundaryRule { readonly name: string; readonly from: { readonly path?: string | readonly string[]; readonly pathNot?: string } }

describe('files that must be pure', () => {
  let patterns: readonly RegExp[];
  let pureFiles: readonly string[];

  beforeAll(async () => {
    const { default: { forbidden } } = await import(join(root, '.dependency-cruiser.cjs')) as { default: { forbidden: readonly BoundaryRule[] } };
    const { path = [], pathNot = '' } = forbidden.find(({ name }) => name === 'pure-files')?.from ?? {};
    patterns = [path].flat().map((pattern) => new RegExp(pattern));
    const sources = ['apps', 'libs'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)));
    pureFiles = sources.filter((file) => file.endsWith('.ts') && patterns.some((pattern) => pattern.test(file)) && !new RegExp(pathNot).test(file));
  });

  it('are there: a folder that moved leaves no pattern behind', () => {
    expect(patterns.filter((pattern) => !pureFiles.some((file) => pattern.test(file)))).toEqual([]);
  });

  it('get the rules of purity from ESLint too', async () => {
    const eslint = new ESLint({ cwd: root });
    const unruled: string[] = [];
    for (const file of pureFiles) {
      const { rules = {} } = await eslint.calculateConfigForFile(join(root, file)) as FlatConfig;
      if (!['no-restricted-globals', 'no-restricted-properties', 'no-restricted-syntax'].every((rule) => rule in rules)) unruled.push(file);
    }
    expect(unruled).toEqual([]);
  }, 30_000);
});

describe('the rules of ESLint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    for (const file of ['eslint.config.mjs', 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [, path, text] of planted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    found = lint(folder);
  }, 60_000);

  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each(planted)('%s finds what breaks it in %s', (rule, path) => {
    expect(found.get(path)).toContain(rule);
  });

  it('have a planted violation each, of those that forbid by name', async () => {
    const { default: blocks } = await import(join(root, 'eslint.config.mjs')) as { default: readonly FlatConfig[] };
    const rules = blocks.flatMap(({ rules: own = {} }) => Object.keys(own)).filter((name) => name.startsWith('no-restricted-') || name === 'no-console');
    expect([...new Set(rules)].filter((name) => !planted.some(([rule]) => rule === name))).toEqual([]);
  });
});

/** What ESLint finds: names of rules by the path of the file. */
function lint(folder: string): ReadonlyMap<string, readonly string[]> {
  const args = [join(root, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', '.'];
  let output: string;
  try {
    output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const results = JSON.parse(output) as readonly ESLint.LintResult[];
  return new Map(results.map(({ filePath, messages }) => [relative(folder, filePath), messages.map(({ ruleId }) => ruleId ?? 'not parsed')]));
}
