import { Client } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, call, ControlClient, names, operator, sendJson, sendScript, until } from '../clients.testing.js';
import { startSimulators, type Simulators } from '../simulators.js';

const script = 'configure voip\nip-group new\nname A\nactivate\nexit\nip-group new\nname B\nactivate\nexit\nexit\n';

describe('faults', () => {
  let simulators: Simulators;
  let control: ControlClient;
  let sbc: string;

  beforeAll(async () => {
    simulators = await startSimulators({ sbc: { scriptTimeMs: 2, rebootTimeMs: 30 } });
    control = new ControlClient(simulators.control);
    sbc = `${simulators.sbcs['5']}`;
  });
  beforeEach(() => control.post('/reset'));
  afterAll(() => simulators.close());

  const status = (address = sbc) => call(`${address}/api/v1/status`, 'GET', { headers: admin });
  const groups = async () => names((await control.tables(5)).running['ip-group']);
  const save = () => call(`${sbc}/api/v1/actions/saveConfiguration`, 'POST', { headers: admin });

  it('refuse: closes one port, leaves the others, and opens it again where it was', async () => {
    const id = await control.fault({ peer: 'sbc', id: 5, kind: 'refuse' });
    await expect(status()).rejects.toThrow(/ECONNREFUSED/);
    expect((await status(simulators.sbcs['4'])).status).toBe(200);
    await control.remove(`/faults/${id}`);
    expect((await status()).status).toBe(200);
  });

  it('refuse with a count: resets that many connections', async () => {
    await control.fault({ peer: 'sbc', kind: 'refuse', times: 2 });
    for (const _time of [1, 2]) await expect(status()).rejects.toThrow();
    expect((await status()).status).toBe(200);
  });

  it('stall: never answers and does nothing', async () => {
    await control.fault({ peer: 'sbc', kind: 'stall', times: 1 });
    const abort = new AbortController();
    const sent = sendScript(sbc, script, { signal: abort.signal }).catch(() => 'given up');
    await control.arrived((entry) => entry.faults !== undefined);
    abort.abort();
    expect(await sent).toBe('given up');
    expect(await groups()).toEqual(['Teams-OC']);
    expect(await control.arrived((entry) => entry.goneAt !== undefined)).not.toHaveProperty('appliedAt');
  });

  it('hold-before: has arrived and is not applied until it is released', async () => {
    const id = await control.fault({ peer: 'sbc', kind: 'hold-before' });
    const sent = sendScript(sbc, script);
    const entry = await control.arrived(({ held }) => held === true);
    expect(entry).toMatchObject({ method: 'PUT', scriptHash: expect.any(String), faults: [id] });
    expect(await groups()).toEqual(['Teams-OC']);
    expect((await control.post('/release', { seq: entry.seq })).body).toEqual({ released: 1 });
    expect((await sent).body).toMatchObject({ status: 'success' });
    expect(await groups()).toEqual(['Teams-OC', 'A', 'B']);
  });

  it('hold-before: carries out what it was sent although the caller is gone', async () => {
    const id = await control.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' } });
    const abort = new AbortController();
    const sent = sendScript(sbc, script, { signal: abort.signal }).catch(() => 'gone');
    const { seq } = await control.arrived(({ held }) => held === true);
    abort.abort();
    await sent;
    await control.arrived((entry) => entry.seq === seq && entry.goneAt !== undefined);
    await control.post('/release', { id });
    const entry = await control.arrived((one) => one.seq === seq && one.appliedAt !== undefined);
    expect(entry).not.toHaveProperty('answeredAt');
    expect(await groups()).toEqual(['Teams-OC', 'A', 'B']);
  });

  it('hold-before: a held write overlaps the one that comes meanwhile', async () => {
    await control.fault({ peer: 'sbc', kind: 'hold-before', times: 1 });
    const sent = sendScript(sbc, script);
    await control.arrived(({ held }) => held === true);
    await save();
    await control.post('/release');
    await sent;
    expect((await control.log()).map(({ overlap }) => overlap)).toEqual([true, true]);
  });

  it('hold-after: is applied and not answered until it is released', async () => {
    await control.fault({ peer: 'sbc', kind: 'hold-after', times: 1 });
    const sent = sendScript(sbc, script);
    const entry = await control.arrived(({ held }) => held === true);
    expect(entry.appliedAt).toBeDefined();
    expect(entry.answeredAt).toBeUndefined();
    expect(await groups()).toEqual(['Teams-OC', 'A', 'B']);
    await control.post('/release');
    expect((await sent).status).toBe(200);
  });

  it('lost-answer: is applied and never answered', async () => {
    await control.fault({ peer: 'sbc', kind: 'lost-answer', match: { pathContains: 'incremental' }, times: 1 });
    await expect(sendScript(sbc, script)).rejects.toThrow();
    expect(await groups()).toEqual(['Teams-OC', 'A', 'B']);
    const [entry] = await control.log();
    expect(entry).toMatchObject({ appliedAt: expect.any(Number), goneAt: expect.any(Number) });
    expect(entry).not.toHaveProperty('status');
  });

  it('cut: ends in the middle of the answer', async () => {
    await control.fault({ peer: 'sbc', kind: 'cut', params: { bytes: 20 }, times: 1 });
    await expect(call(`${sbc}/api/v1/files/cliScript`, 'GET', { headers: admin })).rejects.toThrow(/terminated|closed|other side|length/i);
    expect((await call(`${sbc}/api/v1/files/cliScript`, 'GET', { headers: admin })).status).toBe(200);
  });

  it.each([[0], [5]])('close-after %i ms: the answer is whole, and the next call needs another connection', async (ms) => {
    await control.fault({ peer: 'sbc', id: 5, kind: 'close-after', params: { ms } });
    const client = new Client(sbc);
    const ended: string[] = [];
    client.on('disconnect', (_origin, _targets, { message }) => ended.push(message));
    const ask = async () => {
      const { headers, body } = await client.request({ path: '/api/v1/status', method: 'GET', headers: admin });
      return [headers['connection'], await body.json()];
    };
    for (const count of [1, 2]) {
      expect(await ask()).toEqual(['keep-alive', expect.objectContaining({ operationalState: 'UNLOCKED' })]);
      await until(() => Promise.resolve(ended.length === count));
    }
    expect(ended).toEqual(['other side closed', 'other side closed']);
    await client.close();
  });

  it('lost-on-idle: the second call on a connection is not applied, the next one has a new one', async () => {
    await control.fault({ peer: 'sbc', id: 5, kind: 'lost-on-idle' });
    const client = new Client(sbc);
    const ask = async () => (await client.request({ path: '/api/v1/status', method: 'GET', headers: admin })).body.json();
    for (const _connection of [1, 2]) {
      await expect(ask()).resolves.toMatchObject({ operationalState: 'UNLOCKED' });
      await expect(ask()).rejects.toThrow(/ECONNRESET|other side closed/);
    }
    expect((await control.log()).map(({ appliedAt }) => appliedAt !== undefined)).toEqual([true, false, true, false]);
    await client.close();
  });

  it('latency: answers later, and applies later unless it is asked to wait after', async () => {
    await control.fault({ peer: 'sbc', kind: 'latency', params: { ms: 60 } });
    await sendScript(sbc, script);
    await control.remove('/faults');
    await control.fault({ peer: 'sbc', kind: 'latency', params: { ms: 60, after: true } });
    await sendScript(sbc, script.replaceAll('name ', 'name X'));
    const [before, after] = await control.log();
    expect(before!.appliedAt! - before!.arrivedAt).toBeGreaterThan(50);
    expect(after!.answeredAt! - after!.appliedAt!).toBeGreaterThan(50);
  });

  it.each([
    ['microsoft', 429, { 'retry-after': '7' }, { retryAfter: 7 }],
    ['microsoft', 500, {}, {}],
    ['ovoc', 401, { 'www-authenticate': 'Basic realm="OVOC"' }, {}],
    ['ovoc', 500, {}, {}],
    ['sbc', 400, {}, {}],
    ['sbc', 401, { 'www-authenticate': 'Basic realm="SBC"' }, {}],
    ['sbc', 403, {}, {}],
    ['sbc', 405, {}, {}],
    ['sbc', 409, {}, {}],
    ['sbc', 429, { 'retry-after': '1' }, {}],
    ['sbc', 503, { 'retry-after': '2' }, { headers: { 'retry-after': '2' } }],
  ])('status: %s answers %i', async (peer, code, headers, params) => {
    await control.fault({ peer, kind: 'status', params: { status: code, ...params } });
    const address = { microsoft: simulators.microsoft, ovoc: simulators.ovoc, sbc }[peer];
    const reply = await call(`${address}/api/v1/status`, 'GET', { headers: admin });
    expect(reply.status).toBe(code);
    expect(reply.headers).toMatchObject(headers);
    expect(reply.body).toHaveProperty(peer === 'microsoft' ? 'error_description' : 'description');
  });

  it('status: 409 says what the vendor\'s device says, and nothing is applied', async () => {
    await control.fault({ peer: 'sbc', kind: 'status', params: { status: 409 }, times: 1 });
    expect((await sendScript(sbc, script)).body).toEqual({ description: 'Device is currently performing HA synchronization' });
    expect(await groups()).toEqual(['Teams-OC']);
  });

  it('status: is applied behind its back when asked to', async () => {
    await control.fault({ peer: 'sbc', kind: 'status', params: { status: 503, body: 'busy', applied: true }, times: 1 });
    expect(await sendScript(sbc, script)).toMatchObject({ status: 503, text: 'busy' });
    expect(await groups()).toEqual(['Teams-OC', 'A', 'B']);
  });

  it('html: answers a page', async () => {
    await control.fault({ peer: 'microsoft', kind: 'html' });
    const reply = await call(`${simulators.microsoft}/common/.well-known/openid-configuration`);
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(reply.text).toContain('<html>');
  });

  it.each([
    ['script-failure', {}, 'failure', ['Teams-OC']],
    ['script-failure', { applied: true }, 'failure', ['Teams-OC', 'A', 'B']],
    ['no-status', {}, undefined, ['Teams-OC', 'A', 'B']],
    ['fail-at-line', { line: 7 }, 'failure', ['Teams-OC', 'A']],
    ['table-full', {}, 'failure', ['Teams-OC']],
    ['table-full', { table: 'proxy-set' }, 'success', ['Teams-OC', 'A', 'B']],
    ['forget-rows', {}, 'success', ['Teams-OC']],
  ])('%s %j: the script\'s status is %s', async (kind, params, wanted, left) => {
    await control.fault({ peer: 'sbc', id: 5, kind, params, times: 1 });
    const reply = await sendScript(sbc, script);
    expect([reply.status, reply.body?.['status']]).toEqual([200, wanted]);
    if (wanted === 'failure') expect(reply.body?.['output']).toMatch(/error|full/i);
    expect(await groups()).toEqual(left);
  });

  it.each([
    [{}, 'failure', ['Teams-OC', 'A', 'B']],
    [{ table: 'proxy-set' }, 'success', ['Teams-OC', 'B']],
  ])('rows-locked %j: the script that removes a row ends with the status %s', async (params, wanted, left) => {
    await control.fault({ peer: 'sbc', id: 5, kind: 'rows-locked', params });
    expect((await sendScript(sbc, script)).body?.['status']).toBe('success');
    expect((await sendScript(sbc, 'configure voip\nno ip-group A\nexit\n')).body?.['status']).toBe(wanted);
    expect(await groups()).toEqual(left);
  });

  it('forget-parameter: the script succeeds and one parameter of its rows is not kept', async () => {
    await control.fault({ peer: 'sbc', id: 5, kind: 'forget-parameter', params: { table: 'ip-group', parameter: 'type' }, times: 1 });
    expect((await sendScript(sbc, 'configure voip\nip-group new\nname F\ntype user\nexit\nexit\n')).body?.['status']).toBe('success');
    const { running } = await control.tables(5);
    expect(running['ip-group']?.find(({ name }) => name === 'F')).toEqual({ index: expect.any(Number), name: 'F' });
  });

  it('reboot-before-save: the save succeeds and the rows are gone', async () => {
    await control.fault({ peer: 'sbc', kind: 'reboot-before-save', times: 1 });
    await sendScript(sbc, script);
    expect(await groups()).toHaveLength(3);
    expect((await save()).status).toBe(200);
    expect(await groups()).toEqual(['Teams-OC']);
  });

  it('reboot-before-save with a time: the save gets no answer and the device is away', async () => {
    await control.fault({ peer: 'sbc', kind: 'reboot-before-save', params: { ms: 50 }, times: 1 });
    await sendScript(sbc, script);
    await expect(save()).rejects.toThrow();
    await until(async () => await status().catch(() => undefined));
    expect(await groups()).toEqual(['Teams-OC']);
  });

  it('hold-before: a restart forgets what was held', async () => {
    await control.fault({ peer: 'sbc', kind: 'hold-before', match: { method: 'PUT' } });
    const sent = sendScript(sbc, script).catch(() => 'lost');
    const { seq } = await control.arrived(({ held }) => held === true);
    await call(`${sbc}/api/v1/actions/reset`, 'POST', { headers: admin });
    expect(await sent).toBe('lost');
    await control.post('/release');
    await control.arrived((entry) => entry.seq === seq && entry.held === false);
    await until(async () => await status().catch(() => undefined));
    expect(await groups()).toEqual(['Teams-OC']);
    expect((await control.log()).some((entry) => entry.seq === seq && entry.appliedAt !== undefined)).toBe(false);
  });

  it('duplicate: OVOC creates twice and names the first', async () => {
    await control.fault({ peer: 'ovoc', kind: 'duplicate', times: 1 });
    const url = `${simulators.ovoc}/ovoc/v1/topology/lcCustomers`;
    const { body } = await sendJson(url, 'POST', { name: 'Twin', tenantId: 1 }, operator);
    const list = await call(`${url}?detail=1&filter=(name='Twin')`, 'GET', { headers: operator });
    expect((list.body?.['lcCustomers'] as { id: number }[]).map(({ id }) => id)).toEqual([body?.['id'], Number(body?.['id']) + 1]);
  });

  it('invisible: what was created can be read only later', async () => {
    const url = `${simulators.ovoc}/ovoc/v1/topology/lcCustomers`;
    const created = async (ms: number) => {
      await control.fault({ peer: 'ovoc', kind: 'invisible', params: { ms }, times: 1 });
      const { body } = await sendJson(url, 'POST', { name: 'Late', tenantId: 1 }, operator);
      return () => call(`${url}/${String(body?.['id'])}`, 'GET', { headers: operator });
    };
    const [soon, late] = [await created(30), await created(60_000)];
    await until(async () => (await soon()).status === 200);
    expect((await late()).status).toBe(404);
  });

  it('meets only the calls that fit, and as many as it should', async () => {
    await control.fault({ peer: 'sbc', id: 5, kind: 'status', match: { method: 'get', pathPrefix: '/api/v1/sta' }, times: 1, params: { status: 503 } });
    expect((await call(`${sbc}/api/v1/versions`, 'GET', { headers: admin })).status).toBe(200);
    expect((await status(simulators.sbcs['3'])).status).toBe(200);
    expect([(await status()).status, (await status()).status]).toEqual([503, 200]);
    expect((await control.get('/faults')).body).toMatchObject([{ kind: 'status', met: 1 }]);
  });

  it('meets about as many calls as its probability says, the same ones for the same seed', async () => {
    const answers = async () => {
      const other = await startSimulators({ seed: 7, sbcIds: [9] });
      const chance = new ControlClient(other.control);
      await chance.fault({ peer: 'sbc', kind: 'status', probability: 0.3, params: { status: 503 } });
      const seen: number[] = [];
      for (let at = 0; at < 60; at += 1) seen.push((await status(other.sbcs['9'])).status);
      await other.close();
      return seen;
    };
    const first = await answers();
    expect(first.filter((code) => code === 503).length).toBeGreaterThan(8);
    expect(first.filter((code) => code === 503).length).toBeLessThan(30);
    expect(await answers()).toEqual(first);
  });

  it.each([
    [{ peer: 'nobody', kind: 'stall' }, /peer must be/],
    [{ peer: 'sbc', kind: 'sleep' }, /kind must be/],
    [{ peer: 'ovoc', kind: 'no-status' }, /is a fault of sbc/],
    [{ peer: 'ovoc', id: 1, kind: 'stall' }, /only an SBC/],
    [{ peer: 'sbc', kind: 'stall', times: 0 }, /times must be/],
    [{ peer: 'sbc', kind: 'stall', probability: 2 }, /probability must be/],
    [{ peer: 'sbc', kind: 'stall', params: { ms: 1 } }, /has no member ms/],
    [{ peer: 'sbc', kind: 'latency', params: { ms: '1' } }, /must be a number/],
    [{ peer: 'sbc', kind: 'stall', match: { path: '/' } }, /has no member path/],
    ['stall', /must be an object/],
  ])('are refused when they make no sense: %j', async (rule, message) => {
    const reply = await control.post('/faults', rule);
    expect(reply.status).toBe(400);
    expect(reply.body?.['description']).toMatch(message);
  });

  it('end with a reset, and held calls end without being carried out', async () => {
    await control.fault({ peer: 'sbc', kind: 'hold-before' });
    const sent = sendScript(sbc, script).catch(() => 'cut');
    await control.arrived(({ held }) => held === true);
    await control.post('/reset');
    expect(await sent).toBe('cut');
    expect(await groups()).toEqual(['Teams-OC']);
    expect((await control.get('/faults')).body).toEqual([]);
    expect((await status()).status).toBe(200);
  });
});
