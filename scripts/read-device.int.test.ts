import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ownerMark } from '@trunkline/scripts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSimulators, type Simulators } from '../apps/simulators/src/simulators.js';

const guid = '9c84a505-33bf-507d-834d-2322436c49d0';
const onboarding = 'configure voip\n ip-group new\n  name "{{IpGroupName}}"\n  topology-location down\n  tags "Own={{OwnerMark}}"\n  activate\n exit\nexit\n';
const cleanup = 'configure voip\n no ip-group "{{IpGroupName}}"\nexit\n';
const good = `  configure voip
   ip-group 0
    name "Northwind7"
    tags "Own=${ownerMark(guid)}"
    activate
   exit
  exit
`;

let folder: string;
let simulators: Simulators;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trunkline-read-'));
  simulators = await startSimulators({});
});

afterAll(async () => {
  await simulators.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function run(args: readonly string[], { environment = {}, input = '' }: { readonly environment?: Readonly<Record<string, string>>; readonly input?: string } = {}) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'read-device.mjs'), '--as-built', ...args], { env: { PATH: process.env['PATH'], ...environment } });
  child.stdin.end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, stdout, stderr };
}

describe('the command that reads a device', () => {
  it('tells tables, names and whose rows they are from a file', async () => {
    const { code, stdout } = await run([await file('good.txt', good)]);
    expect(stdout).toContain('ip-group      1 row, all named, by name');
    expect(stdout).toContain(`Own=${ownerMark(guid)} (stands for ${guid})`);
    expect(stdout).toContain('Not understood: nothing');
    expect(code).toBe(0);
  });

  it('reads standard input, and writes JSON for programs', async () => {
    const { code, stdout } = await run(['-', '--json'], { input: good });
    expect(JSON.parse(stdout)).toMatchObject({ sections: ['voip'], marks: [{ row: 'Northwind7', guid }], notUnderstood: [], readDifferently: [] });
    expect(code).toBe(0);
  });

  it('ends with 1 and names the line when something is not understood', async () => {
    const { code, stdout } = await run([await file('odd.txt', good.replace('name', '*name'))]);
    expect(stdout).toContain('configure voip, ip-group: begins with what can be no parameter, 1 time, first in line 3: *name "Northwind7"');
    expect(code).toBe(1);
  });

  it('writes the smallest part to a file, without names', async () => {
    const out = join(folder, 'smallest.txt');
    const { code, stdout } = await run([await file('odd.txt', good.replace('name', '*name')), '--smallest', '--out', out]);
    expect([code, stdout]).toEqual([1, '']);
    expect(await readFile(out, 'utf8')).toBe('  configure voip\n   ip-group 0\n    *xxxx "name1"\n   exit\n  exit\n');
  });

  it('checks a pair of scripts and names the default to state', async () => {
    const pair = ['--onboarding', await file('on.txt', onboarding), '--cleanup', await file('off.txt', cleanup)];
    const device = await file('good.txt', good);
    const before = await run([device, ...pair]);
    expect(before.stdout).toContain('onboarding, line 2: ip-group: # trunkline: default topology-location=down');
    expect(before.code).toBe(1);

    const inventory = JSON.parse(await readFile(resolve(import.meta.dirname, '../inventory.json'), 'utf8')) as { sbcs: object[] };
    inventory.sbcs = inventory.sbcs.map((sbc) => ({ ...sbc, defaults: { 'ip-group': { 'topology-location': 'down' } } }));
    const stated = await run([device, ...pair, '--inventory', await file('inventory.json', JSON.stringify(inventory)), '--sbc', '5']);
    expect(stated.code).toBe(0);

    await file('on.txt', onboarding.replace(' ip-group', ' # trunkline: default topology-location=down\n ip-group'));
    const after = await run([device, ...pair, '--values', await file('values.json', '{"IpGroupName": "Northwind7"}')]);
    expect(after.stdout).toContain('The pair of scripts: nothing is wrong with it');
    expect(after.code).toBe(0);
  });

  it('reads a device over its REST interface, and changes nothing there', async () => {
    const { code, stdout, stderr } = await run([simulators.sbcs['5']!, '--user', 'admin'], { environment: { SBC_PASSWORD: 'admin-pw' } });
    expect(stdout).toContain('Not understood: nothing');
    expect(stdout).toMatch(/ip-group +1 row, all named, by name/);
    expect(stderr).toContain('without encryption');
    expect(code).toBe(0);
    const calls = await (await fetch(`${simulators.control}/log?peer=sbc`)).json() as { readonly method: string }[];
    expect(calls.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each(['3', '4', '5'])('understands all of SBC %s, however it prints', async (id) => {
    const { code, stdout } = await run([simulators.sbcs[id]!, '--user', 'admin', '--json'], { environment: { SBC_PASSWORD: 'admin-pw' } });
    expect(JSON.parse(stdout)).toMatchObject({ notUnderstood: [], readDifferently: [], sections: expect.arrayContaining(['voip']) as string[] });
    expect(code).toBe(0);
  });

  it.each([
    ['a wrong password', 'admin', 'nope', 'answered 401: user or password is wrong'],
    ['an account that may not read', 'monitor', 'monitor-pw', 'answered 403: the account may not read the configuration'],
  ])('says what to do about %s, without the password', async (_case, user, password, expected) => {
    const { code, stderr } = await run([simulators.sbcs['5']!, '--user', user, '--password-env', 'PW'], { environment: { PW: password } });
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain(password);
    expect(code).toBe(2);
  });

  it.each([
    ['its authority', (certificate: string) => ['--ca', certificate], 0, 'Not understood: nothing'],
    ['the check switched off', () => ['--insecure'], 0, 'Not understood: nothing'],
    ['neither', () => [], 2, 'its certificate is not trusted'],
  ])('reads a device with a certificate of its own with %s', async (_case, options, expectedCode, expected) => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const server = createTlsServer({ key: await readFile(key), cert: await readFile(certificate) }, (_request, response) => { response.end(good); });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr, stdout } = await run([`https://127.0.0.1:${port}`, '--user', 'admin', ...options(certificate)], { environment: { SBC_PASSWORD: 'x' } });
    server.close();
    expect(stdout + stderr).toContain(expected);
    expect(code).toBe(expectedCode);
  });

  it('says that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { code, stderr } = await run([`http://127.0.0.1:${port}`, '--user', 'admin'], { environment: { SBC_PASSWORD: 'x' } });
    expect(stderr).toContain('nobody listens there');
    expect(code).toBe(2);
  });

  it.each([
    ['nothing to read', [], 'a file or an address is missing'],
    ['half of a pair', ['x', '--onboarding', 'y'], 'given together'],
    ['an option that is not there', ['x', '--what'], '--what'],
    ['a file that is not there', ['/no/such/file'], 'there is no such file'],
    ['a device without an account', ['http://127.0.0.1:1'], '--user is missing'],
    ['a device without a password', ['http://127.0.0.1:1', '--user', 'admin'], 'SBC_PASSWORD is not set'],
    ['an address with an account in it', ['http://a:b@127.0.0.1:1', '--user', 'admin', '--password-env', 'PATH'], 'give the user by --user'],
    ['an address of another kind', ['ftp://127.0.0.1'], 'begins with http:// or https://'],
  ])('ends with 2 and a sentence for %s', async (_case, args, expected) => {
    const { code, stderr } = await run(args);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });

  it('shows its usage', async () => {
    const { code, stdout } = await run(['--help']);
    expect(stdout).toContain('--smallest');
    expect(code).toBe(0);
  });

  it('copes with the print of 5,000 customers in seconds', async () => {
    const rows = Array.from({ length: 5000 }, (_row, at) => `   ip-group ${at}
    name "Customer${at}"
    proxy-set-name "SIPTrunk"
    tags "Trunk=0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11;Own=${ownerMark(`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`)}"
    activate
   exit
   sbc routing ip2ip-routing ${at}
    route-name "Customer${at}-in"
    src-ip-group-name "Teams-OC"
    dst-ip-group-name "Customer${at}"
    activate
   exit
`);
    const { code, stdout } = await run([await file('large.txt', `  configure voip\n${rows.join('')}  exit\n`), '--json']);
    const report = JSON.parse(stdout) as { marks: { guid: string }[]; tables: { rows: number }[] };
    expect(report.tables.map((table) => table.rows)).toEqual([5000, 5000]);
    expect(report.marks[4999]?.guid).toBe('00000000-0000-4000-8000-000000004999');
    expect(code).toBe(0);
  }, 10_000);
});
