import { ConfigurationError } from '@trunkline/runtime';
import { describe, expect, it } from 'vitest';

import { isLoopback, readGatewayConfiguration } from './gateway.config.js';

const needed = { AMQP_URL: 'amqp://localhost', SECRETS_KEY: Buffer.alloc(32, 1).toString('base64') };
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readGatewayConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
};

describe('the configuration of the gateway', () => {
  it('has a default for all that can have one', () => {
    expect(readGatewayConfiguration(needed)).toEqual({
      ...needed, HTTP_HOST: '127.0.0.1', HTTP_PORT: 8080, BASE_PATH: '', AMQP_NAME_PREFIX: '', SYNC_WAIT_MS: 60_000, DRAIN_MS: 15_000, SHUTDOWN_DELAY_MS: 0, LOG_LEVEL: 'info',
    });
  });

  it('reports every problem at once and never shows a secret', () => {
    const problems = problemsOf({ HTTP_PORT: '70000', BASE_PATH: 'api/', SYNC_WAIT_MS: '-1', SECRETS_KEY: 'too short', AMQP_URL: 'http://user:hush@x' });
    expect(problems.map((line) => /^[A-Z_]+/.exec(line)?.[0]).sort()).toEqual(['AMQP_URL', 'BASE_PATH', 'HTTP_PORT', 'SECRETS_KEY', 'SYNC_WAIT_MS']);
    expect(problems.join()).not.toMatch(/hush|too short/);
  });

  it.each([
    [{ DRAIN_MS: '999' }, ['DRAIN_MS']], [{ DRAIN_MS: '1000' }, []], [{ DRAIN_MS: '600000' }, []], [{ DRAIN_MS: '600001' }, ['DRAIN_MS']],
    [{ SHUTDOWN_DELAY_MS: '-1' }, ['SHUTDOWN_DELAY_MS']], [{ SHUTDOWN_DELAY_MS: '15000' }, []], [{ SHUTDOWN_DELAY_MS: '15001' }, ['SHUTDOWN_DELAY_MS']],
    [{ DRAIN_MS: '30000', SHUTDOWN_DELAY_MS: '30000' }, []], [{ DRAIN_MS: '5000', SHUTDOWN_DELAY_MS: '6000', HTTP_PORT: '70000' }, ['HTTP_PORT', 'SHUTDOWN_DELAY_MS']],
  ])('ends with the times %j: problems %j', (times, names) => {
    expect(problemsOf({ ...needed, ...times }).map((line) => /^[A-Z_]+/.exec(line)?.[0]).sort()).toEqual(names);
  });

  it.each([
    ['/voice', true], ['/voice/v1', true], ['', true], ['/', false], ['voice', false], ['/voice/', false], ['/a b', false], ['/:x', false],
  ])('base path "%s" is allowed: %s', (BASE_PATH, isAllowed) => {
    expect(problemsOf({ ...needed, BASE_PATH }).length === 0).toBe(isAllowed);
  });

  it.each([
    ['127.0.0.1', true], ['127.1.2.3', true], ['::1', true], ['localhost', true], ['0.0.0.0', false], ['::', false], ['10.0.0.1', false],
  ])('%s is a loopback address: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
