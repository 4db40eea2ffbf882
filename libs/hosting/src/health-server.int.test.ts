import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type HealthServer, startHealthServer } from './health-server.js';

describe('the health port of a service', () => {
  let server: HealthServer;
  let reasons: string[] = [];
  const drain = { stopping: true, busyDevices: 2, longestMs: 41_000, drainEndsInMs: 38_000 };
  beforeAll(async () => { server = await startHealthServer(0, { reasons: () => reasons, drain: () => drain }); });
  afterAll(() => server.close());

  const ask = async (path: string, method: 'GET' | 'POST' = 'GET') => {
    const { body, statusCode } = await request(`http://127.0.0.1:${server.port}${path}`, { method });
    const text = await body.text();
    return [statusCode, text === '' ? '' : JSON.parse(text) as unknown];
  };

  it.each([
    ['/health/live', [], [200, { status: 'live' }]],
    ['/health/ready', [], [200, { status: 'ready' }]],
    ['/health/ready', ['RabbitMQ is connecting'], [503, { status: 'not ready', reasons: ['RabbitMQ is connecting'] }]],
    ['/health/live', ['RabbitMQ is connecting'], [200, { status: 'live' }]],
    ['/drain', ['stopping'], [200, drain]],
    ['/elsewhere', [], [404, '']],
  ])('answers %s with the reasons %j', async (path, given, expected) => {
    reasons = given;
    expect(await ask(path)).toEqual(expected);
  });

  it.each(['/health/live', '/drain'])('offers nothing but reading: %s', async (path) => {
    expect(await ask(path, 'POST')).toEqual([405, '']);
  });
});
