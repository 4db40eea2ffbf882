import { describe, expect, it } from 'vitest';

import { examplePairs } from '../../devices/example-pairs.js';
import { siteRows } from '../checker/site-rows.js';
import { planLoad } from './load.js';
import { Random } from './random.js';

const plan = (seed: number) => planLoad(new Random(seed), { count: 100, withinMs: 50_000, sbcIds: [3, 4, 5], tenants: ['a', 'b'], examples: examplePairs });

describe('the load of a run', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(8)).not.toEqual(plan(7));
  });

  it.each([7, 8, 20_423])('has its share of deletes and cancels of what may still run, also by two at once (seed %i)', (seed) => {
    const hindrances = plan(seed).flatMap(({ hindrance }) => hindrance ?? []);
    const of = (kind: 'delete' | 'cancel') => hindrances.filter((hindrance) => hindrance.kind === kind);
    expect([of('delete').length, of('cancel').length]).toEqual([8, 5]);
    for (const kind of ['delete', 'cancel'] as const) expect(of(kind).filter(({ isTwice }) => isTwice).length).toBeGreaterThan(0);
    expect(hindrances.every(({ afterMs }) => afterMs >= 0 && afterMs <= 3_000)).toBe(true);
  });

  it.each([7, 8, 20_423])('has as many customers with every example as with the first pair (seed %i)', (seed) => {
    const scripts = plan(seed).map(({ order: { body } }) => body.siteLocation.sbcOnboardingScript);
    const pairs = [7, ...examplePairs.map(({ id }) => id)];
    for (const pair of pairs) expect([7, 8]).toContain(scripts.filter((script) => script === pair).length);
    for (const script of scripts) expect(siteRows({ script, shortName: 'Load1' }).length).toBeGreaterThan(0);
  });
});
