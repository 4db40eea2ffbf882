import { type CustomerCreateRequested, decode, encode, keyedDeploymentId } from '@trunkline/contracts';
import { SystemClock } from '@trunkline/runtime';
import { Secrets } from '@trunkline/secrets';
import { describe, expect, it } from 'vitest';

import { CustomerRequests } from './customer-requests.js';
import { parseCreateCustomer } from './input/parse-create-customer.js';

const secrets = new Secrets(Buffer.alloc(32, 1).toString('base64'));
const requests = new CustomerRequests(secrets, 'gateway.test', new SystemClock());
const everybody = { caller: 'default', provider: 'default' };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const body = {
  shortName: 'Northwind7', siteLocation: { sbcId: 3, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11',
};

async function requestOf(over: object, key?: string): Promise<CustomerCreateRequested> {
  const parsed = parseCreateCustomer({ ...body, ...over });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { message } = await requests.create(parsed.request, everybody, key, traceparent);
  return message as CustomerCreateRequested;
}

describe('the message of a create request', () => {
  it('keeps the rules of its class', async () => {
    const message = await requestOf({ scriptParameters: { CacProfile: '10 sessions', CarrierUserPassword: 'hush' }, Region: 'EMEA' });
    expect(decode(encode(message))).toMatchObject({ ok: true, message: { data: { origin: 'gateway.test', caller: 'default', request: { shortName: 'Northwind7', fullName: 'Northwind7' } } } });
    expect(message.traceparent).toBe(traceparent);
  });

  it('carries secrets and candidates sealed, the harmless built-ins in clear', async () => {
    const harmless = { CacProfile: '10 sessions', ProxySet: 'SIPTrunk', OnlinePstnGateway: 'a.example.net', CarrierUserName: 'u', CarrierMailLine: '1', CarrierHostName: 'h' };
    const message = await requestOf({ scriptParameters: { ...harmless, 'CarrierUserPassword': 'hush-hush', 'CustomVar.Variable1': 'hidden-1' }, OwnName: 'hidden-2' });
    expect(message.data.request.scriptParameters).toEqual(harmless);
    expect(message.data.request.candidates).toEqual({});
    expect(encode(message).toString()).not.toMatch(/hush-hush|hidden-1|hidden-2/);
    expect(await secrets.open(message.data.sealed!)).toEqual({
      scriptParameters: { 'CarrierUserPassword': 'hush-hush', 'CustomVar.Variable1': 'hidden-1' }, candidates: { OwnName: 'hidden-2' },
    });
  });

  it('has nothing sealed when there is nothing to hide', async () => {
    expect((await requestOf({ scriptParameters: { ProxySet: 'SIPTrunk' } })).data).not.toHaveProperty('sealed');
  });

  it('means the same deployment for the same key, and another one without', async () => {
    const [first, again, free] = await Promise.all([requestOf({}, 'k'), requestOf({}, 'k'), requestOf({})]);
    expect(first.subject).toBe(keyedDeploymentId('default', 'k'));
    expect(again.subject).toBe(first.subject);
    expect(free.subject).not.toBe(first.subject);
    expect(new Set([first.id, again.id, free.id]).size).toBe(3);
  });

  it.each<[string, object, boolean, object?]>([
    ['the same for the same request in other spellings', { siteLocation: [{ sbcid: '3', sbcOnboardingScript: 7, sbcCleanupScript: 700 }] }, true],
    ['the same whatever the order of its parameters', { scriptParameters: { ProxySet: 'b', CacProfile: 'a' } }, true, { scriptParameters: { CacProfile: 'a', ProxySet: 'b' } }],
    ['another one for another value', { fullName: 'Other' }, false],
    ['another one for another secret', { scriptParameters: { CarrierUserPassword: 'a' } }, false, { scriptParameters: { CarrierUserPassword: 'b' } }],
  ])('has a fingerprint that is %s', async (_name, over, isSame, other = {}) => {
    const [one, two] = await Promise.all([requestOf(over), requestOf(other)]);
    expect(one.data.fingerprint === two.data.fingerprint).toBe(isSame);
  });
});
