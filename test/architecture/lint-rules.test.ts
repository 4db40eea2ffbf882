import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { ESLint } from 'eslint';
import ts from 'typescript';
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
  ['max-len', 'apps/gateway/src/long.ts', `export const x = ${'1 + '.repeat(40)}1;`],
  ['@stylistic/operator-linebreak', 'apps/gateway/src/operator.ts', 'export const x = 1 +\n  1;'],
  ['@typescript-eslint/no-unused-vars', 'apps/gateway/src/unused.ts', 'const x = 1;'],
  ['@typescript-eslint/no-floating-promises', 'apps/gateway/src/floating.ts', 'export function f(): void { Promise.resolve(1); }'],
  ['@typescript-eslint/no-explicit-any', 'apps/gateway/src/any.ts', 'export const x: any = 1;'],
  ['@typescript-eslint/consistent-type-definitions', 'apps/gateway/src/type.ts', 'export type X = { readonly a: number };'],
  ['@typescript-eslint/only-throw-error', 'apps/gateway/src/thrown.ts', `export function f(): void { throw 'x'; }`],
  ['@typescript-eslint/switch-exhaustiveness-check', 'apps/gateway/src/switch.ts', `export function f(x: 'a' | 'b'): void { switch (x) { case 'a': break; } }`],
  ['@typescript-eslint/restrict-template-expressions', 'apps/gateway/src/template.ts', 'export const f = (x: object): string => `${x}`;'],
  // Plain JavaScript has the rules that need no types.
  ['no-console', 'scripts/console.mjs', `console.log('x');`],
  ['no-restricted-exports', 'scripts/default.mjs', 'export default 1;'],
  ['max-len', 'scripts/lib/long.mjs', `export const x = ${'1 + '.repeat(40)}1;`],
  ['@typescript-eslint/no-unused-vars', 'bench/unused.cjs', 'const x = 1;'],
] as const;

interface FlatConfig { readonly name?: string; readonly rules?: Readonly<Record<string, unknown>> }
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

  it('of our own have a planted violation each', async () => {
    const rules = (await ownBlocks()).flatMap((own) => Object.entries(own)).filter(([, setting]) => setting !== 'off').map(([name]) => name);
    expect(rules).toContain('no-console');
    expect([...new Set(rules)].filter((name) => !planted.some(([rule]) => rule === name))).toEqual([]);
  });

  it('that name globals have a planted violation for each of them', async () => {
    const globals = (await ownBlocks()).flatMap(({ 'no-restricted-globals': setting }) => (setting as readonly string[] | undefined ?? []).slice(1));
    expect(globals.length).toBeGreaterThan(0);
    expect(globals.filter((name) => !planted.some(([rule, , text]) => rule === 'no-restricted-globals' && text.includes(`= ${name}`)))).toEqual([]);
  });
});

describe('the source files', () => {
  const ignored = ['.git', '.cache', '.data', 'dist', 'node_modules'];
  const files = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !ignored.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((name) => join(entry.name, name)) : [entry.name]))
    // An example is checked where its imports lead somewhere: in the copy that test/load/dns-step.test.ts makes.
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.startsWith(join('examples', 'dns-step')));

  it('have the rules of ESLint, each of them', async () => {
    const eslint = new ESLint({ cwd: root });
    const unruled: string[] = [];
    for (const file of files) {
      const { rules = {} } = (await eslint.calculateConfigForFile(join(root, file)) ?? {}) as FlatConfig;
      if (!['no-console', '@stylistic/semi'].every((rule) => rule in rules)) unruled.push(file);
    }
    expect(unruled).toEqual([]);
  }, 30_000);

  it('have their types checked, each of them', () => {
    const checked = new Set(['tsconfig.json', 'tsconfig.scripts.json'].flatMap((name) => {
      const { config } = ts.readConfigFile(join(root, name), (path) => ts.sys.readFile(path)) as { config: unknown };
      return ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, join(root, name)).fileNames;
    }));
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter((file) => !checked.has(join(root, file)))).toEqual([]);
  });
});

/** The rules of the blocks that are ours, not those of a preset. */
async function ownBlocks(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { default: blocks } = await import(join(root, 'eslint.config.mjs')) as { default: readonly FlatConfig[] };
  return blocks.filter(({ name }) => name?.startsWith('own/')).map(({ rules = {} }) => rules);
}

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
