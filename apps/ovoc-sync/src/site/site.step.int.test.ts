import { SystemClock } from '@trunkline/runtime';
import { OutcomeUnknownError, PermanentError, runStep } from '@trunkline/steps';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownDevices } from '../ovoc/known-devices.js';
import { RestOvoc } from '../ovoc/ovoc.rest.js';
import { type Fault, OvocServer } from './ovoc-server.testing.js';
import type { SiteJob } from './site-job.js';
import { SiteStep } from './site.step.js';

const customerGuid = '5d0a9d2e-8c1f-4b5a-9a44-0c5f8f1d2e3a';
const msTenantId = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';
const job: SiteJob = {
  customerGuid, siteGuid: 'c1a5e1de-0000-4000-8000-000000000001', shortName: 'O\'Hara-7', fullName: 'O\'Hara and Sons',
  msTenantId, ovocCustomerType: 'IPGROUP_TYPE', sbc: { id: 5, ovocSbcId: 405, fqdn: 'sbc5.example.net', address: '192.0.2.10' },
};
const neighbour: SiteJob = { ...job, customerGuid: '7b1c0d5e-2222-4b4c-8d8e-1d2e3f4a5b00', siteGuid: 'c1a5e1de-0000-4000-8000-000000000002', shortName: 'O\'Hara' };
const signal = new AbortController().signal;

const resources = ['lcCustomers', 'services', 'sites', 'links'] as const;

let server: OvocServer;
let ovoc: RestOvoc;
let step: SiteStep;

beforeEach(async () => {
  server = new OvocServer();
  ovoc = new RestOvoc({ baseUrl: await server.start(), user: 'u', password: 'p' });
  step = new SiteStep(ovoc, new KnownDevices(ovoc, new SystemClock()), { ovocTenantId: 1 });
  server.plant('channels', { id: 1574, tenantId: 868 });
  server.plant('devices', { id: 405, fqdn: 'sbc5.example.net', ipAddress: '192.0.2.10' });
  server.plant('lcCustomers', { id: 3700, name: 'Given', channelId: 1574, msTenantId });
});

afterEach(async () => {
  await ovoc.close();
  await server.stop();
});

const standing = (description = customerGuid) => resources.map((resource) => server.table(resource).filter((item) => item['description'] === description).length);
const failure = (call: Promise<unknown>): Promise<unknown> => call.then(() => undefined, (reason: unknown) => reason);

