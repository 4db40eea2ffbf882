import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from './service-process.js';

interface ShippedSbc {
  readonly id: number;
  readonly ovocSbcId: number;
  readonly name: string;
  readonly fqdn: string;
  readonly access: object;
}

export interface ShippedInventory {
  readonly sbcs: readonly ShippedSbc[];
  readonly scriptTemplates: readonly object[];
}

/** Changes the shipped inventory before it is written. */
export type InventoryChange = (shipped: ShippedInventory) => ShippedInventory;

/** The example scripts beside the shipped ones. */
export const withExamples: InventoryChange = ({ sbcs }) => {
  const generator = join(checkoutDir, 'examples/scripts/add-to-inventory.mjs');
  const { scriptTemplates } = JSON.parse(execFileSync(process.execPath, [generator, join(checkoutDir, 'inventory.json')], { encoding: 'utf8' })) as ShippedInventory;
  return { sbcs, scriptTemplates };
};

/** Writes the shipped inventory with other addresses into `folder`, and more SBCs like its last one when there are more addresses; answers the file. */
export function writeInventory(folder: string, sbcUrls: Readonly<Record<string, string>>, change: InventoryChange = (shipped) => shipped): string {
  const shipped = change(JSON.parse(readFileSync(join(checkoutDir, 'inventory.json'), 'utf8')) as ShippedInventory);
  const sbcs = shipped.sbcs.map((sbc) => {
    const baseUrl = sbcUrls[sbc.id];
    if (baseUrl === undefined) throw new Error(`no simulator for SBC ${sbc.id} of the shipped inventory`);
    return { ...sbc, access: { ...sbc.access, baseUrl } };
  });
  const last = sbcs.at(-1);
  const more = Object.entries(sbcUrls).filter(([id]) => !sbcs.some((sbc) => sbc.id === Number(id))).map(([id, baseUrl]) => (
    { ...last, id: Number(id), ovocSbcId: 400 + Number(id), name: `sbc${id}`, fqdn: `sbc${id}.example.net`, access: { ...last?.access, baseUrl } }
  ));
  const file = join(folder, 'inventory.json');
  writeFileSync(file, JSON.stringify({ ...shipped, sbcs: [...sbcs, ...more] }, undefined, 2));
  return file;
}
