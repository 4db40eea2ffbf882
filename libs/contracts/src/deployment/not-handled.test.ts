import { describe, expect, it } from 'vitest';

import { CustomerDeleteRequested } from '../customer/customer-delete-requested.js';
import { decode, encode, messageOf } from '../message/codec.js';
import type { Message } from '../message/message.js';
import { aDeploymentHistory } from './histories.testing.js';
import type { DeploymentEventMessage } from './events.js';
import { notHandled } from './not-handled.js';

const time = '2026-03-01T12:00:00.000Z';
const failed = aDeploymentHistory('ovoc-failed');
const eventOf = (key: string): DeploymentEventMessage => {
  const found = failed.find(({ type }) => type === `trunkline.${key}.v1`);
  if (!found) throw new Error(`no ${key} in the history`);
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

  it.each(['sbc.onboarded', 'ovoc.sync.failed', 'sbc.cleaned'])('of the provisioner, %s: is told to nobody', (key) => {
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
