import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { admin, call } from './clients.testing.js';

interface Ready {
  readonly event: string;
  readonly microsoft: string;
  readonly ovoc: string;
  readonly control: string;
  readonly sbcs: Readonly<Record<string, string>>;
}

describe('simulators as a process', () => {
  let folder: string;
  let running: ChildProcess[] = [];

  // The sources are translated to a folder of their own: nothing but Node is needed to run them.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulators-'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const source = import.meta.dirname;
    const files = (await readdir(source, { recursive: true })).filter((file) => /(?<!\.test|\.testing)\.ts$/.test(file));
    await Promise.all(files.map(async (file) => {
      const { outputText } = ts.transpileModule(await readFile(join(source, file), 'utf8'), {
        compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
      });
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file.replace(/\.ts$/, '.js')), outputText);
    }));
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running = [];
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (environment: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [join(folder, 'main.js')], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    running.push(child);
    const exit = once(child, 'exit').then(([code]) => code as number | null);
    const lines = createInterface({ input: child.stdout });
    const printed: string[] = [];
    lines.on('line', (line) => printed.push(line));
    const ready = once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Ready);
    return { child, exit, ready, printed };
  };

  it('prints one line when all listen, and ends with 0 when told to', async () => {
    const { child, exit, ready, printed } = start();
    const { event, microsoft, ovoc, sbcs, control } = await ready;
    expect(event).toBe('ready');
    expect(Object.keys(sbcs)).toEqual(['3', '4', '5']);
    expect((await call(`${sbcs['5']}/api/v1/status`, 'GET', { headers: admin })).status).toBe(200);
    expect((await call(`${microsoft}/common/.well-known/openid-configuration`)).status).toBe(200);
    expect((await call(`${ovoc}/ovoc/v1/topology/devices`)).status).toBe(401);
    expect((await call(`${control}/log`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(printed).toHaveLength(1);
  });

  it('listens on the ports and with the devices it is given', async () => {
    const first = start();
    const port = Number(new URL((await first.ready).control).port);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    const { ready } = start({ SIM_PORTS: JSON.stringify({ control: port }), SIM_SBC_IDS: '9' });
    expect(await ready).toMatchObject({ control: `http://127.0.0.1:${port}`, sbcs: { 9: expect.any(String) } });
  });

  it('ends with its parent when asked to', async () => {
    const { child, exit, ready } = start({ SIM_EXIT_WITH_STDIN: '1' });
    await ready;
    child.stdin?.end();
    expect(await exit).toBe(0);
  });

  it('gives an SBC the configuration that a device has printed', async () => {
    const file = join(folder, 'running-config.txt');
    await writeFile(file, 'configure voip\r\n ip-group 7\r\n  name "Contoso"\r\n  activate\r\n exit\r\n strange 1\r\nexit\r\n');
    const { ready } = start({ SIM_DEVICE_PRINT: JSON.stringify({ 4: file }), SIM_SBC_PRINT: '{"4":"A","5":"B"}' });
    const { sbcs } = await ready;
    const read = async (id: string) => (await call(`${sbcs[id]}/api/v1/files/cliScript`, 'GET', { headers: admin })).text;
    expect(await read('4')).toBe('  configure voip\r\n   ip-group 7\r\n    name "Contoso"\r\n    activate\r\n   exit\r\n   strange 1\r\n  exit\r\n');
    expect(await read('5')).toContain('\n   name Teams-OC\n');
  });

  it('says what is wrong with its settings and ends with 78', async () => {
    const { child, exit } = start({ SIM_SEED: 'x' });
    const told = once(createInterface({ input: child.stderr }), 'line');
    expect(await exit).toBe(78);
    expect(JSON.parse(String((await told)[0]))).toMatchObject({ level: 'error', error: expect.stringContaining('SIM_SEED') });
  });

  it('ends with 1 when a port is taken', async () => {
    const { ready } = start();
    const port = Number(new URL((await ready).control).port);
    const { exit } = start({ SIM_PORTS: JSON.stringify({ ovoc: port }) });
    expect(await exit).toBe(1);
  });
});
