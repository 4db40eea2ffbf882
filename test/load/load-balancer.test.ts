import { setTimeout as delay } from 'node:timers/promises';

import { ApplicationUnderTest, eventually, type HttpAnswer, HttpClient, Simulators } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { LoadBalancer } from './load-balancer.js';

const callers = 100;
const sbcIds = Array.from({ length: 34 }, (_unused, index) => index + 3);
const scriptMs = 2_000;
const checkEveryMs = 1_000;
/** Between two calls that begin while the gateway ends. */
const readEveryMs = 20;

interface Seen {
  /** Of the callers that waited when the gateway was asked to end. */
  readonly waiting: readonly HttpAnswer[];
  /** Of those that came until it was gone. */
  readonly reads: readonly HttpAnswer[];
}

/** A hundred callers wait at two gateways, and others come and go, while one of the gateways is asked to end. @throws when a connection fails */
async function stopOneOfTwo(shutdownDelayMs: number): Promise<Seen> {
  const simulators = await Simulators.start({ SIM_SBC_IDS: sbcIds.join(','), SIM_SCRIPT_TIME_MS: String(scriptMs) });
  const application = await ApplicationUnderTest.start({
    mode: 'one process per service on RabbitMQ', simulators,
    settings: { LOG_LEVEL: 'info', DRAIN_MS: '30000', SHUTDOWN_DELAY_MS: String(shutdownDelayMs), SBC_RESPONSE_TIMEOUT_MS: '30000', STEP_DEADLINE_MS: '600000', REDRIVE_AFTER_MS: '60000' },
  });
  const leaving = application.processOf('gateway');
  const { process: staying } = await application.startAnother('gateway');
  const addresses = await Promise.all([leaving, staying].map((gateway) => gateway.logged('its address', ({ url }) => (typeof url === 'string' ? url : undefined))));
  const balancer = await LoadBalancer.start(addresses, checkEveryMs);
  // Each has 64 connections.
  const clients = [0, 1, 2].map(() => new HttpClient(() => balancer.url));
  const [reader, ...creators] = clients as [HttpClient, HttpClient, HttpClient];
  try {
    await eventually('the load balancer to listen', () => reader.get('/api/v2/sbc/5').then(({ status }) => status === 200, () => false));
    const waiting = Promise.all(Array.from({ length: callers }, (_unused, index) => create(creators[index % creators.length] ?? reader, index)));
    waiting.catch(() => undefined);
    const jobs = async () => (await application.rows<{ n: number }>('SELECT count(*)::int AS n FROM sbc_agent.job'))[0]?.n;
    await eventually('all of them to wait', async () => await jobs() === callers, 30_000);
    leaving.signal('SIGTERM');
    const reads: Promise<HttpAnswer>[] = [];
    while (leaving.isRunning) {
      reads.push(reader.get('/api/v2/sbc/5'));
      await delay(readEveryMs);
    }
    expect(await leaving.ended).toEqual({ code: 0, signal: null });
    return { waiting: await waiting, reads: await Promise.all(reads) };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await balancer.stop();
    await application.stop();
    await simulators.stop();
  }
}

function create(client: HttpClient, index: number): Promise<HttpAnswer> {
  return client.post('/api/v2/customer', {
    shortName: `Balance${index}`, fullName: 'Balanced Ltd', siteLocation: { sbcId: sbcIds[index % sbcIds.length], sbcOnboardingScript: 7, sbcCleanupScript: 700 },
    ovocCustomerType: 'IPGROUP_TYPE', msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
  });
}

const statusesOf = (answers: readonly HttpAnswer[]): readonly number[] => [...new Set(answers.map(({ status }) => status))].toSorted();

describe('one of two gateways behind HAProxy is asked to end while 100 callers wait', () => {
  it('with a delay of twice the time between health checks nobody is turned away', async () => {
    const { reads, waiting } = await stopOneOfTwo(2 * checkEveryMs);
    process.stdout.write(`${waiting.length} waiting callers and ${reads.length} others answered\n`);
    expect(statusesOf(waiting)).toEqual([200]);
    expect(waiting.map(({ json }) => (json as { deploymentState: string }).deploymentState)).toEqual(waiting.map(() => 'Deployed'));
    expect(statusesOf(reads)).toEqual([200]);
    // Otherwise the others would not have come while it served on, and closed its port.
    expect(reads.length).toBeGreaterThan(2 * checkEveryMs / readEveryMs);
  });

  it('without one those that wait are answered, and some that come are turned away', async () => {
    const { reads, waiting } = await stopOneOfTwo(0);
    expect([statusesOf(waiting), statusesOf(reads)]).toEqual([[200], [200, 503]]);
  });
});
