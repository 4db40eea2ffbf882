// libfaketime, which gives a process another time of day: where it lies, fetched from Debian when it is missing. No part of the product.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { hasApt, unpackPackages } from './debian-packages.mjs';

/** The library's file, installed, unpacked before into `folder`, or fetched now; undefined, with a word about it, when it can't be had. */
export async function findClockLibrary(folder, log) {
  const known = libraryBelow('/') ?? libraryBelow(folder);
  if (known) return known;
  if (process.platform !== 'linux' || !hasApt()) {
    log('libfaketime is neither installed nor can it be fetched: no clock will be wrong');
    return undefined;
  }
  try {
    log('Downloading libfaketime (apt-get download)');
    await unpackPackages(['libfaketime'], folder);
    return libraryBelow(folder);
  } catch (error) {
    log(`libfaketime can't be had, no clock will be wrong: ${error.message}`);
    return undefined;
  }
}

function libraryBelow(root) {
  const libraries = join(root, 'usr/lib');
  if (!existsSync(libraries)) return undefined;
  return readdirSync(libraries).map((name) => join(libraries, name, 'faketime/libfaketime.so.1')).find((path) => existsSync(path));
}
