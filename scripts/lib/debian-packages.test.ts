import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { unpackPackages } from './debian-packages.mjs';

// They write down how they were called and with what configuration; the one makes files named as packages are, the other "unpacks" them.
const aptGet = `#!/bin/sh
echo "apt-get $*" >> "$CALLS"
while [ "$1" != -c ]; do shift; done
cat "$2" >> "$CALLS"; command=$3; shift 3
[ "$command" = "$FAIL" ] && { echo "no network" >&2; exit 100; }
[ "$command" = update ] || for name in "$@"; do : > "\${name}_1_all.deb"; done
`;
const dpkg = `#!/bin/sh
echo "dpkg $1" >> "$CALLS"
mkdir -p "$3/usr/lib"; : > "$3/usr/lib/$(basename "$2" _1_all.deb)"
`;

let home: string;
let calls: string;
let folder: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'trunkline-packages-'));
  [calls, folder] = [join(home, 'calls'), join(home, 'cache/rabbitmq')];
  const bin = join(home, 'bin');
  await mkdir(bin);
  for (const [name, text] of [['apt-get', aptGet], ['dpkg', dpkg]] as const) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('CALLS', calls);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

describe('packages that are unpacked', () => {
  it('lie in their folder, and nothing lies beside it', async () => {
    await unpackPackages(['one', 'two'], folder);
    expect(readdirSync(join(folder, 'usr/lib'))).toEqual(['one', 'two']);
    expect(readdirSync(join(home, 'cache'))).toEqual(['rabbitmq']);
  });

  it('are fetched with lists and cache of their own; nothing is installed', async () => {
    await unpackPackages(['one'], folder);
    const said = await readFile(calls, 'utf8');
    expect([...said.matchAll(/^(?:apt-get|dpkg) .*$/gm)].map(([line]) => line.replace(/-c \S+/, '-c F'))).toEqual([
      'apt-get -q -c F update', 'apt-get -q -c F download one', 'dpkg -x',
    ]);
    for (const setting of ['Dir::State::lists', 'Dir::Cache']) {
      const places = [...said.matchAll(new RegExp(`^${setting} "(.*)";$`, 'gm'))].map(([, place]) => place);
      expect(places).toEqual([expect.stringContaining(`${folder}-draft-`), expect.stringContaining(`${folder}-draft-`)]);
    }
    expect(said).toContain('#clear APT::Update::Post-Invoke;');
  });

  it.each(['update', 'download'])('are left as they were when the %s fails, with the reason', async (command) => {
    await unpackPackages(['before'], folder);
    vi.stubEnv('FAIL', command);
    await expect(unpackPackages(['after'], folder)).rejects.toThrow(`apt-get ${command} failed:\nno network`);
    expect(readdirSync(join(folder, 'usr/lib'))).toEqual(['before']);
    expect(readdirSync(join(home, 'cache'))).toEqual(['rabbitmq']);
  });

  it('appear only when they are complete', async () => {
    await unpackPackages(['one'], folder, async (root) => {
      expect(existsSync(folder)).toBe(false);
      await writeFile(join(root, 'made'), '');
    });
    expect(readdirSync(folder)).toEqual(['made', 'usr']);
  });
});
