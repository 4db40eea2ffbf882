import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type HealthServer, startHealthServer } from './health-server.js';

describe('the health port of a service', () => {
  let server: HealthServer;
  let reasons: string[] = [];
  beforeAll(async () => { server = await startHealthServer(0, () => reasons); });
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
    ['/elsewhere', [], [404, '']],
  ])('answers %s with the reasons %j', async (path, given, expected) => {
    reasons = given;
    expect(await ask(path)).toEqual(expected);
  });

  it('offers nothing but reading', async () => {
    expect(await ask('/health/live', 'POST')).toEqual([405, '']);
  });
});
