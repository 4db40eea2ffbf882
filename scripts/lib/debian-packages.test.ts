import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { servicePolicy, withoutServiceStart } from './debian-packages.mjs';

let folder: string;
let policy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trunkline-policy-'));
  policy = join(folder, 'policy-rc.d');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const asked = (service: string) => spawnSync(policy, [service, 'start']).status;

describe('installing without starting a service', () => {
  it.each([
    ['rabbitmq-server', 101],
    ['rabbitmq-server.service', 101],
    ['epmd.socket', 101],
    ['cron', 0],
  ])('answers for %s with %i while the work lasts, and nothing after it', async (service, code) => {
    expect(await withoutServiceStart(() => Promise.resolve(asked(service)), policy)).toBe(code);
    expect(existsSync(policy)).toBe(false);
  });

  it('removes its policy when the work fails', async () => {
    await expect(withoutServiceStart(() => Promise.reject(new Error('no network')), policy)).rejects.toThrow('no network');
    expect(existsSync(policy)).toBe(false);
  });

  it('leaves a policy alone that forbids starts already', async () => {
    await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    expect(await withoutServiceStart(() => Promise.resolve('worked'), policy)).toBe('worked');
    expect(existsSync(policy)).toBe(true);
  });

  it('does not begin where another policy allows starts', async () => {
    await writeFile(policy, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    await expect(withoutServiceStart(() => Promise.resolve(), policy)).rejects.toThrow('allows service starts');
  });

  it('replaces its own policy of an installation that was killed', async () => {
    await writeFile(policy, servicePolicy(999_999_999), { mode: 0o755 });
    expect(await withoutServiceStart(() => Promise.resolve(asked('rabbitmq-server')), policy)).toBe(101);
    expect(existsSync(policy)).toBe(false);
  });

  it('forbids nothing once the program that wrote the policy is gone', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    await writeFile(policy, servicePolicy(gone.pid ?? 0), { mode: 0o755 });
    expect(asked('rabbitmq-server')).toBe(0);
  });
});
