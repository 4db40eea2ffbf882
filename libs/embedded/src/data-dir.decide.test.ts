import { describe, expect, it } from 'vitest';

import { resolveDataDir } from './data-dir.decide.js';

describe('the data folder', () => {
  it.each([
    ['is .data in the checkout', {}, '/srv/checkout/.data'],
    ['is .data in the checkout for root too when PostgreSQL can get there', { isRoot: true }, '/srv/checkout/.data'],
    ['is a system folder for root when PostgreSQL cannot get into the checkout', { isRoot: true, isCheckoutReachable: false }, '/var/lib/trunkline'],
    ['stays in the checkout for an ordinary user, who runs PostgreSQL in person', { isCheckoutReachable: false }, '/srv/checkout/.data'],
    ['is the configured one before all others', { configured: '/var/data', isRoot: true, isCheckoutReachable: false }, '/var/data'],
    ['is read from the checkout when the configured one is relative', { configured: 'state' }, '/srv/checkout/state'],
    ['is the default when the setting is empty', { configured: '' }, '/srv/checkout/.data'],
  ])('%s', (_name, facts, expected) => {
    expect(resolveDataDir({ checkoutDir: '/srv/checkout', isRoot: false, isCheckoutReachable: true, ...facts })).toBe(expected);
  });
});
