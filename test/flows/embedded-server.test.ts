import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, HttpClient, ServiceProcess, Simulators, writeInventory } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aRequest, expectDeployed, oneOfEach, path, standing } from './suite/customers.js';

describe('the standalone with its own database server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-embedded-'));
  const dataDir = join(folder, 'data');
  let simulators: Simulators;
  let standalone: ServiceProcess | undefined;
  let url = '';
  const http = new HttpClient(() => url);

  async function start(): Promise<void> {
    const { microsoft, ovoc, sbcs } = simulators.addresses;
    standalone = ServiceProcess.start('standalone', {
      HTTP_PORT: '0', DATA_DIR: dataDir, INVENTORY_FILE: writeInventory(folder, sbcs), MICROSOFT_BASE_URL: microsoft, OVOC_BASE_URL: ovoc, OVOC_USER: 'ovoc', OVOC_PASSWORD: 'ovoc-pw',
      SBC_RESPONSE_TIMEOUT_MS: '3000', REDRIVE_AFTER_MS: '1000',
    });
    const started = await standalone.logged('that it has started', (record) => (String(record.msg).startsWith('standalone started') ? record : undefined));
    expect(started).toMatchObject({ transport: 'in-process', database: 'embedded', dataDir });
    url = String(started.url);
    await eventually('the gateway to be ready', async () => (await http.get('/health/ready')).status === 200);
  }

  beforeAll(async () => {
    // The server runs as an unprivileged user, who must reach its folder.
    chmodSync(folder, 0o755);
    simulators = await Simulators.start();
  });
  afterAll(async () => {
    await standalone?.stop();
    await simulators.stop();
    await http.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps its data through kill -9 and a restart, and finishes what was in flight', async () => {
    await start();
    const before = aRequest();
    const { id } = expectDeployed(await http.post(path, before));

    const request = aRequest();
    const headers = { 'Idempotency-Key': randomUUID() };
    await simulators.fault({ peer: 'sbc', id: 5, kind: 'hold-after', match: { method: 'PUT' }, times: 1 });
    const pending = http.post(path, request, headers).catch(() => undefined);
    await simulators.waitForCall({ peer: 'sbc', method: 'PUT', path: '/incremental' });
    await standalone?.stop('SIGKILL');
    await simulators.calm();
    expect(await pending).toBeUndefined();

    await start();
    expect((await http.get(`/api/v2/customer/${id}`)).json).toMatchObject({ ShortName: before.shortName, SiteLocation: [{ sbcDeploymentState: 'Deployed' }] });
    const again = expectDeployed(await http.post(path, request, headers));
    expect(await standing(simulators, request.shortName, again.id)).toEqual(oneOfEach);
    expect(statSync(join(dataDir, 'secrets.key')).mode & 0o777).toBe(0o600);
  }, 120_000);

  it('stops without leaving its database server behind', async () => {
    expect(await standalone?.stop('SIGINT')).toEqual({ code: 0, signal: null });
    await start();
    expect(await standalone?.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 60_000);
});
