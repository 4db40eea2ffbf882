import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, basic, call, ControlClient, names, sendScript, until } from '../clients.testing.js';
import { startSimulators, type Simulators } from '../simulators.js';

const onboarding = `configure voip
 ip-group new
  name "Northwind7"
  type server
  proxy-set-name "SIPTrunk"
  cac-profile "10 sessions"
  tags "Trunk=fcc608c4-095b-4d1a-90e3-2106fc7024de;Owner=1f0c0a3e-0000-4000-a000-000000000001"
  activate
 exit
 sbc routing ip2ip-routing new
  route-name "Northwind7-in"
  src-ip-group-name "Teams-OC"
  dst-ip-group-name "Northwind7"
  activate
 exit
exit
`;
const cleanup = `configure voip
 no sbc routing ip2ip-routing "Northwind7-in"
 no ip-group "Northwind7"
exit
`;
const route = 'sbc routing ip2ip-routing';

describe('SBC simulator', () => {
  let simulators: Simulators;
  let control: ControlClient;
  let sbc: string;

  beforeAll(async () => {
    simulators = await startSimulators({ sbc: { scriptTimeMs: 5, rebootTimeMs: 30 } });
    control = new ControlClient(simulators.control);
    sbc = `${simulators.sbcs['5']}`;
  });
  beforeEach(() => control.post('/reset'));
  afterAll(() => simulators.close());

  const save = () => call(`${sbc}/api/v1/actions/saveConfiguration`, 'POST', { headers: admin });
  const read = () => call(`${sbc}/api/v1/files/cliScript`, 'GET', { headers: admin });

  it('runs the documented onboarding script and says so', async () => {
    const reply = await sendScript(sbc, onboarding);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.body).toMatchObject({ status: 'success', description: 'Incremental CLI Script file was loaded.' });
    expect(reply.body?.['output']).toContain('SBC-5(ip-group-1)# name "Northwind7"');
    const { running, saved } = await control.tables(5);
    expect(running['ip-group']?.at(-1)).toEqual({
      'index': 1, 'name': 'Northwind7', 'type': 'server', 'proxy-set-name': 'SIPTrunk', 'cac-profile': '10 sessions',
      'tags': 'Trunk=fcc608c4-095b-4d1a-90e3-2106fc7024de;Owner=1f0c0a3e-0000-4000-a000-000000000001',
    });
    expect(names(running[route], 'route-name')).toEqual(['Terminate OPTIONS', 'Northwind7-in']);
    expect(names(saved['ip-group'])).toEqual(['Teams-OC']);
  });

  it('runs the cleanup script once, and again without effect', async () => {
    await sendScript(sbc, onboarding);
    for (const _time of [1, 2]) {
      expect((await sendScript(sbc, cleanup.replaceAll('\n', '\r\n'))).body).toMatchObject({ status: 'success' });
      const { running } = await control.tables(5);
      expect([names(running['ip-group']), names(running[route], 'route-name')]).toEqual([['Teams-OC'], ['Terminate OPTIONS']]);
    }
  });

  it('answers 200 with the status failure, names the line and keeps the rows before it', async () => {
    const reply = await sendScript(sbc, onboarding.replace('src-ip-group-name "Teams-OC"', 'src-ip-group-name "Nobody"'));
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ status: 'failure' });
    expect(reply.body?.['output']).toMatch(/Line 14: IP Group 'Nobody' is not found$/);
    const { running } = await control.tables(5);
    expect([names(running['ip-group']), running[route]?.length]).toEqual([['Teams-OC', 'Northwind7'], 1]);
  });

  it('shows configuration and version inside a script', async () => {
    const { body } = await sendScript(sbc, 'show system version\nconfigure voip\nshow running-config\nexit');
    expect(body?.['output']).toMatch(/Software Version: 7\.40/);
    expect(body?.['output']).toMatch(/proxy-name "?SIPTrunk/);
  });

  it('has what every device has before its first customer', async () => {
    for (const id of [3, 4, 5]) {
      const { running, saved } = await control.tables(id);
      expect(running).toEqual(saved);
      expect(names(running['ip-group'])).toEqual(['Teams-OC']);
      expect(names(running['proxy-set'], 'proxy-name')).toEqual(['Teams-OC', 'SIPTrunk']);
      expect(names(running['sbc cac-profile'])).toEqual(['10 sessions', '50 sessions']);
    }
  });

  it('drops what was not saved at a restart, and keeps what was', async () => {
    await sendScript(sbc, onboarding);
    expect((await save()).status).toBe(200);
    await sendScript(sbc, onboarding.replaceAll('Northwind7', 'Contoso1'));
    expect((await call(`${sbc}/api/v1/actions/reset`, 'POST', { headers: admin })).status).toBe(200);
    await until(async () => await read().catch(() => undefined));
    const { running, boot } = await control.tables(5);
    expect(names(running['ip-group'])).toEqual(['Teams-OC', 'Northwind7']);
    expect(boot).toBeGreaterThan(1);
  });

  it('can\'t be reached while it restarts, and loses the script that was running', async () => {
    await control.post('/sbc/5/settings', { scriptTimeMs: 10_000 });
    const script = sendScript(sbc, onboarding).catch(() => 'cut');
    await control.arrived((entry) => entry.scriptHash !== undefined);
    await control.post('/sbc/5/reset', { ms: 60_000 });
    expect(await script).toBe('cut');
    await expect(read()).rejects.toThrow(/ECONNREFUSED/);
    await control.post('/reset');
    expect((await read()).status).toBe(200);
  });

  it.each([
    ['no account', 'GET', '/api/v1/status', {}, 401],
    ['a wrong password', 'GET', '/api/v1/status', basic('admin', 'wrong'), 401],
    ['a monitor for the status', 'GET', '/api/v1/status', basic('monitor', 'monitor-pw'), 200],
    ['a monitor for alarms', 'GET', '/api/v1/alarms/active', basic('monitor', 'monitor-pw'), 204],
    ['a monitor for statistics', 'GET', '/api/v1/kpi/current/sbc/callStats/ipGroup/0', basic('monitor', 'monitor-pw'), 200],
    ['a monitor for the configuration', 'GET', '/api/v1/files/cliScript', basic('monitor', 'monitor-pw'), 403],
    ['a monitor for saving', 'POST', '/api/v1/actions/saveConfiguration', basic('monitor', 'monitor-pw'), 403],
    ['an administrator for the configuration', 'GET', '/api/v1/files/cliScript', admin, 200],
    ['an administrator for a token', 'POST', '/api/v1/actions/authToken', admin, 403],
    ['a security administrator for a token', 'POST', '/api/v1/actions/authToken', basic('secadmin', 'secadmin-pw'), 200],
    ['a method that is not offered', 'DELETE', '/api/v1/files/cliScript', admin, 405],
    ['a whole configuration', 'PUT', '/api/v1/files/cliScript', admin, 405],
    ['an unknown path', 'GET', '/api/v1/nothing', admin, 404],
    ['statistics of an unknown IP group', 'GET', '/api/v1/kpi/current/sbc/callStats/ipGroup/77', admin, 404],
  ] as const)('answers %s rightly', async (_name, method, path, headers, status) => {
    const reply = await call(`${sbc}${path}`, method, { headers });
    expect(reply.status).toBe(status);
    expect(reply.headers['www-authenticate']).toBe(status === 401 ? 'Basic realm="SBC"' : undefined);
    if (status >= 400) expect(reply.body).toHaveProperty('description');
  });

  it('tells its state, and the pair that it is one', async () => {
    const status = async (id: string) => (await call(`${simulators.sbcs[id]}/api/v1/status`, 'GET', { headers: admin })).body;
    expect(await status('5')).toMatchObject({ operationalState: 'UNLOCKED', highAvailability: 'Not Operational', protocolType: 'SIP' });
    expect(await status('4')).toMatchObject({ highAvailability: 'Operational' });
    await control.post('/sbc/5/settings', { operationalState: 'LOCKED' });
    expect(await status('5')).toMatchObject({ operationalState: 'LOCKED' });
  });

  it.each([
    ['a body that is no form', { 'content-type': 'application/json' }, onboarding],
    ['an empty script', {}, ' \n'],
  ])('answers %s with 400', async (_name, headers, script) => {
    const reply = await sendScript(sbc, script, { headers });
    expect(reply.status).toBe(400);
    expect(reply.body).toHaveProperty('description');
  });

  it('raises an alarm while something is not saved', async () => {
    const alarms = () => call(`${sbc}/api/v1/alarms/active?limit=20`, 'GET', { headers: admin });
    await sendScript(sbc, onboarding);
    expect((await alarms()).body).toMatchObject({ alarms: [{ id: '1' }], cursor: { after: '-1', before: '-1' } });
    await save();
    expect((await alarms()).status).toBe(204);
  });

  it('prints the same rows in ever other forms', async () => {
    await sendScript(sbc, onboarding);
    const prints = await Promise.all(Array.from({ length: 40 }, async () => (await read()).text));
    expect(new Set(prints).size).toBeGreaterThan(30);
    for (const text of prints) {
      expect(text).toMatch(/^\s*ip-group 1\r?$/m);
      expect(text).toMatch(/^\s*name "?Northwind7"?\r?$/m);
      expect(text).toMatch(/^\s*cac-profile "10 sessions"\r?$/m);
    }
    const some = (pattern: RegExp) => prints.filter((text) => pattern.test(text)).length;
    for (const pattern of [/\r\n/, /name "Northwind7"/, /^ {2}ip-group/m, /^ip-group/m, /^#/m, /classify-by-proxy-set/]) {
      expect(some(pattern)).toBeGreaterThan(0);
      expect(some(pattern)).toBeLessThan(prints.length);
    }
  });

  it('prints no password as it was set', async () => {
    await sendScript(sbc, 'configure voip\nsip-definition account new\naccount-name a\npassword top-secret\nactivate\nexit\nexit');
    const { text } = await read();
    expect(text).toContain('account-name');
    expect(text).not.toContain('top-secret');
  });

  it('gives two runs with the same seed the same text', async () => {
    const first = (await read()).text;
    await control.post('/reset');
    expect((await read()).text).toBe(first);
  });

  it('notices two writers at once, and not one after the other', async () => {
    await sendScript(sbc, onboarding);
    await sendScript(sbc, cleanup);
    expect((await control.log()).filter((entry) => entry.overlap)).toEqual([]);
    await control.post('/sbc/5/settings', { scriptTimeMs: 400 });
    await Promise.all(['A', 'B'].map((name) => sendScript(sbc, onboarding.replaceAll('Northwind7', name))));
    expect((await control.log()).filter((entry) => entry.overlap).map((entry) => entry.method)).toEqual(['PUT', 'PUT']);
  });

  it('keeps a script in the log with its hash, its rows and its times', async () => {
    await sendScript(sbc, onboarding, { headers: { 'user-agent': 'product/1 (flow x)' } });
    const [entry] = await control.log('?peer=sbc&id=5');
    expect(entry).toMatchObject({
      peer: 'sbc', id: 5, method: 'PUT', path: '/api/v1/files/cliScript/incremental', user: 'admin', userAgent: 'product/1 (flow x)', status: 200,
      scriptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      scriptRows: [{ action: 'set', table: 'ip-group', index: 1, name: 'Northwind7' }, { action: 'set', table: route, index: 1, name: 'Northwind7-in' }],
    });
    expect(entry!.arrivedAt).toBeLessThanOrEqual(entry!.appliedAt!);
    expect(entry!.appliedAt!).toBeLessThanOrEqual(entry!.answeredAt!);
    expect(await control.log(`?since=${entry!.seq}`)).toEqual([]);
  });

  it('lets a row be planted and taken away', async () => {
    const planted = await control.post('/sbc/5/rows', { table: 'ip-group', values: { name: 'Northwind7', tags: 'Owner=somebody' } });
    expect(planted.status).toBe(201);
    expect(await sendScript(sbc, onboarding)).toMatchObject({ body: { status: 'failure' } });
    const { running, saved } = await control.tables(5);
    expect([names(running['ip-group']), names(saved['ip-group'])]).toEqual([['Teams-OC', 'Northwind7'], ['Teams-OC', 'Northwind7']]);
    expect((await control.post('/sbc/5/forget', { table: 'ip-group', name: 'Northwind7' })).body).toEqual({ forgotten: true });
    expect(names((await control.tables(5)).running['ip-group'])).toEqual(['Teams-OC']);
  });
});
