import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from './service-process.js';

interface ShippedInventory {
  readonly sbcs: readonly { readonly id: number; readonly access: object }[];
}

/** Writes the shipped inventory with other addresses into `folder`; answers the file. */
export function writeInventory(folder: string, sbcUrls: Readonly<Record<string, string>>): string {
  const shipped = JSON.parse(readFileSync(join(checkoutDir, 'inventory.json'), 'utf8')) as ShippedInventory;
  const sbcs = shipped.sbcs.map((sbc) => {
    const baseUrl = sbcUrls[sbc.id];
    if (baseUrl === undefined) throw new Error(`no simulator for SBC ${sbc.id} of the shipped inventory`);
    return { ...sbc, access: { ...sbc.access, baseUrl } };
  });
  const file = join(folder, 'inventory.json');
  writeFileSync(file, JSON.stringify({ ...shipped, sbcs }, undefined, 2));
  return file;
}
