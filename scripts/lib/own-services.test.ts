import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { keepServices, keptServices } from './own-services.mjs';

describe('servers that are kept up for tests', () => {
  let root: string;
  let control: Server;
  const environment = () => ({ TRUNKLINE_TEST_AMQP_URL: 'amqp://broker', TRUNKLINE_TEST_SERVER_CONTROL: join(root, 'control') });

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'trunkline-'));
    control = createServer((connection) => connection.resume());
    await new Promise<void>((resolve) => { control.listen(environment().TRUNKLINE_TEST_SERVER_CONTROL, resolve); });
  });
  afterEach(() => {
    control.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('are found by a run of tests until they are given up', async () => {
    const forget = keepServices(root, { environment: environment() });
    expect((await keptServices(root))?.environment).toEqual(environment());
    forget();
    expect(await keptServices(root)).toBeUndefined();
  });

  it('are not used when nothing answers any more', async () => {
    keepServices(root, { environment: environment() });
    await new Promise((resolve) => { control.close(resolve); });
    expect(await keptServices(root)).toBeUndefined();
  });
});
