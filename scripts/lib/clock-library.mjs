// libfaketime, which gives a process another time of day: where it lies, fetched from Debian when it is missing. No part of the product.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { hasApt } from './debian-packages.mjs';

const withinMs = 120_000;

/** The library's file, installed, unpacked before into `folder`, or fetched now; undefined, with a word about it, when it can't be had. */
export async function findClockLibrary(folder, log) {
  const known = libraryBelow('/') ?? libraryBelow(folder);
  if (known) return known;
  if (process.platform !== 'linux' || !hasApt()) {
    log('libfaketime is neither installed nor can it be fetched: no clock will be wrong');
    return undefined;
  }
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-draft-`);
  try {
    log('Downloading libfaketime (apt-get download)');
    run('apt-get', ['-q', 'download', 'libfaketime'], draft);
    for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) run('dpkg', ['-x', join(draft, file), join(draft, 'root')], draft);
    await rm(folder, { recursive: true, force: true });
    await rename(join(draft, 'root'), folder);
    return libraryBelow(folder);
  } catch (error) {
    log(`libfaketime can't be had, no clock will be wrong: ${error.message}`);
    return undefined;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function libraryBelow(root) {
  const libraries = join(root, 'usr/lib');
  if (!existsSync(libraries)) return undefined;
  return readdirSync(libraries).map((name) => join(libraries, name, 'faketime/libfaketime.so.1')).find((path) => existsSync(path));
}

function run(command, args, cwd) {
  const { error, status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: withinMs });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim()}`);
}
