import { describe, expect, it } from 'vitest';
import type { OwnObjects, Seen, SiteJob } from './site-job.js';
import { chainOf, decideSite, isOurs, removableOf, surplusOf, wholeSite } from './site.decide.js';

const job: SiteJob = {
  customerGuid: '5d0a9d2e-8c1f-4b5a-9a44-0c5f8f1d2e3a', siteGuid: 'c1a5e1de-0000-4000-8000-000000000001', shortName: 'Northwind7', fullName: 'Northwind Traders',
  msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de', ovocCustomerType: 'IPGROUP_TYPE', sbc: { id: 5, ovocSbcId: 405, fqdn: 'sbc5.example.net' },
};
const given: SiteJob = { ...job, lcCustomerId: 3700 };
const none: OwnObjects = { lcCustomers: [], services: [], sites: [], links: [] };
const whole: OwnObjects = {
  lcCustomers: [{ id: 1, isInUse: false }], services: [{ id: 2, lcCustomerId: 1 }], sites: [{ id: 3, serviceId: 2 }], links: [{ id: 4, siteId: 3, ipGroupName: 'Northwind7' }],
};
const prerequisites = { devices: [{ id: 405 }] };

/** As the reading puts it together. */
function seen(own: OwnObjects, more: Partial<Seen> = {}, forJob = job): Seen {
  const ids = wholeSite(chainOf(forJob, own));
  return { own, foreign: [], prerequisites, ...(ids === undefined ? {} : { ids }), ...more };
}

describe('site decision', () => {
  it.each([
    ['writes when nothing is there', none, 'write'],
    ['is done when everything is there', whole, 'done'],
    ['cleans up when only the LC customer is there', { ...none, lcCustomers: whole.lcCustomers }, 'clean-then-write'],
    ['cleans up when the site is missing', { ...whole, sites: [], links: [] }, 'clean-then-write'],
    ['cleans up when the link is missing', { ...whole, links: [] }, 'clean-then-write'],
    ['cleans up when the link is for another IP Group', { ...whole, links: [{ id: 4, siteId: 3, ipGroupName: 'Northwind' }] }, 'clean-then-write'],
    ['cleans up when the site hangs on another service', { ...whole, sites: [{ id: 3, serviceId: 99 }] }, 'clean-then-write'],
    ['cleans up when the service is under an LC customer of somebody else', { ...whole, services: [{ id: 2, lcCustomerId: 99 }] }, 'clean-then-write'],
    ['writes once more when a twin has to go', { ...whole, links: [...whole.links, { id: 9, siteId: 3, ipGroupName: 'Northwind7' }] }, 'write'],
    ['is done when the twin of the LC customer has to stay for others', { ...whole, lcCustomers: [...whole.lcCustomers, { id: 9, isInUse: true }] }, 'done'],
    ['writes when all that is left has to stay for others', { ...none, lcCustomers: [{ id: 1, isInUse: true }] }, 'write'],
  ] as const)('%s', (_name, own, kind) => {
    expect(decideSite(job, seen(own)).kind).toBe(kind);
  });

  it.each([
    ['a device that OVOC does not have', job, { prerequisites: { devices: [] } }, 'OVOC_DEVICE_NOT_FOUND'],
    ['a device that two answer to', job, { prerequisites: { devices: [{ id: 1 }, { id: 2 }] } }, 'OVOC_DEVICE_NOT_FOUND'],
    ['an object with our id and another mark', job, { foreign: ['service 12 in OVOC'] }, 'OVOC_OBJECT_CONFLICT'],
    ['a channel that has gone', { ...job, channelId: 1574 }, {}, 'CHANNEL_NOT_FOUND'],
    ['a given LC customer that has gone', given, {}, 'LC_CUSTOMER_NOT_FOUND'],
    [
      'a given LC customer of another channel', { ...given, channelId: 1574 },
      { prerequisites: { ...prerequisites, channel: { id: 1574 }, lcCustomer: { id: 3700, channelId: 1575 } } }, 'CHANNEL_MISMATCH',
    ],
  ] as const)('refuses %s', (_name, forJob, more, code) => {
    expect(decideSite(forJob, seen(none, more, forJob))).toMatchObject({ kind: 'refuse', code });
  });

  it('is done whatever stands beside a whole site', () => {
    expect(decideSite(job, seen(whole, { foreign: ['service 12 in OVOC'] })).kind).toBe('done');
  });

  it('needs no LC customer of its own when one is given', () => {
    const own = { ...whole, lcCustomers: [], services: [{ id: 2, lcCustomerId: 3700 }] };
    expect(wholeSite(chainOf(given, own))).toEqual({ lcCustomerId: 3700, serviceId: 2, siteId: 3, linkId: 4 });
    expect(decideSite(given, seen(own, {}, given)).kind).toBe('done');
  });

  it('knows the link of a tenant customer by the tenant', () => {
    const tenantJob: SiteJob = { ...job, ovocCustomerType: 'TENANT_TYPE' };
    expect(decideSite(tenantJob, seen({ ...whole, links: [{ id: 4, siteId: 3, msTenantId: job.msTenantId.toUpperCase() }] }, {}, tenantJob)).kind).toBe('done');
    expect(decideSite(tenantJob, seen(whole, {}, tenantJob)).kind).toBe('clean-then-write');
  });
});

describe('twins in OVOC', () => {
  it('the oldest of each kind stays, and what hangs on a twin goes with it', () => {
    const own: OwnObjects = {
      lcCustomers: [{ id: 1, isInUse: false }, { id: 11, isInUse: false }],
      services: [{ id: 2, lcCustomerId: 1 }, { id: 12, lcCustomerId: 1 }],
      sites: [{ id: 3, serviceId: 2 }, { id: 13, serviceId: 12 }],
      links: [{ id: 4, siteId: 3, ipGroupName: 'Northwind7' }, { id: 14, siteId: 13, ipGroupName: 'Northwind7' }],
    };
    expect(surplusOf(job, own)).toEqual({ links: [14], sites: [13], services: [12], lcCustomers: [11] });
  });

  it('the LC customer that carries the service stays, even when it is not the oldest', () => {
    const own = { ...whole, lcCustomers: [{ id: 0, isInUse: false }, ...whole.lcCustomers] };
    expect(surplusOf(job, own)).toEqual({ links: [], sites: [], services: [], lcCustomers: [0] });
  });

  it('an LC customer in use by others is never removed', () => {
    expect(removableOf({ ...none, lcCustomers: [{ id: 1, isInUse: true }, { id: 2, isInUse: false }] }).lcCustomers).toEqual([2]);
  });
});

describe('the mark of the customer', () => {
  it.each([
    ['the GUID', job.customerGuid, true],
    ['the GUID in capitals', job.customerGuid.toUpperCase(), true],
    ['the GUID of another', 'fcc608c4-095b-4d1a-90e3-2106fc7024de', false],
    ['words that hold the GUID', `was ${job.customerGuid}`, false],
    ['nothing', '', false],
  ])('%s', (_name, description, expected) => {
    expect(isOurs(job, { id: 1, description })).toBe(expected);
    expect(isOurs(job, { id: 1 })).toBe(false);
  });
});
