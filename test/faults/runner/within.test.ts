import { describe, expect, it } from 'vitest';

import { within } from './within.js';

describe('a wait with a deadline', () => {
  it('is what the work comes to', async () => {
    expect(await within('an answer', 1_000, Promise.resolve(7))).toBe(7);
  });

  it('fails as the work fails', async () => {
    await expect(within('an answer', 1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('says what it waited for when that never comes', async () => {
    await expect(within('an answer', 20, new Promise(() => undefined))).rejects.toThrow('waited 20 ms in vain for an answer');
  });
});
