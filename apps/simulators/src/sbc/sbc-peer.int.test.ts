import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, basic, call, ControlClient, names, sendScript, until } from '../clients.testing.js';
import { startSimulators, type Simulators } from '../simulators.js';

const onboarding = `configure voip
 ip-group new
  name "Northwind7"
  type server
  proxy-set-name "SIPTrunk"
  cac-profile "10 sessions"
  tags "Owner=1f0c0a3e-0000-4000-a000-000000000001"
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
      'tags': 'Owner=1f0c0a3e-0000-4000-a000-000000000001',
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

  it('keeps a row out of effect with which a script ends', async () => {
    expect((await sendScript(sbc, 'configure voip\nip-group new\nname Northwind7\n')).body).toMatchObject({ status: 'success' });
    expect((await control.tables(5)).running['ip-group']?.at(-1)).toEqual({ index: 1, name: 'Northwind7', notActivated: true });
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
    ['a monitor for the configuration', 'GET', '/api/v1/files/cliScript', basic('monitor', 'monitor-pw'), 403],
    ['a monitor for saving', 'POST', '/api/v1/actions/saveConfiguration', basic('monitor', 'monitor-pw'), 403],
    ['an administrator for the configuration', 'GET', '/api/v1/files/cliScript', admin, 200],
    ['an administrator for a token', 'POST', '/api/v1/actions/authToken', admin, 403],
    ['a security administrator for a token', 'POST', '/api/v1/actions/authToken', basic('secadmin', 'secadmin-pw'), 200],
    ['a method that is not offered', 'DELETE', '/api/v1/files/cliScript', admin, 405],
    ['a whole configuration', 'PUT', '/api/v1/files/cliScript', admin, 405],
    ['an unknown path', 'GET', '/api/v1/nothing', admin, 404],
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

  it.each([
    [5, '\r\n', /^# Running Configuration Mediant VE SBC\r\n/, '    name "Northwind7"'],
    [4, '\n', /^ configure network\n/, '   name Northwind7'],
  ])('prints as SBC %i does', async (id, lineEnd, beginning, nameLine) => {
    await sendScript(`${simulators.sbcs[id]}`, onboarding);
    const { text } = await call(`${simulators.sbcs[id]}/api/v1/files/cliScript`, 'GET', { headers: admin });
    expect(text).toMatch(beginning);
    expect(text.split(lineEnd)).toContain(nameLine);
  });

  it('prints in another way, and with the command before it, when it is told to', async () => {
    await control.post('/sbc/5/settings', { print: 'B' });
    expect((await read()).text).toMatch(/^ configure network\n/);
    await control.post('/sbc/5/settings', { print: 'A', echoesRead: true, hostName: 'Mediant VE', beforeRead: '<html>\r\n', afterRead: '\r\n;ini text' });
    expect((await read()).text).toMatch(/^<html>\r\nMediant VE# show running-config\r\n# Running[^]* {2}exit\r\n\r\nMediant VE# \r\n;ini text$/);
  });

  it('shows script lines behind their prompt only in print A, and a star while unsaved', async () => {
    const output = async (id: number) => (await sendScript(`${simulators.sbcs[id]}`, `${onboarding}show system version`)).body?.['output'];
    expect(await output(5)).toMatch(/^SBC-5# configure voip\r\nSBC-5\(config-voip\)# ip-group new\r\n[^]*SBC-5\*# show system version\r\n;Software[^]*SBC-5\*#$/);
    expect(await output(4)).toMatch(/^;Software[^#]*$/);
  });

  it('saves and restarts when a script says so, and keeps it in the log', async () => {
    await sendScript(sbc, `${onboarding}write`);
    expect(names((await control.tables(5)).saved['ip-group'])).toContain('Northwind7');
    await sendScript(sbc, `${cleanup}reload now`).catch(() => 'cut');
    await until(async () => await read().catch(() => undefined));
    expect(names((await control.tables(5)).running['ip-group'])).toContain('Northwind7');
    expect((await control.log()).flatMap(({ obeyed }) => obeyed ?? [])).toEqual(['write', 'reload']);
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

  it('lets somebody plant rows by hand that have children and are not in effect', async () => {
    const planted = await control.post('/sbc/5/rows', {
      table: 'proxy-set', index: 7, notActivated: true, values: { 'proxy-name': 'Fabrikam1' },
      children: { 'proxy-ip': [{ values: { 'proxy-address': 'a.example' } }, { index: 4, notActivated: true, values: { 'proxy-address': 'b.example' } }] },
    });
    expect(planted.body).toEqual({
      'index': 7, 'proxy-name': 'Fabrikam1', 'notActivated': true,
      'children': { 'proxy-ip': [{ 'index': 0, 'proxy-address': 'a.example' }, { 'index': 4, 'proxy-address': 'b.example', 'notActivated': true }] },
    });
    const { running, saved } = await control.tables(5);
    expect([running['proxy-set']?.at(-1), saved['proxy-set']?.at(-1)]).toEqual([planted.body, planted.body]);
    expect((await read()).text).toContain('# The following line is not activated\r\n   proxy-set 7\r\n');
  });

  it('forgets a rule of a shared dial plan, and has no room for one, when told to', async () => {
    const rule = 'configure voip\nsbc dial-plan Tenants\ndial-plan-rule new\nname Northwind7\nprefix 49\ntag t\nactivate\nexit\nexit\nexit';
    await control.fault({ peer: 'sbc', id: 5, kind: 'forget-rows', times: 1 });
    expect((await sendScript(sbc, rule)).body).toMatchObject({ status: 'success' });
    expect((await control.log())[0]?.scriptRows).toEqual([{ action: 'set', table: 'sbc dial-plan dial-plan-rule', parent: 0, index: 2, name: 'Northwind7' }]);
    await control.fault({ peer: 'sbc', id: 5, kind: 'table-full', times: 1, params: { table: 'dial-plan-rule' } });
    expect((await sendScript(sbc, rule)).body?.['output']).toMatch(/Dial Plan Rule table is full$/);
    expect((await control.tables(5)).running['sbc dial-plan']).toEqual((await control.tables(5)).saved['sbc dial-plan']);
    await sendScript(sbc, rule);
    expect((await control.tables(5)).running['sbc dial-plan']).toMatchObject([{ children: { 'dial-plan-rule': [{ index: 0 }, { index: 1 }, { index: 2, name: 'Northwind7' }] } }]);
  });

  it('lets somebody change a row by hand', async () => {
    await sendScript(sbc, onboarding);
    await save();
    const edit = (body: object) => control.post('/sbc/5/edit', body);
    await edit({ table: 'ip-group', name: 'Northwind7', values: { 'type': 'user', 'cac-profile': null } });
    await edit({ table: 'proxy-set', index: 0, children: { 'proxy-ip': { 0: null, 1: { values: { 'transport-type': 'tcp' } }, 5: { values: { 'proxy-address': 'new.example' } } } } });
    await edit({ table: 'proxy-set', name: 'SIPTrunk', notActivated: true });
    const { running, saved } = await control.tables(5);
    for (const tables of [running, saved]) {
      expect(tables['ip-group']?.at(-1)).toEqual({ 'index': 1, 'name': 'Northwind7', 'type': 'user', 'proxy-set-name': 'SIPTrunk', 'tags': 'Owner=1f0c0a3e-0000-4000-a000-000000000001' });
      expect(tables['proxy-set']).toMatchObject([{
        children: { 'proxy-ip': [
          { 'index': 1, 'proxy-address': 'teams-2.example.com:5061', 'transport-type': 'tcp' }, { 'index': 2, 'transport-type': 'tls' }, { 'index': 5, 'proxy-address': 'new.example' },
        ] },
      }, { 'proxy-name': 'SIPTrunk', 'notActivated': true }]);
    }
    await edit({ table: 'proxy-set', name: 'SIPTrunk', notActivated: false });
    expect((await control.tables(5)).running['proxy-set']?.at(-1)).not.toHaveProperty('notActivated');
  });

  it.each<[string, string, object]>([
    ['a row that is not there', 'edit', { table: 'ip-group', name: 'Nobody', values: {} }],
    ['a value that is none', 'edit', { table: 'ip-group', name: 'Teams-OC', values: { type: 'other' } }],
    ['a reference to nothing', 'edit', { table: 'ip-group', name: 'Teams-OC', values: { 'proxy-set-name': 'Nope' } }],
    ['a child table that is none', 'edit', { table: 'ip-group', name: 'Teams-OC', children: { 'proxy-ip': {} } }],
    ['a row that names nothing', 'rows', { table: 'ip-group', values: { 'name': 'A', 'proxy-set-name': 'Nope' } }],
    ['an index that is taken', 'rows', { table: 'ip-group', index: 0, values: { name: 'A' } }],
    ['children that are no list', 'rows', { table: 'proxy-set', values: { 'proxy-name': 'A' }, children: { 'proxy-ip': {} } }],
    ['a parameter that is none', 'rows', { table: 'proxy-set', values: { 'proxy-name': 'A', 'nonsense': '1' } }],
  ])('refuses a change by hand with %s', async (_name, path, body) => {
    expect((await control.post(`/sbc/5/${path}`, body)).status).toBe(400);
    expect((await control.tables(5)).running['ip-group']).toHaveLength(1);
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
