import { describe, expect, it } from 'vitest';

import { type Counts, roundTrip } from './round-trip.testing.js';

describe('a script of any tables, run on a device and read back', () => {
  it('is complete in the print of either profile, and not after any one change of it', { timeout: 60_000 }, () => {
    const counts: Counts = new Map();
    const wrong = Array.from({ length: 200 }, (_each, seed) => roundTrip(seed + 1, 1, counts)).flat();
    expect(wrong).toEqual([]);
    expect([counts.get('scripts'), counts.get('complete'), (counts.get('changed prints A') ?? 0) + (counts.get('changed prints B') ?? 0)]).toEqual([200, 400, 400]);
  });
});
