import { describe, expect, it } from 'vitest';

import { call, pauseOf, refusedCall, saveCall } from './facts.testing.js';
import { facts, finds, findsNothing, type Harmless, type Planted } from './scenario.testing.js';
import { checkWriters, countExcusedWriters } from './writers.js';

const pauses = [pauseOf({ instance: 'sbc-agent-1', toMs: 20_000 }), pauseOf({ instance: 'sbc-agent-2' })];
const late = { calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180)], pauses };

describe('a write beside another one', () => {
  it('is put down to the agent that had just stood still', () => {
    expect(checkWriters(late)).toEqual([]);
    expect(countExcusedWriters(late)).toMatch(/ 1 \(sbc-agent-2 at SBC 5\)$/);
  });

  it('is not excused by the end of another pause', () => {
    const other = { ...late, pauses: pauses.slice(0, 1) };
    expect(checkWriters(other)).toHaveLength(1);
    expect(countExcusedWriters(other)).toMatch(/ 0$/);
  });
});

describe('the checker of one writer an SBC', () => {
  it.each<Planted>([
    ['two scripts at the same time', facts().with({ calls: [call(1, 100, 120), call(2, 110, 150)] }), 'unexpected', /one writer/],
    ['a save while a script still runs', facts().with({ calls: [call(1, 100, 140), saveCall(2, 120, 150)] }), 'unexpected', /one writer/],
    ['two scripts to an SBC that a paused agent did not hold', facts().with({ calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180)], pauses: [pauseOf({ sbcIds: [4] })] }), 'unexpected', /one writer/],
    ['two scripts after a pause, each beside another one', facts().with({
      calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), call(3, 30_400, 30_500), call(4, 30_450, 30_480)], pauses: [pauseOf()],
    }), 'unexpected', /one writer/],
    ['two scripts beside the one that a paused agent had begun to send', facts().with({ calls: [call(1, 30_100, 30_900), call(2, 30_150, 30_300), call(3, 30_200, 30_250)], pauses: [pauseOf()] }), 'unexpected', /one writer/],
    ['two scripts that both came later than a paused agent may have sent', facts().with({ calls: [call(1, 31_000, 31_900), call(2, 31_200, 31_800)], pauses: [pauseOf()] }), 'unexpected', /one writer/],
    ['a script while a save runs that its sender waits for', facts().with({ calls: [saveCall(1, 100, 150), call(2, 120, 130)] }), 'unexpected', /one writer/],
    ['a script after a save whose sender has gone, and another one', facts().with({ calls: [{ ...saveCall(1, 100, 150), goneAt: 110 }, call(2, 120, 140), call(3, 130, 160)] }), 'unexpected', /one writer/],
    ['a script within a longer one that others came before', facts().with({ calls: [call(1, 100, 200), call(2, 110, 120), call(3, 150, 160)] }), 'unexpected', /one writer/],
    ['a log of the peers that has a gap', facts().with({ calls: [call(1, 100, 120), call(3, 130, 150)] }), 'unexpected', /log is whole/],
    ['a log of the peers that lost its beginning', facts().with({ calls: [call(7, 100, 120)] }), 'unexpected', /log is whole/],
  ])('finds %s', finds);

  it.each<Harmless>([
    ['a script that was never applied while another one ran', facts().with({ calls: [call(1, 100, 200), call(2, 110, undefined), refusedCall(3, 160)] })],
    ['scripts to two SBCs at the same time', facts().with({ calls: [call(1, 100, 200), { ...call(2, 110, 150), id: 4 }, refusedCall(3, 160)] })],
    ['a script that a paused agent had begun to send', facts().with({
      calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180), refusedCall(3, 30_300)], pauses: [pauseOf()],
    })],
    ['a script that a paused agent had begun to send and that outlasts several', facts().with({
      calls: [call(1, 30_100, 33_000), call(2, 30_200, 30_300), call(3, 32_500, 32_900), refusedCall(4, 33_100)], pauses: [pauseOf()],
    })],
    ['a script to each of the SBCs that a paused agent held', facts().with({
      calls: [
        call(1, 30_100, 30_200), call(2, 30_150, 30_180), ...[call(3, 30_300, 30_500), call(4, 30_400, 30_450)].map((each) => ({ ...each, id: 4 })),
        refusedCall(5, 30_600),
      ],
      pauses: [pauseOf({ sbcIds: [4, 5] })],
    })],
    ['a script while a save runs whose sender has gone', facts().with({ calls: [{ ...saveCall(1, 100, 150), goneAt: 110 }, call(2, 120, 140), refusedCall(3, 160)] })],
    ['two saves at a time', facts().with({ calls: [saveCall(1, 100, 150), saveCall(2, 120, 140), refusedCall(3, 160)] })],
  ])('finds nothing wrong with %s', findsNothing);
});
