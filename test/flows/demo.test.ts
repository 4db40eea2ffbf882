import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

import { eventually } from '@trunkline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documentedProgress = '(Information, MsTenantid is valid);(Information, Customer data created!);'
  + '(Information, SBC sbc-onboarding done for site BradSB1E1.);(Information, Site created in Ovoc)';

type Demo = ChildProcessByStdio<null, Readable, Readable>;

describe('npm run demo', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'demo-'));
    // As root the database server runs under another account.
    chmodSync(dataDir, 0o711);
  });
  afterEach(() => { rmSync(dataDir, { recursive: true, force: true }); });

  const start = (...args: string[]): { demo: Demo; output: () => string } => {
    const demo = spawn(process.execPath, [join(root, 'scripts/demo.mjs'), ...args], { cwd: root, env: { ...process.env, DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (data: Buffer) => { output += data.toString('utf8'); });
    return { demo, output: () => output };
  };
  const ended = async (demo: Demo): Promise<number | null> => (demo.exitCode !== null ? demo.exitCode : (await once(demo, 'close') as [number | null])[0]);
  /** Every process of a run has its data folder in its command line or its environment. */
  const processesOf = (): string[] => {
    const listed = execFileSync('ps', ['-eo', 'pid,stat,args', 'e', 'ww'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
    return listed.filter((line) => line.includes(dataDir) && !/^\s*\d+\s+Z/.test(line) && !line.includes('ps -eo'));
  };

  it('onboards the documented example, prints answer and peers, and leaves nothing running', async () => {
    const { demo, output } = start();
    expect([await ended(demo), output()]).toEqual([0, expect.stringContaining(`"progressDetails": "${documentedProgress}"`)]);
    expect(output()).toMatch(/ip-group {2}name=BradSB1E1/);
    for (const resource of ['lcCustomers', 'services', 'sites', 'links']) expect(output()).toMatch(new RegExp(`${resource} {2}id=\\d+ {2}name=BradSB1E1`));
    expect(processesOf()).toEqual([]);
  });

  it('shows a failing step being undone', async () => {
    const { demo, output } = start('--fail', 'sbc-script');
    expect([await ended(demo), output()]).toEqual([0, expect.stringContaining('"deploymentState": "Unknown"')]);
    expect(output()).toContain('SBC sbc-cleanup done for site BradSB1E1.');
    expect(output()).not.toMatch(/ip-group {2}name=BradSB1E1/);
  });

  it('does not mind that the usual port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolveListening) => { taken.once('error', () => { resolveListening(); }).listen(8080, '127.0.0.1', resolveListening); });
    const { demo, output } = start();
    expect([await ended(demo), output()]).toEqual([0, expect.stringContaining('"Deployed"')]);
    taken.close();
  });

  it('stays up with --keep until it is interrupted', async () => {
    const { demo, output } = start('--keep');
    await eventually('it is up', () => output().includes('curl -s'), 30_000);
    const [, url] = /curl -s (http:\S+\/api\/v2\/customer)\n/.exec(output()) ?? [];
    expect(await (await fetch(url ?? '')).json()).toMatchObject([{ ShortName: 'BradSB1E1' }]);
    demo.kill('SIGINT');
    expect(await ended(demo)).toBe(0);
    expect(processesOf()).toEqual([]);
  });

  it('leaves another run of the same data folder alone, and its own folder empty', async () => {
    const first = start('--keep');
    await eventually('the first is up', () => first.output().includes('curl -s'), 30_000);
    const second = start();
    expect([await ended(second.demo), second.output()]).toEqual([0, expect.stringContaining('"Deployed"')]);
    const [, url] = /curl -s (http:\S+\/api\/v2\/customer)\n/.exec(first.output()) ?? [];
    expect(await (await fetch(url ?? '')).json()).toMatchObject([{ ShortName: 'BradSB1E1' }]);
    first.demo.kill('SIGINT');
    expect(await ended(first.demo)).toBe(0);
    expect(readdirSync(join(dataDir, 'demo'))).toEqual([]);
  });

  it('leaves nothing running when it is killed', async () => {
    const { demo, output } = start('--keep');
    await eventually('it is up', () => output().includes('curl -s'), 30_000);
    demo.kill('SIGKILL');
    await eventually('all its processes are gone', () => processesOf().length === 0, 30_000);
  });

  it('names the faults it knows when asked for another', async () => {
    const { demo, output } = start('--fail', 'nonsense');
    expect(await ended(demo)).toBe(2);
    expect(output()).toContain('sbc-script');
  });
});

describe('npm start', () => {
  it('takes a free port when the usual one is another program\'s, and says so', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'start-'));
    chmodSync(dataDir, 0o711);
    const taken = createServer();
    await new Promise<void>((resolveListening) => { taken.once('error', () => { resolveListening(); }).listen(8080, '127.0.0.1', resolveListening); });
    const environment = { ...process.env, DATA_DIR: dataDir };
    const service = spawn(process.execPath, [join(root, 'scripts/start.mjs'), '--simulators'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [service.stdout, service.stderr]) stream.on('data', (data: Buffer) => { output += data.toString('utf8'); });
    await eventually('it listens', () => /"url":"http:\S+?","transport"/.test(output), 30_000);
    expect(output).toContain('Port 8080 is taken');
    const [, url] = /"url":"(http:[^"]+)","transport"/.exec(output) ?? [];
    expect((await fetch(`${url ?? ''}/health/ready`)).status).toBe(200);
    service.kill('SIGTERM');
    await once(service, 'close');
    taken.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
