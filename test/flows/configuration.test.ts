import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freshDatabase, ServiceProcess, type Settings, testSetting, withClient } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Processes that only start and end: side by side, they take half the time.
describe.concurrent('a configuration with problems', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-configuration-'));
  // The database server of the standalone runs as an unprivileged user, who must reach its folder.
  beforeAll(() => { chmodSync(folder, 0o755); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const wrong: Settings = {
    HTTP_PORT: '70000', BASE_PATH: 'no/slash', SECRETS_KEY: 'c2hvcnQ=', AMQP_URL: 'http://host', DATABASE_URL: 'mysql://host/db', OVOC_BASE_URL: 'ovoc', OVOC_TENANT_ID: 'one',
    MICROSOFT_CLOUD: 'private', SBC_ID_SOURCE: 'both', ON_FAILURE: 'ignore', SYNC_WAIT_MS: 'soon', LOG_LEVEL: 'loud', SBC_RESPONSE_TIMEOUT_MS: '-1', STEP_DEADLINE_MS: '1.5',
    DRAIN_MS: '999', SHUTDOWN_DELAY_MS: '-1', SCALING_DEVICES_PER_AGENT: '0',
  };

  async function ending(app: string, settings: Settings): Promise<{ code: number | null; text: string }> {
    const process = ServiceProcess.start(app, settings);
    const { code } = await process.ended;
    return { code, text: process.lines.join('\n') };
  }

  const peers = ['MICROSOFT_BASE_URL', 'OVOC_BASE_URL', 'OVOC_USER', 'OVOC_PASSWORD'];
  it.each([
    ['gateway', ['HTTP_PORT', 'BASE_PATH', 'SECRETS_KEY', 'AMQP_URL', 'SYNC_WAIT_MS', 'DRAIN_MS', 'SHUTDOWN_DELAY_MS', 'LOG_LEVEL']],
    ['provisioner', ['AMQP_URL', 'DATABASE_URL', 'MICROSOFT_BASE_URL', 'MICROSOFT_CLOUD', 'SBC_ID_SOURCE', 'ON_FAILURE', 'STEP_DEADLINE_MS', 'SBC_RESPONSE_TIMEOUT_MS', 'DRAIN_MS', 'LOG_LEVEL', 'SECRETS_KEY']],
    ['sbc-agent', ['DRAIN_MS', 'SCALING_DEVICES_PER_AGENT', 'AMQP_URL', 'DATABASE_URL', 'SBC_RESPONSE_TIMEOUT_MS', 'STEP_DEADLINE_MS', 'LOG_LEVEL', 'SECRETS_KEY']],
    ['ovoc-sync', ['AMQP_URL', 'DATABASE_URL', 'DRAIN_MS', 'OVOC_BASE_URL', 'OVOC_USER', 'OVOC_PASSWORD', 'OVOC_TENANT_ID', 'STEP_DEADLINE_MS', 'LOG_LEVEL']],
    ['standalone', [...peers, 'DRAIN_MS', 'SHUTDOWN_DELAY_MS', 'SCALING_DEVICES_PER_AGENT', 'HTTP_PORT', 'AMQP_URL', 'DATABASE_URL', 'MICROSOFT_CLOUD', 'SBC_RESPONSE_TIMEOUT_MS', 'SECRETS_KEY']],
  ])('ends the %s with 78, all of them told at once', async (app, names) => {
    const { code, text } = await ending(app, wrong);
    expect(code, text).toBe(78);
    expect(names.filter((name) => !new RegExp(`^ {2}- ${name}\\b`, 'm').test(text)), text).toEqual([]);
    expect(text).not.toContain('mysql://host/db');
  });

  it('ends the standalone with 78 when the peers\' addresses are missing', async () => {
    const { code, text } = await ending('standalone', {});
    expect(code, text).toBe(78);
    for (const name of peers) expect(text).toContain(`${name} is missing`);
  });

  it('ends a service with 78 when a secret is given twice, or its file can\'t be read', async () => {
    const { code, text } = await ending('ovoc-sync', {
      AMQP_URL: 'amqp://host', DATABASE_URL: 'postgres://host/db', OVOC_BASE_URL: 'http://host', OVOC_USER: 'x', OVOC_PASSWORD: 'y', OVOC_PASSWORD_FILE: file('password', 'z'),
      DATABASE_URL_FILE: join(folder, 'none'),
    });
    expect(code, text).toBe(78);
    expect(text).toMatch(/OVOC_PASSWORD and OVOC_PASSWORD_FILE are both set/);
    expect(text).toMatch(/DATABASE_URL_FILE: cannot read/);
  });

  it('ends a service with 78 that could be killed by a fault point in production', async () => {
    const { code, text } = await ending('ovoc-sync', { ...wrong, NODE_ENV: 'production', TRUNKLINE_FAULT_POINT: 'intake.before-ack' });
    expect(code, text).toBe(78);
    expect(text).toMatch(/ - TRUNKLINE_FAULT_POINT is set/);
  });

  it.each(['provisioner', 'sbc-agent', 'standalone'])('tells the %s what is wrong with the inventory together with the settings', async (app) => {
    const { code, text } = await ending(app, { ...wrong, INVENTORY_FILE: join(folder, 'none.json') });
    expect(code, text).toBe(78);
    expect(text).toMatch(/ - LOG_LEVEL/);
    expect(text).toMatch(/ - INVENTORY_FILE: \S+none\.json: \$ can't be read/);
  });

  it.each([['provisioner', 10], ['sbc-agent', 9], ['ovoc-sync', 8], ['standalone', 27]])('ends the %s with 78 when its role may have fewer than the %i sessions it needs', async (app, needed) => {
    const fresh = await freshDatabase();
    const role = `test_${randomBytes(6).toString('hex')}`;
    const url = new URL(fresh.superuserUrl);
    await withClient(fresh.superuserUrl, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret' CONNECTION LIMIT ${needed - 1}; GRANT CONNECT ON DATABASE ${url.pathname.slice(1)} TO ${role}`));
    url.username = role;
    url.password = 'secret';
    const { code, text } = await ending(app, {
      AMQP_URL: testSetting('TRUNKLINE_TEST_AMQP_URL'), AMQP_NAME_PREFIX: `test-${randomUUID()}.`, DATABASE_URL: url.href, DATA_DIR: join(folder, 'data'),
      INVENTORY_FILE: file('empty.json', { sbcs: [], scriptTemplates: [] }), MICROSOFT_BASE_URL: 'http://127.0.0.1:9', OVOC_BASE_URL: 'http://127.0.0.1:9', OVOC_USER: 'x', OVOC_PASSWORD: 'y',
      SECRETS_KEY: randomBytes(32).toString('base64'),
    });
    await withClient(fresh.superuserUrl, (client) => client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
    await fresh.drop();
    expect(code, text).toBe(78);
    expect(text).toContain(`  - DATABASE_URL: the role ${role} may have ${needed - 1} sessions (its CONNECTION LIMIT), and this process needs ${needed}: `);
  });

  const nowhere = (): string => join(folder, 'nowhere.json');
  const half = (): string => file('half.json', '{"sbcs":');
  const poor = (): string => file('poor.json', { sbcs: [{ id: 0 }], scriptTemplates: [{ id: 7, name: 'x', scriptType: 9, script: 'ip-group {{' }] });
  const manyProblems = /sbcs\[0\]\.id[^]*scriptTemplates\[0\]\.scriptType/;
  it.each([
    ['provisioner', 'is not there', nowhere, /nowhere\.json/],
    ['sbc-agent', 'is no JSON', half, /is not JSON/],
    ['provisioner', 'is wrong in many places', poor, manyProblems],
    ['sbc-agent', 'is wrong in many places', poor, manyProblems],
    ['standalone', 'is wrong in many places', poor, manyProblems],
  ])('ends the %s with 78 when the inventory %s', async (app, _name, inventory, reason) => {
    const connections: Settings = app === 'standalone'
      ? { DATA_DIR: join(folder, 'data') }
      : { AMQP_URL: testSetting('TRUNKLINE_TEST_AMQP_URL'), AMQP_NAME_PREFIX: `test-${randomUUID()}.`, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
    const { code, text } = await ending(app, {
      INVENTORY_FILE: inventory(), MICROSOFT_BASE_URL: 'http://127.0.0.1:9', OVOC_BASE_URL: 'http://127.0.0.1:9', OVOC_USER: 'x', OVOC_PASSWORD: 'y',
      SECRETS_KEY: randomBytes(32).toString('base64'), ...connections,
    });
    expect(text).toMatch(reason);
    expect(code, text).toBe(78);
  });
});
