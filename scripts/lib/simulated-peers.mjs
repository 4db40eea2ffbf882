// Simulated Microsoft, OVOC and SBCs for a standalone that has no real ones.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lineOf } from './children.mjs';

/** Starts the simulators on free ports, with settings of their own; answers their addresses. They end when this process does. */
export async function startSimulators(children, environment = {}) {
  const simulators = children.start('simulators', environment);
  return lineOf(simulators, (line) => line.event === 'ready');
}

/** Settings of services that are to use them. The inventory is a copy with the simulators' ports, in `folder`. */
export async function settingsFor({ microsoft, ovoc, sbcs }, { folder, root }) {
  const inventory = JSON.parse(await readFile(process.env.INVENTORY_FILE || join(root, 'inventory.json'), 'utf8'));
  for (const sbc of inventory.sbcs) if (sbcs[sbc.id]) sbc.access.baseUrl = sbcs[sbc.id];
  await mkdir(folder, { recursive: true });
  const inventoryFile = join(folder, 'inventory.simulated.json');
  await writeFile(inventoryFile, `${JSON.stringify(inventory, null, 2)}\n`, { mode: 0o600 });
  return { INVENTORY_FILE: inventoryFile, MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc, OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw' };
}
