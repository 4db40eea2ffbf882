import { expect, it } from 'vitest';

import { type Counts, roundTrip } from '../../apps/simulators/src/sbc/round-trip.testing.js';

const scripts = 20_000;

it('reads back what each of many scripts has set, in either print, and sees each change', { timeout: 3_600_000 }, () => {
  const counts: Counts = new Map();
  // The seeds go on where those of the unit run end.
  const wrong = Array.from({ length: scripts }, (_each, at) => roundTrip(1_001 + at, 1, counts)).flat();
  process.stdout.write(`${[...counts].map(([kind, count]) => `${String(count).padStart(7)} ${kind}`).join('\n')}\n${String(wrong.length).padStart(7)} wrong\n`);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(counts.get('scripts')).toBe(scripts);
});
