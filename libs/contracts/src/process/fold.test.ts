import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { DeploymentEventMessage } from './steps.js';
import { fold, inOrder, withoutGaps } from './fold.js';
import { aDeploymentHistory, type HistoryName, historyNames } from './histories.testing.js';

const history = (name: HistoryName): DeploymentEventMessage[] => aDeploymentHistory(name);
const anyHistory = fc.constantFrom(...historyNames).map(history);

describe('fold', () => {
  it.each([
    ['deployed', 'Deployed', 4],
    ['sbc-failed', 'Failed', 4],
    ['ovoc-failed', 'Failed', 5],
    ['rejected', 'Rejected', 0],
    ['held', 'Held', 3],
    ['deleted', 'Deleted', 2],
    ['cleanup-required-then-failed', 'Failed', 5],
    ['rejected-then-deployed', 'Deployed', 4],
  ] as const)('ends the history %s as %s with %i progress entries', (name, state, entries) => {
    const deployment = fold(history(name));
    expect(deployment?.state).toBe(state);
    expect(deployment?.progress).toHaveLength(entries);
  });

  it('gives the same answer for any order of arrival and any duplicates', () => {
    fc.assert(fc.property(
      anyHistory.chain((events) => fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.constantFrom(...events), { maxLength: 12 }),
      )),
      ([events, shuffled, again]) => {
        expect(fold([...again, ...shuffled, ...again])).toEqual(fold(events));
      },
    ));
  });

  it('shows a beginning of the whole progress for every beginning of the history', () => {
    fc.assert(fc.property(anyHistory, fc.nat(20), (events, n) => {
      const whole = fold(events)?.progress ?? [];
      const begun = fold(inOrder(events).slice(0, n))?.progress ?? [];
      expect(whole.slice(0, begun.length)).toEqual(begun);
    }));
  });

  it('is undefined without events', () => {
    expect(fold([])).toBeUndefined();
  });

  it('lets a late event of an old round take its old place and change nothing after it', () => {
    const events = history('sbc-failed');
    const late = history('deployed').filter((event) => event.type === 'trunkline.sbc.onboarded.v1');
    expect(fold([...events, ...late])?.state).toBe('Failed');
  });

  it('lets a later round stand after all of an earlier one, its outcome included', () => {
    const held = history('held');
    const [, created, onboarded] = history('deployed');
    const again = [created!, onboarded!].map((event) => ({ ...event, id: `again-${event.id}`, round: 2 }));
    const deployment = fold([...again, ...held]);
    expect(deployment).toMatchObject({ state: 'Synchronising', round: 2 });
    expect(deployment?.progress).toEqual([...held, ...again].flatMap(({ data }) => data.progress));
  });

  it('keeps the first of two outcomes of one round', () => {
    const deployed = history('deployed');
    const second = { ...deployed.at(-1)!, id: 'zzz', data: { ...deployed.at(-1)!.data, outcome: 'Failed' } } as DeploymentEventMessage;
    expect(fold([second, ...deployed])?.state).toBe('Deployed');
  });
});

describe('a view without gaps', () => {
  it('is the whole history when nothing is missing', () => {
    fc.assert(fc.property(anyHistory, (events) => {
      expect(withoutGaps(events)).toEqual(inOrder(events));
    }));
  });

  it('stops before the first event whose cause has not been seen', () => {
    const events = history('deployed');
    const missing = events.filter((event) => event.type !== 'trunkline.sbc.onboarded.v1');
    expect(fold(withoutGaps(missing))?.state).toBe('Programming');
  });
});
