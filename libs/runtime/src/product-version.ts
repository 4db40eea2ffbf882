import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the nearest package.json above this file: the product's, in sources and in a build. */
export function productFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('no package.json above the code');
    folder = dirname(folder);
  }
  return folder;
}

/** The version in the product's package.json. */
export function productVersion(): string {
  return (JSON.parse(readFileSync(join(productFolder(), 'package.json'), 'utf8')) as { readonly version: string }).version;
}
