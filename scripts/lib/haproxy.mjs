// HAProxy: where it is, fetched from Debian when it is missing. For a test; no part of the product.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { hasApt, unpackPackages } from './debian-packages.mjs';
import { succeeds } from './processes.mjs';

// With those of its libraries that a system may not have.
const packages = ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'];

/** How it is started: installed, unpacked before into `folder`, or fetched now. @throws when it can't be had */
export async function findHaproxy(folder, log) {
  if (succeeds('haproxy', ['-v'])) return { command: 'haproxy', environment: {} };
  const command = join(folder, 'usr/sbin/haproxy');
  if (!existsSync(command)) {
    if (process.platform !== 'linux' || !hasApt()) throw new Error('HAProxy is neither installed nor can it be fetched here: install it');
    log('Downloading HAProxy (apt-get download)');
    await unpackPackages(packages, folder);
  }
  const libraries = readdirSync(join(folder, 'usr/lib')).map((name) => join(folder, 'usr/lib', name)).join(':');
  return { command, environment: { LD_LIBRARY_PATH: libraries } };
}
