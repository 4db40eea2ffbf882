import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const configurations = ['.dependency-cruiser.cjs', '.dependency-cruiser.folders.cjs'];

/** Each rule with a file that breaks it. What a checker can't parse it skips in silence: so every rule must be seen to bite. */
const planted = [
  ['no-cycles', 'libs/contracts/src/cycle-a.ts', `import { b } from './cycle-b.js';\nexport const a = () => b;`],
  ['no-folder-cycles', 'apps/gateway/src/one/first.ts', `import { x } from '../two/second.js';\nexport const y = x;`],
  ['apps-never-import-apps', 'apps/gateway/src/foreign.ts', `import { x } from '../../provisioner/src/root.js';\nexport const y = x;`],
  ['standalone-imports-root-files', 'apps/standalone/src/deep.ts', `import { x } from '../../gateway/src/customers/inner.js';\nexport const y = x;`],
  ['libs-never-import-apps', 'libs/steps/src/up.ts', `import { x } from '../../../apps/provisioner/src/root.js';\nexport const y = x;`],
  ['testing-is-for-tests', 'apps/gateway/src/fake.ts', `import { x } from '@trunkline/testing';\nexport const y = x;`],
  ['embedded-is-for-standalone', 'apps/gateway/src/database.ts', `import { x } from '@trunkline/embedded';\nexport const y = x;`],
  ['simulators-stand-apart', 'apps/simulators/src/shared.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
  ['nothing-imports-the-benchmark', 'libs/steps/src/measured.ts', `import { x } from '../../../bench/figures.js';\nexport const y = x;`],
  ['benchmark-sees-no-app', 'bench/inside.ts', `import { x } from '../apps/provisioner/src/root.js';\nexport const y = x;`],
  ['baseline-stands-apart', 'bench/baseline/src/shared.ts', `import { x } from '@trunkline/contracts';\nexport const y = x;`],
  ['amqplib-in-messaging', 'apps/gateway/src/broker.ts', `import { connect } from 'amqplib';\nexport const c = connect;`],
  ['typeorm-in-persistence', 'apps/gateway/src/orm.ts', `import { DataSource } from 'typeorm';\nexport const d = DataSource;`],
  ['pure-files', 'apps/sbc-agent/src/device/impure.decide.ts', `import { request } from 'undici';\nexport const r = request;`],
  ['pure-files-no-builtins', 'apps/sbc-agent/src/device/builtin.decide.ts', `import { readFileSync } from 'node:fs';\nexport const r = readFileSync;`],
  ['no-dev-packages-in-production', 'apps/gateway/src/dev.ts', `import fc from 'fast-check';\nexport const f = fc;`],
  ['unresolvable', 'apps/gateway/src/nowhere.ts', `import { n } from './not-there.js';\nexport const m = n;`],
  ['lib-contracts', 'libs/contracts/src/down.ts', `import { x } from '@trunkline/runtime';\nexport const y = x;`],
  ['lib-runtime', 'libs/runtime/src/side.ts', `import { x } from '@trunkline/steps';\nexport const y = x;`],
  ['lib-persistence', 'libs/persistence/src/side.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
  ['lib-messaging', 'libs/messaging/src/side.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
  ['lib-dead-letters', 'libs/dead-letters/src/side.ts', `import { x } from '@trunkline/steps';\nexport const y = x;`],
  ['lib-steps', 'libs/steps/src/side.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
  ['lib-scripts', 'libs/scripts/src/side.ts', `import { x } from '@trunkline/runtime';\nexport const y = x;`],
  ['lib-inventory', 'libs/inventory/src/side.ts', `import { x } from '@trunkline/runtime';\nexport const y = x;`],
  ['lib-secrets', 'libs/secrets/src/side.ts', `import { x } from '@trunkline/runtime';\nexport const y = x;`],
  ['lib-hosting', 'libs/hosting/src/side.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
  ['lib-embedded', 'libs/embedded/src/side.ts', `import { x } from '@trunkline/scripts';\nexport const y = x;`],
] as const;

const neighbours: Record<string, string> = {
  'libs/contracts/src/cycle-b.ts': `import { a } from './cycle-a.js';\nexport const b = () => a;`,
  // The files have no circle, their folders do.
  'apps/gateway/src/one/third.ts': 'export type X = number;',
  'apps/gateway/src/two/second.ts': `import type { X } from '../one/third.js';\nexport const x: X = 1;`,
  'apps/provisioner/src/root.ts': 'export const x = 1;',
  'bench/figures.ts': 'export const x = 1;',
  'apps/gateway/src/customers/inner.ts': 'export const x = 1;',
  ...Object.fromEntries(['contracts', 'runtime', 'persistence', 'messaging', 'dead-letters', 'steps', 'scripts', 'inventory', 'secrets', 'hosting', 'embedded', 'testing']
    .map((name) => [`libs/${name}/src/index.ts`, 'export const x = 1;'])),
};

interface Violation { readonly rule: { readonly name: string }; readonly from: string }

describe('the boundary check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  let violations: readonly Violation[];

  beforeAll(() => {
    for (const file of [...configurations, 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const files = { ...neighbours, ...Object.fromEntries(planted.map(([, path, text]) => [path, text])) };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    violations = configurations.flatMap((configuration) => cruise(folder, configuration));
  }, 60_000);

  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each(planted)('finds what breaks %s', (rule, path) => {
    expect(violations.filter(({ from }) => from === path || from === dirname(path)).map(({ rule: { name } }) => name)).toContain(rule);
  });

  it('has a planted violation for every rule it has', async () => {
    const rules = await Promise.all(configurations.map(async (file) => (
      await import(join(root, file)) as { default: { forbidden: readonly { name: string }[] } }).default.forbidden));
    const without = rules.flat().map(({ name }) => name).filter((name) => !planted.some(([rule]) => rule === name));
    // A package that is installed and undeclared can't be planted: npm installs what is declared.
    expect(without).toEqual(['no-undeclared-packages']);
  });
});

function cruise(folder: string, configuration: string): readonly Violation[] {
  const args = [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', configuration, '--output-type', 'json', 'apps', 'libs', 'bench'];
  try {
    return parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
  } catch (error) {
    return parse((error as { stdout: string }).stdout);
  }
}

function parse(output: string): readonly Violation[] {
  return (JSON.parse(output) as { summary: { violations: readonly Violation[] } }).summary.violations;
}
