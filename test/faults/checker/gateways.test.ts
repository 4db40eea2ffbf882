import { describe, expect, it } from 'vitest';

import type { Attempt } from './facts.js';
import { goodFacts } from './facts.testing.js';
import { countGateways } from './gateways.js';

const attempt = (gateway: string, status?: number): Attempt => ({ atMs: 0, gateway, tookMs: 1, ...(status === undefined ? {} : { status }) });

describe('how callers meet two gateways', () => {
  it.each([
    ['the other one answers', [attempt('gateway-1'), attempt('gateway-2', 200)], 1],
    ['the same one answers later', [attempt('gateway-1'), attempt('gateway-1', 200)], 0],
    ['the other one refuses for now', [attempt('gateway-1'), attempt('gateway-2', 503)], 0],
    ['the first one had said no for now', [attempt('gateway-1', 503), attempt('gateway-2', 200)], 0],
    ['nobody answers', [attempt('gateway-1'), attempt('gateway-2')], 0],
  ] as const)('is counted where %s', (_what, attempts, count) => {
    const [request] = goodFacts().requests;
    const asked = ['gateway-1', 'gateway-2'].flatMap((name) => attempts.filter(({ gateway }) => gateway === name).length || []);
    const text = countGateways({ actions: [], returned: [], requests: [{ ...request!, attempts }] });
    expect(text).toMatch(new RegExp(`${asked.join('.*')}; .* ${count}$`));
  });
});
