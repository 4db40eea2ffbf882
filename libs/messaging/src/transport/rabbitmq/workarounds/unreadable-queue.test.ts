import { describe, expect, it } from 'vitest';

import { silentLogger } from '../../transport-logger.js';
import { QueueRepair, type QueueSurgery } from './unreadable-queue.js';

type Finding = Awaited<ReturnType<QueueSurgery['examine']>>;

/** Looks at one queue again and again: at which second, and what is found. Answers the seconds at which it was removed. */
async function removedAt(looks: readonly (readonly [second: number, finding: Finding | 'all read' | Error])[]): Promise<readonly number[]> {
  const removed: number[] = [];
  let second = 0;
  let found: Finding | Error = 'unknown';
  const repair = new QueueRepair(silentLogger, {
    examine: () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found)),
    remove: async () => { removed.push(second); },
  }, () => second * 1_000);
  for (const [at, finding] of looks) {
    second = at;
    if (finding === 'all read') repair.allWell();
    else {
      found = finding;
      await repair.run(['orders']);
    }
  }
  return removed;
}

describe('a queue that can\'t be read', () => {
  it('is removed when it has been dead for half a minute, and not before', async () => {
    expect(await removedAt([[0, 'dead'], [10, 'dead'], [29, 'dead'], [30, 'dead']])).toEqual([30]);
  });

  it.each<[string, Finding | 'all read']>([
    ['is well in between', 'well'], ['is not known to be dead in between', 'unknown'], ['is read in between', 'all read'],
  ])('has its time from the start when it %s', async (_what, between) => {
    expect(await removedAt([[0, 'dead'], [20, between], [31, 'dead'], [50, 'dead'], [61, 'dead']])).toEqual([61]);
  });

  it('is left alone when it can\'t be looked at', async () => {
    expect(await removedAt([[0, new Error('no connection')], [60, new Error('no connection')], [90, 'unknown']])).toEqual([]);
  });
});
