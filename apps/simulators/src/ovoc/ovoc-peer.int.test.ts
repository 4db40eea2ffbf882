import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { basic, call, ControlClient, operator, sendJson } from '../clients.testing.js';
import { startSimulators, type Simulators } from '../simulators.js';

const customerGuid = '0a6b1f6e-5c0d-4f8c-9f0e-6f8f6e6d0001';
const siteGuid = '0a6b1f6e-5c0d-4f8c-9f0e-6f8f6e6d0002';
const msTenantId = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';

describe('OVOC simulator', () => {
  let simulators: Simulators;
  let control: ControlClient;
  let root: string;

  beforeAll(async () => {
    simulators = await startSimulators();
    control = new ControlClient(simulators.control);
    root = `${simulators.ovoc}/ovoc/v1`;
  });
  beforeEach(() => control.post('/reset'));
  afterAll(() => simulators.close());

  const get = (path: string) => call(`${root}/${path}`, 'GET', { headers: operator });
  const remove = (resource: string, id: unknown) => call(`${root}/topology/${resource}/${String(id)}`, 'DELETE', { headers: operator });
  const post = (resource: string, value: unknown) => sendJson(`${root}/topology/${resource}`, 'POST', value, operator);
  const create = async (resource: string, value: unknown) => {
    const reply = await post(resource, value);
    expect(reply.status, reply.text).toBe(201);
    return Number(reply.body?.['id']);
  };
  const chain = async () => {
    const description = customerGuid;
    const lcCustomer = await create('lcCustomers', { name: 'Northwind7', tenantId: 1, channelId: 1574, msTenantId, description });
    const service = await create('services', {
      name: 'Northwind7', fullName: 'Northwind Traders', serviceId: customerGuid, lcCustomerId: lcCustomer, licenseType: 'ESSENTIALS', serviceSource: 'LTC',
      customerType: 'IPGROUP_TYPE', msTenantId, description,
    });
    const site = await create('sites', { name: 'Northwind7', serviceId: service, siteGuid, deviceId: 405, description });
    const link = await create('links', { name: 'Northwind7', siteId: site, deviceId: 405, linkType: 'IP_GROUP', ipGroupName: 'Northwind7', description });
    return { lcCustomer, service, site, link };
  };
  const list = async (resource: string, query: string) => (await get(`topology/${resource}?${query}`)).body?.[resource] as Record<string, unknown>[];

  it('creates the chain of a customer and counts what is attached', async () => {
    const { lcCustomer, service, site, link } = await chain();
    expect((await get(`topology/services/${service}`)).body).toMatchObject({
      id: service, type: 'SERVICE', serviceId: customerGuid, lcCustomerId: lcCustomer, attachedSites: [site], attachedLinks: [link], attachedDevices: [405],
      elementsCount: { total: 3, devices: 1, links: 1, sites: 1 }, applicationsStatus: { management: { serviceDeployStatus: 'DEPLOYED' } },
    });
    expect((await get(`topology/lcCustomers/${lcCustomer}`)).body).toMatchObject({ attachedServices: [service], channelId: 1574, description: customerGuid });
    expect((await get('topology/channels/1574')).body).toMatchObject({ servicesNumber: 1 });
  });

  it('answers a creation with id and address, with growing ids', async () => {
    const first = await post('lcCustomers', { name: 'A', tenantId: 1 });
    expect(first.body).toEqual({ id: expect.any(Number), url: `/ovoc/v1/topology/lcCustomers/${String(first.body?.['id'])}` });
    expect(await create('lcCustomers', { name: 'A', tenantId: 1 })).toBe(Number(first.body?.['id']) + 1);
  });

  it('takes a service as deployed only with a link', async () => {
    const { service, link } = await chain();
    expect((await remove('links', link)).status).toBe(200);
    expect((await get(`topology/services/${service}`)).body).toMatchObject({ applicationsStatus: { management: { serviceDeployStatus: 'NOT_DEPLOYED' } } });
  });

  it('deletes from the end of the chain only', async () => {
    const { lcCustomer, service, site, link } = await chain();
    for (const [resource, id] of [['lcCustomers', lcCustomer], ['services', service], ['sites', site]] as const) {
      const refused = await remove(resource, id);
      expect([refused.status, refused.body?.['description']]).toEqual([400, expect.stringContaining(`Entity with id ${id} can't be deleted`)]);
    }
    for (const [resource, id] of [['links', link], ['sites', site], ['services', service], ['lcCustomers', lcCustomer]] as const) {
      expect((await remove(resource, id)).status).toBe(200);
      const again = await remove(resource, id);
      expect([again.status, again.body]).toEqual([404, { description: `Entity with id ${id} not found` }]);
    }
    expect((await remove('devices', 405)).status).toBe(200);
  });

  it.each([
    ['by GUID', 'services', `filter=(serviceId='${customerGuid}')`, 1],
    ['by integer', 'lcCustomers', 'filter=(channelId=1574)', 2],
    ['by two conditions', 'lcCustomers', `filter=(msTenantId='${msTenantId}' and description='${customerGuid}')`, 1],
    ['by conditions with other spacing', 'lcCustomers', `filter=%28 channelId = 1574  AND tenantId = 1 %29`, 2],
    ['by host name', 'devices', 'filter=(fqdn=\'sbc5.example.net\')', 1],
    ['by id', 'devices', 'filter=(id=405)', 1],
    ['with nothing', 'devices', '', 3],
  ])('filters %s', async (_name, resource, query, count) => {
    await chain();
    expect(await list(resource, `detail=1&${query.replaceAll(' ', '%20')}`)).toHaveLength(count);
  });

  it.each([
    ['without parentheses', 'filter=name=\'x\''],
    ['on an unknown field', 'filter=(colour=\'x\')'],
    ['with a text for a number', 'filter=(channelId=\'1574\')'],
    ['with a number for a text', 'filter=(name=1)'],
    ['with an apostrophe too many', 'filter=(name=\'O\'Brien\')'],
    ['with or', 'filter=(tenantId=1 or tenantId=2)'],
    ['that ends early', 'filter=(tenantId=1 and )'],
  ])('refuses a filter %s', async (_name, query) => {
    const reply = await get(`topology/lcCustomers?detail=1&${query.replaceAll(' ', '%20')}`);
    expect([reply.status, reply.body?.['description']]).toEqual([400, expect.stringMatching(/^Invalid filter/)]);
  });

  it('lists id, description and address without detail, and what fields asks for', async () => {
    expect(await list('devices', 'filter=(id=405)')).toEqual([{ id: 405, description: null, url: '/ovoc/v1/topology/devices/405' }]);
    expect(await list('devices', 'filter=(id=405)&fields=fqdn,name')).toEqual([{ id: 405, name: 'sbc5', fqdn: 'sbc5.example.net' }]);
  });

  it.each([
    ['no-content', 204, undefined],
    ['no-body', 200, undefined],
    ['empty', 200, { sites: [] }],
  ])('answers an empty list in the form %s', async (emptyList, status, body) => {
    await control.post('/ovoc/settings', { emptyList });
    expect(await get('topology/sites?detail=1')).toMatchObject({ status, body });
  });

  it('answers empty lists in all forms when it was told nothing', async () => {
    const forms = await Promise.all(Array.from({ length: 30 }, async () => {
      const { status, text } = await get('topology/sites');
      return `${status} ${text}`;
    }));
    expect(new Set(forms)).toEqual(new Set(['204 ', '200 ', '200 {"sites":[]}']));
  });

  it.each([
    ['services', { name: 'x', serviceId: customerGuid, lcCustomerId: 3700 }, 404, 'Entity with id 3700 not found'],
    ['lcCustomers', { name: 'x', tenantId: 1, channelId: 9 }, 404, 'Entity with id 9 not found'],
    ['lcCustomers', { tenantId: 1 }, 400, 'Field name is missing'],
    ['lcCustomers', { name: 'x', tenantId: '1' }, 400, 'Field tenantId must be an integer'],
    ['lcCustomers', { name: 'x', tenantId: 1, msTenantId: 'x' }, 400, 'Field msTenantId must be a GUID'],
    ['lcCustomers', { name: 'x', tenantId: 1, colour: 'x' }, 400, 'Unknown field colour'],
    ['lcCustomers', [], 400, 'The body must be an object'],
  ])('refuses to create in %s from %j', async (resource, value, status, description) => {
    expect(await post(resource, value)).toMatchObject({ status, body: { description } });
  });

  it('wants the key that the type of a link needs', async () => {
    const { site } = await chain();
    const link = (value: object) => post('links', { name: 'x', siteId: site, deviceId: 405, ...value });
    expect((await link({ linkType: 'TENANT', ipGroupName: 'x' })).body).toEqual({ description: 'Field msTenantId is missing for a link of type TENANT' });
    expect((await link({ linkType: 'TENANT', msTenantId })).status).toBe(201);
    expect((await link({ linkType: 'OTHER' })).status).toBe(400);
  });

  it('shows LC customers as customers, and moves one to a channel', async () => {
    const { lcCustomer } = await chain();
    expect((await get(`topology/customers?filter=(id=${lcCustomer})`)).body).toHaveProperty('customers');
    const moved = await sendJson(`${root}/topology/customers/${lcCustomer}`, 'POST', { channelId: 1575 }, operator);
    expect([moved.status, moved.body?.['channelId']]).toEqual([200, 1575]);
    const read = await call(`${root}/topology/customers/${lcCustomer}`, 'PUT', { headers: operator });
    expect([read.status, read.body?.['channelId']]).toEqual([200, 1575]);
    expect(await sendJson(`${root}/topology/customers/3700`, 'PUT', {}, operator)).toMatchObject({ status: 404, body: { description: 'Entity with id 3700 not found' } });
  });

  it('shows new objects only after the delay it was told', async () => {
    await control.post('/ovoc/settings', { visibilityDelayMs: 60_000 });
    const { service } = await chain();
    expect((await get(`topology/services/${service}`)).status).toBe(404);
    expect(await list('services', 'detail=1') ?? []).toEqual([]);
    expect((await control.get('/ovoc')).body).toMatchObject({ services: [{ id: service }] });
  });

  it('lets what a customer has be taken away, and nothing else', async () => {
    await chain();
    const other = await create('lcCustomers', { name: 'Other', tenantId: 1, description: 'somebody' });
    expect((await control.post('/ovoc/forget', { description: customerGuid })).body).toEqual({ forgotten: 4 });
    expect((await control.get('/ovoc')).body).toMatchObject({ services: [], sites: [], links: [] });
    expect((await get(`topology/lcCustomers/${other}`)).status).toBe(200);
    expect((await control.post('/ovoc/forget', { description: customerGuid })).body).toEqual({ forgotten: 0 });
    expect((await control.post('/ovoc/forget', {})).status).toBe(400);
  });

  it('has one tenant with two regions, the devices, and a customer per channel', async () => {
    expect((await control.get('/ovoc')).body).toMatchObject({
      tenants: [{ id: 1, attachedRegions: [11, 12] }],
      devices: [3, 4, 5].map((id) => ({ id: 400 + id, fqdn: `sbc${id}.example.net` })),
      channels: [{ id: 1574 }, { id: 1575 }],
      lcCustomers: [{ channelId: 1574 }, { channelId: 1575 }],
      services: [],
    });
  });

  it.each([
    ['no account', {}, 'topology/devices', 401],
    ['a wrong account', basic('ovoc', 'wrong'), 'topology/devices', 401],
    ['an unknown path', operator, 'topology/planets', 404],
    ['an unknown object', operator, 'topology/devices/999', 404],
    ['rejected endpoints', operator, 'topology/rejectedEndpoints', 200],
    ['statistics', operator, 'topology/statistics/devices', 200],
    ['calls', operator, 'callsMonitor/calls', 200],
    ['software', operator, 'swManager/files', 200],
  ])('answers %s rightly', async (_name, headers, path, status) => {
    await control.post('/ovoc/settings', { emptyList: 'empty' });
    expect((await call(`${root}/${path}`, 'GET', { headers })).status).toBe(status);
  });
});