describe('site step', () => {
  it('creates LC customer, service, site and link, each with the mark, and reports their ids', async () => {
    const end = await runStep(step.attempt(job), signal);
    const [lcCustomer, service, site, link] = resources.map((resource) => server.table(resource).at(-1)!);
    expect(end).toMatchObject({ kind: 'done', wasThere: false, seen: { ids: { lcCustomerId: lcCustomer!.id, serviceId: service!.id, siteId: site!.id, linkId: link!.id } } });
    expect(lcCustomer).toEqual({ id: lcCustomer!.id, name: 'O\'Hara-7', tenantId: 1, msTenantId, description: customerGuid });
    expect(service).toEqual({
      id: service!.id, name: 'O\'Hara-7', fullName: 'O\'Hara and Sons', serviceId: customerGuid, lcCustomerId: lcCustomer!.id, licenseType: 'ESSENTIALS',
      serviceSource: 'LTC', customerType: 'IPGROUP_TYPE', msTenantId, description: customerGuid,
    });
    expect(site).toEqual({ id: site!.id, name: 'O\'Hara-7', serviceId: service!.id, siteGuid: job.siteGuid, deviceId: 405, description: customerGuid });
    expect(link).toEqual({ id: link!.id, name: 'O\'Hara-7', siteId: site!.id, deviceId: 405, linkType: 'IP_GROUP', ipGroupName: 'O\'Hara-7', description: customerGuid });
    expect(server.writes()).toEqual(resources.map((resource) => `POST ${resource}`));
  });

  it('is asked for in nine calls when nothing can be there and its device is known', async () => {
    await runStep(step.attempt({ ...neighbour }), signal);
    const before = server.calls.length;
    expect(await runStep(step.attempt({ ...job, isUntried: true }), signal)).toMatchObject({ kind: 'done', wasThere: false });
    expect(server.calls.slice(before).map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'GET services', 'POST lcCustomers', 'POST services', 'POST sites', 'POST links',
      ...['GET lcCustomers', 'GET services', 'GET sites', 'GET links'],
    ]);
  });

  it('looks at everything when something is there although nothing can be', async () => {
    await runStep(step.attempt({ ...job }), signal);
    expect(await runStep(step.attempt({ ...job, isUntried: true }), signal)).toMatchObject({ kind: 'done', wasThere: true });
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it('reads back all that it has created, also of what nothing could be there', async () => {
    server.lateMs.set('sites', 60_000);
    expect(await failure(runStep(step.attempt({ ...job, isUntried: true }), signal))).toMatchObject({ code: 'OVOC_NOT_VISIBLE' });
  });

  it('asks again for a device that OVOC no longer knows, and creates all on the new one', async () => {
    await runStep(step.attempt({ ...neighbour }), signal);
    server.tables['devices'] = [];
    server.plant('devices', { id: 777, fqdn: 'sbc5.example.net', ipAddress: '192.0.2.10' });
    expect(await runStep(step.attempt({ ...job }), signal)).toMatchObject({ kind: 'done' });
    expect(server.table('sites').at(-1)).toMatchObject({ deviceId: 777 });
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it('remembers no device that was found by its name: another one may have the SBC\'s id by now', async () => {
    server.tables['devices'] = [];
    server.plant('devices', { id: 777, fqdn: 'sbc5.example.net', ipAddress: '192.0.2.10' });
    await runStep(step.attempt({ ...neighbour }), signal);
    server.plant('devices', { id: 405, fqdn: 'sbc5.example.net', ipAddress: '192.0.2.10' });
    await runStep(step.attempt({ ...job }), signal);
    expect(server.table('sites').map(({ deviceId }) => deviceId)).toEqual([777, 405]);
  });

  it('remembers no device that is not there', async () => {
    server.tables['devices'] = [];
    expect(await failure(runStep(step.attempt({ ...job }), signal).then((end) => { if (end.kind === 'refused') throw new Error(end.code); }))).toMatchObject({ message: 'OVOC_DEVICE_NOT_FOUND' });
    server.plant('devices', { id: 405, fqdn: 'sbc5.example.net', ipAddress: '192.0.2.10' });
    expect(await runStep(step.attempt({ ...job }), signal)).toMatchObject({ kind: 'done' });
  });

  it('links a tenant customer by its Microsoft tenant', async () => {
    await runStep(step.attempt({ ...job, ovocCustomerType: 'TENANT_TYPE' }), signal);
    expect(server.table('services').at(-1)).toMatchObject({ customerType: 'TENANT_TYPE' });
    expect(server.table('links').at(-1)).toMatchObject({ linkType: 'TENANT', msTenantId });
    expect(server.table('links').at(-1)).not.toHaveProperty('ipGroupName');
  });

  it('puts the LC customer into the tenant of its channel', async () => {
    await runStep(step.attempt({ ...job, channelId: 1574 }), signal);
    expect(server.table('lcCustomers').at(-1)).toMatchObject({ channelId: 1574, tenantId: 868 });
  });

  it('puts the service under a given LC customer and leaves that one alone in both directions', async () => {
    const givenJob = { ...job, lcCustomerId: 3700, channelId: 1574 };
    const before = structuredClone(server.tables['lcCustomers']);
    expect(await runStep(step.attempt(givenJob), signal)).toMatchObject({ kind: 'done', seen: { ids: { lcCustomerId: 3700 } } });
    expect(server.table('services').at(-1)).toMatchObject({ lcCustomerId: 3700 });
    await step.attempt(givenJob).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
    expect(server.tables['lcCustomers']).toEqual(before);
  });

  it('writes nothing when all is there already', async () => {
    await runStep(step.attempt(job), signal);
    const writes = server.writes().length;
    expect(await runStep(step.attempt({ ...job }), signal)).toMatchObject({ kind: 'done', wasThere: true });
    expect(server.writes()).toHaveLength(writes);
  });

  it.each(['no content', 'no body', 'empty'] as const)('takes %s for an empty list', async (form) => {
    server.emptyList = form;
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done', wasThere: false });
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
  });

  it('never puts a name into a filter', async () => {
    await runStep(step.attempt(job), signal);
    await step.attempt(job).undo(signal);
    expect(server.calls.filter((call) => call.includes('Hara'))).toEqual([]);
  });

  it('keeps two customers of one Microsoft tenant apart', async () => {
    await runStep(step.attempt(job), signal);
    await runStep(step.attempt(neighbour), signal);
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
    expect(standing(neighbour.customerGuid)).toEqual([1, 1, 1, 1]);
  });

  it.each([
    ['by the name when the id is another', { ...job, sbc: { ...job.sbc, ovocSbcId: 999 } }],
    ['by the address when the name is another', { ...job, sbc: { id: 5, fqdn: 'other.example.net', address: '192.0.2.10' } }],
  ])('finds the device %s', async (_name, forJob) => {
    await runStep(step.attempt(forJob), signal);
    expect(server.table('links').at(-1)).toMatchObject({ deviceId: 405 });
  });

  it('refuses an SBC that OVOC does not have, and creates nothing', async () => {
    const end = await runStep(step.attempt({ ...job, sbc: { id: 8, ovocSbcId: 408, fqdn: 'sbc8.example.net' } }), signal);
    expect(end).toMatchObject({ kind: 'refused', code: 'OVOC_DEVICE_NOT_FOUND' });
    expect(server.writes()).toEqual([]);
  });

  it('leaves a service of somebody else with the same GUID untouched', async () => {
    const foreign = server.plant('services', { serviceId: customerGuid, lcCustomerId: 3700, description: 'made by hand' });
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'refused', code: 'OVOC_OBJECT_CONFLICT' });
    await step.attempt(job).undo(signal);
    expect(server.table('services')).toEqual([foreign]);
    expect(server.writes()).toEqual([]);
  });
});

describe('site step in trouble', () => {
  it.each(resources)('is unknown when the answer to a creation of %s is lost; the next try leaves one of each', async (resource) => {
    server.faults.push({ method: 'POST', resource, kind: 'lose' });
    expect(await failure(runStep(step.attempt(job), signal))).toBeInstanceOf(OutcomeUnknownError);
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done' });
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it.each(resources)('is tried again when %s meets an error of the server, and leaves exactly one of each', async (resource) => {
    server.faults.push({ method: 'POST', resource, kind: { status: 500, description: 'boom' } });
    expect(await failure(runStep(step.attempt(job), signal))).toMatchObject({ name: 'OutcomeUnknownError', isAnswered: true });
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done' });
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it.each(resources)('fails for good when OVOC refuses %s, and the undo leaves nothing', async (resource) => {
    server.faults.push({ method: 'POST', resource, kind: { status: 400, description: 'no room' } });
    expect(await failure(runStep(step.attempt(job), signal))).toMatchObject({ name: 'PermanentError', message: 'OVOC rejected: no room' });
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
  });

  it.each(resources)('leaves exactly one of each when a creation of %s was carried out twice', async (resource) => {
    server.faults.push({ method: 'POST', resource, kind: 'twice' });
    const first = await failure(runStep(step.attempt(job), signal));
    if (first !== undefined) await runStep(step.attempt(job), signal);
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it('keeps the oldest of twins whose chain is whole', async () => {
    await runStep(step.attempt(job), signal);
    const oldest = server.table('links').at(-1)!;
    server.plant('links', { ...oldest, id: oldest.id + 100 });
    const end = await runStep(step.attempt(job), signal);
    expect(end).toMatchObject({ kind: 'done', seen: { ids: { linkId: oldest.id } } });
    expect(server.table('links')).toEqual([oldest]);
  });

  it('adopts its own object when OVOC says that it exists already', async () => {
    const attempt = step.attempt(job);
    const seen = await attempt.verify(signal);
    const lcCustomer = server.plant('lcCustomers', { name: job.shortName, msTenantId, description: customerGuid });
    server.faults.push({ method: 'POST', resource: 'lcCustomers', kind: { status: 409, description: 'LC customer already exists' } });
    await attempt.apply(seen, signal);
    expect(server.table('services').at(-1)).toMatchObject({ lcCustomerId: lcCustomer.id });
  });

  it('does not adopt what exists already and is somebody else\'s', async () => {
    server.faults.push({ method: 'POST', resource: 'lcCustomers', kind: { status: 409, description: 'LC customer already exists' } });
    const error = await failure(runStep(step.attempt(job), signal));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: 'OVOC_REJECTED', message: 'OVOC rejected: LC customer already exists' });
  });

  it('makes the chain anew when a parent has gone meanwhile', async () => {
    server.faults.push({ method: 'POST', resource: 'sites', kind: { status: 404, description: 'Entity with id 5003 not found' } });
    expect(await failure(runStep(step.attempt(job), signal))).toMatchObject({ name: 'TransientError', code: 'OVOC_PARENT_MISSING' });
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done' });
    expect(standing()).toEqual([1, 1, 1, 1]);
  });

  it('does not clean up what OVOC has created and does not show yet', async () => {
    const attempt = step.attempt(job);
    await attempt.apply(await attempt.verify(signal), signal);
    const link = server.table('links').at(-1)!;
    server.hidden.add(link.id);
    expect(await failure(attempt.verify(signal))).toMatchObject({ name: 'OutcomeUnknownError', code: 'OVOC_NOT_VISIBLE' });
    server.hidden.clear();
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done', wasThere: true, seen: { ids: { linkId: link.id } } });
  });

  it('says that OVOC is unreachable when it is', async () => {
    await server.stop();
    expect(await failure(runStep(step.attempt(job), signal))).toMatchObject({ name: 'TransientError', message: 'OVOC unreachable' });
    expect(await failure(step.attempt(job).undo(signal))).toMatchObject({ name: 'TransientError', message: 'OVOC unreachable' });
  });
});

describe('undo of a site', () => {
  it('removes children before parents', async () => {
    await runStep(step.attempt(job), signal);
    server.calls.length = 0;
    await step.attempt(job).undo(signal);
    expect(server.writes().map((call) => call.replace(/\/\d+/, ''))).toEqual(['DELETE links', 'DELETE sites', 'DELETE services', 'DELETE lcCustomers']);
    expect(standing()).toEqual([0, 0, 0, 0]);
  });

  it('looks once and sends nothing else when there is nothing to undo', async () => {
    await step.attempt(job).undo(signal);
    expect(server.calls.map((call) => call.split(' (')[0]).sort()).toEqual(['GET lcCustomers', 'GET services', 'GET sites']);
  });

  it('leaves the LC customer while others have services under it, and takes it at a later undo', async () => {
    await runStep(step.attempt(job), signal);
    const lcCustomer = server.table('lcCustomers').at(-1)!;
    await runStep(step.attempt({ ...neighbour, lcCustomerId: lcCustomer.id }), signal);
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([1, 0, 0, 0]);
    await step.attempt({ ...neighbour, lcCustomerId: lcCustomer.id }).undo(signal);
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
  });

  it('takes an LC customer that had to stay into use again', async () => {
    await runStep(step.attempt(job), signal);
    const lcCustomer = server.table('lcCustomers').at(-1)!;
    await runStep(step.attempt({ ...neighbour, lcCustomerId: lcCustomer.id }), signal);
    await step.attempt(job).undo(signal);
    expect(await runStep(step.attempt(job), signal)).toMatchObject({ kind: 'done', seen: { ids: { lcCustomerId: lcCustomer.id } } });
  });

  it('does not remove a site on which somebody else has put a link', async () => {
    await runStep(step.attempt(job), signal);
    const foreign = server.plant('links', { siteId: server.table('sites').at(-1)!.id, description: 'made by hand' });
    expect(await failure(step.attempt(job).undo(signal))).toMatchObject({ name: 'PermanentError', message: 'OVOC rejected: Entity has children' });
    expect(server.table('links')).toEqual([foreign]);
  });

  it.each(resources)('goes on after the answer to a removal of %s was lost', async (resource) => {
    await runStep(step.attempt(job), signal);
    server.faults.push({ method: 'DELETE', resource, kind: 'lose' });
    expect(await failure(step.attempt(job).undo(signal))).toBeInstanceOf(OutcomeUnknownError);
    await step.attempt(job).undo(signal);
    expect(standing()).toEqual([0, 0, 0, 0]);
  });

  it('does not say undone while OVOC still shows something', async () => {
    await runStep(step.attempt(job), signal);
    const keep: Fault = { method: 'DELETE', resource: 'lcCustomers', kind: 'keep' };
    server.faults.push(keep, keep);
    expect(await failure(step.attempt(job).undo(signal))).toMatchObject({ name: 'TransientError', code: 'OVOC_CLEANUP_INCOMPLETE' });
  });
});
