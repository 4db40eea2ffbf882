import { randomBytes } from 'node:crypto';

import { ServiceProcess } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

describe('a gateway that has never been connected', () => {
  it('ends with 0 when it is asked to', async () => {
    const gateway = ServiceProcess.start('gateway', { AMQP_URL: 'amqp://127.0.0.1:1', HTTP_PORT: '0', SECRETS_KEY: randomBytes(32).toString('base64') });
    await gateway.logged('that it has started', ({ msg }) => (msg === 'service started' ? true : undefined));
    expect(await gateway.stop(), gateway.lastLines(5)).toEqual({ code: 0, signal: null });
  });
});
