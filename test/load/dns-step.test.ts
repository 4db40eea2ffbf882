import { execFile, execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { checkoutDir } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyCheckout } from '../../scripts/lib/copy-checkout.mjs';

const example = join(checkoutDir, 'examples/dns-step');
const patch = join(example, 'dns-step.patch');
const copy = join(checkoutDir, '.cache/dns-step', String(process.pid));
const most = 8;

/** Runs a program of Node in the copy, with the servers of this run; what it said when it fails. */
async function node(...args: readonly string[]): Promise<string> {
  const { HOME = '/', PATH = '', TRUNKLINE_TEST_AMQP_URL, TRUNKLINE_TEST_DATABASE_SUPERUSER_URL } = process.env;
  const env = { HOME, PATH, TRUNKLINE_TEST_AMQP_URL, TRUNKLINE_TEST_DATABASE_SUPERUSER_URL };
  return promisify(execFile)(process.execPath, args, { cwd: copy, env, maxBuffer: 1e8 }).then(() => 'ok', (error: Error & { stdout?: string; stderr?: string }) => (
    `${error.stdout ?? ''}\n${error.stderr ?? ''}`.split('\n').slice(-80).join('\n') || error.message));
}

/** A fifth service between two others, added to a copy of the checkout as examples/dns-step/README.md says. */
describe('a step that is added to the process', () => {
  beforeAll(() => {
    copyCheckout(checkoutDir, copy);
    for (const folder of ['apps', 'libs', 'test']) cpSync(join(example, folder), join(copy, folder), { recursive: true });
    // What is above the copy is no repository of its files.
    execFileSync('git', ['apply', patch], { cwd: copy, env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(copy) } });
    writeFileSync(join(copy, 'tsconfig.check.json'), JSON.stringify({ extends: './tsconfig.json', include: ['apps', 'libs', 'test/flows'] }));
  });
  afterAll(() => { rmSync(copy, { recursive: true, force: true }); });

  it(`edits files at ${most} places at most, each time by one line or one entry`, () => {
    const places = readFileSync(patch, 'utf8').split(/^@@ .*\n/m).slice(1).map((place) => place.split(/^diff /m)[0]?.replace(/^(.).*\n/gm, '$1'));
    expect(places.length).toBeLessThanOrEqual(most);
    // Lines of the file, those added in one piece, lines of the file.
    for (const place of places) expect(place).toMatch(/^ *\+{1,3} *$/);
  });

  it('compiles and keeps the lint rules', async () => {
    expect(await node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.check.json')).toBe('ok');
    expect(await node('node_modules/eslint/bin/eslint.js', '--max-warnings', '0', 'apps/dns-agent', 'libs/contracts/src/dns', 'libs/contracts/src/process')).toBe('ok');
  });

  it('does its part of the flow, is undone, and survives kill -9 at each of its fault points', async () => {
    expect(await node('scripts/build.mjs')).toBe('ok');
    expect(await node('node_modules/vitest/vitest.mjs', 'run', '--project', 'flows', 'test/flows/dns-step.test.ts')).toBe('ok');
  });
});
