import { TransientError } from '@trunkline/steps';
import { beforeEach, describe, expect, it } from 'vitest';
import { MicrosoftTenants, type TenantAnswer } from './microsoft-tenants.js';
import { CachedMicrosoftTenants } from './tenant-cache.js';

/** A tenant directory in memory whose answers come when the test lets them. */
class Directory extends MicrosoftTenants {
  readonly calls: { readonly id: string; readonly signal: AbortSignal; resolve(answer: TenantAnswer): void; reject(error: Error): void }[] = [];

  override find(id: string, signal: AbortSignal): Promise<TenantAnswer> {
    return new Promise((resolve, reject) => { this.calls.push({ id, signal, resolve, reject }); });
  }
}

const id = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';
const never = new AbortController().signal;
const valid = { kind: 'valid' } as const;

describe('memory of tenant answers', () => {
  let directory: Directory;
  let now: number;
  let tenants: CachedMicrosoftTenants;

  beforeEach(() => {
    directory = new Directory();
    now = 0;
    tenants = new CachedMicrosoftTenants(directory, { now: () => now, maxEntries: 2 });
  });

  async function ask(tenantId: string, answer: TenantAnswer = valid): Promise<boolean> {
    const before = directory.calls.length;
    const found = tenants.find(tenantId, never);
    directory.calls[before]?.resolve(answer);
    await found;
    return directory.calls.length > before;
  }

  it.each([
    ['a valid tenant just before 24 hours', valid, 24 * 3_600_000 - 1, false],
    ['a valid tenant after 24 hours', valid, 24 * 3_600_000, true],
    ['an unknown tenant just before a minute', { kind: 'not-found' }, 59_999, false],
    ['an unknown tenant after a minute', { kind: 'not-found' }, 60_000, true],
    ['a refused tenant after a minute', { kind: 'not-allowed', reason: 'other cloud' }, 60_000, true],
  ] as const)('%s', async (_name, answer, later, asksAgain) => {
    await ask(id, answer);
    now = later;
    expect(await ask(id, answer)).toBe(asksAgain);
  });

  it('takes the same id in any case for the same tenant', async () => {
    await ask(id);
    expect(await ask(id.toUpperCase())).toBe(false);
  });

  it('forgets the longest unused tenant when it is full', async () => {
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    expect(await ask('a')).toBe(false);
    expect(await ask('b')).toBe(true);
  });

  it('gives a failure to all who share the call and remembers nothing', async () => {
    const both = Promise.allSettled([tenants.find(id, never), tenants.find(id, never)]);
    directory.calls[0]!.reject(new TransientError('MS_TENANT_CHECK_UNAVAILABLE', 'down'));
    expect((await both).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(directory.calls).toHaveLength(1);
    expect(await ask(id)).toBe(true);
  });

  it('goes on for the others when one of them leaves', async () => {
    const leaving = new AbortController();
    const first = tenants.find(id, leaving.signal);
    const second = tenants.find(id, never);
    leaving.abort();
    await expect(first).rejects.toThrow(TransientError);
    expect(directory.calls[0]!.signal.aborted).toBe(false);
    directory.calls[0]!.resolve(valid);
    expect(await second).toEqual(valid);
  });

  it('starts a new call for a newcomer after all others have left', async () => {
    const leaving = new AbortController();
    const first = tenants.find(id, leaving.signal);
    leaving.abort();
    await expect(first).rejects.toThrow(TransientError);
    expect(directory.calls[0]!.signal.aborted).toBe(true);
    expect(await ask(id)).toBe(true);
  });
});
