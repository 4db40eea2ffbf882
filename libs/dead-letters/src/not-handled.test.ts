import {
  CustomerCreated, CustomerDeleteRequested, decode, type DeploymentEventMessage, encode, type Message, messageOf, OvocCleanupRequested, OvocSiteCreated,
  SbcCleanupRequested, SbcCleaned, SbcOnboarded,
} from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { notHandled } from './not-handled.js';

const time = '2026-03-01T12:00:00.000Z';
const ticket = {
  provider: 'default', origin: 'gateway.a', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', siteGuid: 'c1c7c5f4-2f3e-4d43-a1f0-2b8f0f6f7e44',
  shortName: 'Northwind7', fullName: 'Northwind Traders Ltd', msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', ovocCustomerType: 'IPGROUP_TYPE' as const,
  sbc: { id: 3, ovocSbcId: 403, fqdn: 'sbc3.example.net' },
};
const envelope = { id: 'e-1', source: 'test', subject: '7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11', time, round: 2, sequence: 3, step: 'test' };
const pinned = { id: 7, version: 1, text: 'configure voip' };
const facts = { ticket, progress: [] };
const undo = { ...facts, closesRound: 1, cause: 'Failed' as const };
const events: readonly DeploymentEventMessage[] = [
  messageOf(CustomerCreated, { ...envelope, data: { ...facts, script: { onboarding: pinned, cleanup: pinned, values: {} }, startBy: time } }),
  messageOf(SbcOnboarded, { ...envelope, data: facts }),
  messageOf(OvocSiteCreated, { ...envelope, data: { ...facts, ovoc: { lcCustomerId: 1, serviceId: 2, siteId: 3, linkId: 4 } } }),
  messageOf(OvocCleanupRequested, { ...envelope, data: undo }),
  messageOf(SbcCleanupRequested, { ...envelope, data: undo }),
  messageOf(SbcCleaned, { ...envelope, data: facts }),
];
const eventOf = (key: string): DeploymentEventMessage => {
  const found = events.find(({ type }) => type === `trunkline.${key}.v1`);
  if (!found) throw new Error(`no ${key}`);
  return found;
};

describe('a message that a service gives up', () => {
  it.each([
    ['sbc-agent', 'customer.created', 'sbc.onboarding.failed'],
    ['sbc-agent', 'sbc.cleanup.requested', 'sbc.cleanup.failed'],
    ['ovoc-sync', 'sbc.onboarded', 'ovoc.sync.failed'],
    ['ovoc-sync', 'ovoc.cleanup.requested', 'ovoc.cleanup.failed'],
  ] as const)('of the %s, %s: is told as %s, the same each time and readable by everybody', (service, key, outcome) => {
    const event = eventOf(key);
    const told = notHandled(service, event, time);
    expect(told?.message).toMatchObject({
      type: `trunkline.${outcome}.v1`, subject: event.subject, round: event.round, sequence: 0, source: `trunkline/${service}`,
      data: { code: 'MESSAGE_NOT_HANDLED', reason: expect.stringContaining(event.data.ticket.shortName) as string },
    });
    expect(decode(encode(told?.message as Message))).toMatchObject({ ok: true });
    expect(notHandled(service, event, time)).toEqual(told);
  });

  it.each(['sbc.onboarded', 'ovoc.site.created', 'sbc.cleaned'])('of the provisioner, %s: is told to nobody', (key) => {
    expect(notHandled('provisioner', eventOf(key), time)).toBeUndefined();
  });

  it('refuses a request to the gateway that waits, and tells nobody when none does', () => {
    const { customerGuid } = eventOf('customer.created').data.ticket;
    const request = (origin: { origin?: string }) => messageOf(
      CustomerDeleteRequested, { id: 'r-1', source: 'test', subject: customerGuid, time, data: { customerGuid, caller: 'c', provider: 'p', ...origin } },
    );
    const told = notHandled('provisioner', request({ origin: 'gateway.a' }), time);
    expect(told).toMatchObject({ origins: ['gateway.a'], message: { data: { requestId: 'r-1', status: 500, errorCode: 'MESSAGE_NOT_HANDLED' } } });
    expect(decode(encode(told?.message as Message))).toMatchObject({ ok: true });
    expect(notHandled('provisioner', request({}), time)).toBeUndefined();
  });
});
