import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, ServiceProcess, writeInventory } from '@trunkline/testing';

import { Http } from './http.js';
import type { Peers } from './trunkline.js';

const readyWithinMs = 60_000;

/** Starts the standalone as `npm start` does, with its embedded PostgreSQL, so often on the same data; ms from each start until callers are served. */
export async function ownStarts(times: number, { microsoft, ovoc, sbcs }: Peers): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  // As root the database server runs under another account.
  chmodSync(folder, 0o711);
  const settings = {
    LOG_LEVEL: 'info', HTTP_PORT: '0', DATA_DIR: join(folder, 'data'), INVENTORY_FILE: writeInventory(folder, sbcs), MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc,
    OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw',
  };
  const taken: number[] = [];
  try {
    for (let count = 0; count < times; count += 1) {
      const startedAt = performance.now();
      const service = ServiceProcess.start('standalone', settings, `own-${count}`);
      const url = await service.logged('its address', ({ url: address }) => (typeof address === 'string' && address.startsWith('http') ? address : undefined));
      const http = new Http(url);
      await eventually('the gateway to be ready', async () => (await http.send('GET', '/health/ready')).status === 200, readyWithinMs);
      taken.push(performance.now() - startedAt);
      await http.close();
      await service.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return taken;
}
