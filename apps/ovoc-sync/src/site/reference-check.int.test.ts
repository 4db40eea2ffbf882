import { PermanentError } from '@trunkline/steps';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RestOvoc } from '../ovoc/ovoc.rest.js';
import { OvocServer } from './ovoc-server.testing.js';
import { ReferenceCheck } from './reference-check.js';

const signal = new AbortController().signal;

describe('references of a request', () => {
  let server: OvocServer;
  let ovoc: RestOvoc;

  beforeEach(async () => {
    server = new OvocServer();
    ovoc = new RestOvoc({ baseUrl: await server.start(), user: 'u', password: 'p' });
    server.plant('channels', { id: 1574, tenantId: 1 });
    server.plant('channels', { id: 1575, tenantId: 1 });
    server.plant('lcCustomers', { id: 3700, name: 'Northwind', channelId: 1574 });
    server.plant('lcCustomers', { id: 3701, name: 'Southwind' });
  });

  afterEach(async () => {
    await ovoc.close();
    await server.stop();
  });

  it.each([
    ['nothing named', {}, []],
    ['a channel that exists', { channelId: 1574 }, []],
    ['an LC customer that exists', { lcCustomerId: 3700 }, []],
    ['an LC customer of its channel', { channelId: 1574, lcCustomerId: 3700 }, []],
    ['an unknown channel', { channelId: 9 }, ['channelId CHANNEL_NOT_FOUND']],
    ['an unknown LC customer', { lcCustomerId: 9 }, ['lcCustomerId LC_CUSTOMER_NOT_FOUND']],
    ['both unknown, both reported', { channelId: 9, lcCustomerId: 9 }, ['channelId CHANNEL_NOT_FOUND', 'lcCustomerId LC_CUSTOMER_NOT_FOUND']],
    ['an LC customer of another channel', { channelId: 1575, lcCustomerId: 3700 }, ['channelId CHANNEL_MISMATCH']],
    ['an LC customer of no channel', { channelId: 1575, lcCustomerId: 3701 }, ['channelId CHANNEL_MISMATCH']],
  ])('%s', async (_name, asked, expected) => {
    const problems = await new ReferenceCheck(ovoc).checkReferences(asked, signal);
    expect(problems.map(({ field, code }) => `${field} ${code}`)).toEqual(expected);
  });

  it('is no answer when OVOC can not be asked', async () => {
    server.faults.push({ method: 'GET', resource: 'channels', kind: { status: 401, description: '' } });
    await expect(new ReferenceCheck(ovoc).checkReferences({ channelId: 1574 }, signal)).rejects.toThrow(PermanentError);
  });
});
