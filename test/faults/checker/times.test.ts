import { describe, expect, it } from 'vitest';

import type { Facts } from './facts.js';
import { call, pauseOf, refusedCall } from './facts.testing.js';
import { brokerFault, death, facts, finds, findsNothing, killFault, lateTakeOver, notTakenOver, pauseFault, sbcFault, type Harmless, type Planted } from './scenario.testing.js';
import { measure, spread } from './times.js';

const of = (what: RegExp, changes: Partial<Facts>) => measure(facts().with(changes).facts).find((each) => what.test(each.what))?.ms;
const recovery = { server: 'broker', fault: 'broker-killed', backAtMs: 5_000, readyAfterMs: 700, answeredAfterMs: 900, load: 1 } as const;
const readAt = (seq: number, atMs: number, id = 5) => ({ ...call(seq, atMs, atMs + 1), id, method: 'GET', path: '/api/v1/status' });

describe('the times of a run', () => {
  it('count a take-over from the death to the first call of another agent at each SBC', () => {
    const changes = { agentDeaths: [{ ...death, atMs: 1_000, sbcIds: [5, 4] }], calls: [call(1, 900, 950), readAt(2, 1_400), call(3, 2_500, 2_600)] };
    expect(of(/reads the SBC/, changes)).toEqual([400]);
    expect(of(/writes there/, changes)).toEqual([1_500]);
  });

  it('tell apart the take-overs that nothing else delayed', () => {
    const agentDeaths = [{ ...death, atMs: 1_000, sbcIds: [4, 5], owedSbcIds: [4, 5], restingSbcIds: [4] }];
    const changes = { agentDeaths, calls: [call(1, 1_400, 1_450), { ...call(2, 1_500, 1_550), id: 4 }] };
    expect(of(/reads the SBC/, changes)).toEqual([500, 400]);
    expect(of(/nothing else was on/, changes)).toEqual([400]);
  });

  it('count a take-over from a paused agent until another one reads the SBC', () => {
    const calls = [readAt(1, 10_900), call(2, 20_000, 20_010), readAt(3, 24_500), readAt(4, 25_000, 4), readAt(5, 30_001, 3)];
    expect(of(/stands still/, { calls, pauses: [pauseOf({ sbcIds: [3, 4, 5] })] })).toEqual([15_000, 14_500]);
    expect(of(/stands still/, { calls, pauses: [pauseOf({ toMs: 25_000 })] })).toEqual([]);
  });

  it('tell the recoveries of broker and database apart', () => {
    expect(of(/ready after the broker/, { recoveries: [recovery] })).toEqual([700]);
    expect(of(/answered after the broker/, { recoveries: [recovery] })).toEqual([900]);
    expect(of(/database/, { recoveries: [recovery] })).toEqual([]);
  });

  it('leave out what came much later', () => {
    expect(of(/reads the SBC/, { agentDeaths: [{ ...death, atMs: 0 }], calls: [call(1, 70_000, 70_010)] })).toEqual([]);
  });

  it.each([
    [[], undefined],
    [[7], { least: 7, median: 7, most: 7 }],
    [[9, 1, 5], { least: 1, median: 5, most: 9 }],
    [[4, 1, 2, 3], { least: 1, median: 2, most: 4 }],
  ])('are told by their smallest, middle and largest: %j', (ms, expected) => {
    expect(spread(ms)).toEqual(expected);
  });
});

const recovered = { ...recovery, backAtMs: 0, readyAfterMs: 0, answeredAfterMs: 0, load: 0.5 };
const refusedCalls = [call(1, 100, 120), refusedCall(2, 160)];

describe('the checker of how long things took', () => {
  it.each<Planted>([
    ['a take-over that came late', lateTakeOver(), 'unexpected', /killed in time/],
    ['a take-over that never came', lateTakeOver().with({ calls: [] }), 'unexpected', /killed in time/],
    ['a late take-over from one that was killed in its drain', lateTakeOver().with({
      agentDeaths: [{ ...death, cause: 'drain' }], faultTimes: [{ ...killFault, name: 'drain-sbc-agent-then-kill', family: 'drain' }], shutdowns: [{ instance: 'sbc-agent-1', atMs: 17_000, tookMs: 400 }],
    }), 'unexpected', /killed in time/],
    ['a late take-over beside a fault of another SBC', lateTakeOver().with({ faultTimes: [killFault, { ...sbcFault, sbcId: 4 }] }), 'unexpected', /killed in time/],
    ['a late take-over before which only messages were delayed', lateTakeOver().with({ faultTimes: [killFault, { ...brokerFault, family: 'messages' }] }), 'unexpected', /killed in time/],
    ['a late take-over long after a fault of the broker', lateTakeOver().with({ faultTimes: [killFault, { ...brokerFault, fromMs: 1, toMs: 2 }] }), 'unexpected', /killed in time/],
    ['a late take-over before a fault that came when it was late already', lateTakeOver().with({ faultTimes: [killFault, { ...brokerFault, fromMs: 22_050, toMs: 23_000 }] }), 'unexpected', /killed in time/],
    ['a broker that was back and nobody served', facts().with({ recoveries: [{ ...recovered, answeredAfterMs: 15_001 }] }), 'unexpected', /in time/],
    ['a database that was back and nobody served', facts().with({ recoveries: [{ ...recovered, server: 'database', answeredAfterMs: 10_001 }] }), 'unexpected', /in time/],
    ['a gateway that was ready late after the broker', facts().with({ recoveries: [{ ...recovered, readyAfterMs: 15_001 }] }), 'unexpected', /ready in time/],
    ['a gateway that was ready late after the database', facts().with({ recoveries: [{ ...recovered, server: 'database', readyAfterMs: 10_001 }] }), 'unexpected', /ready in time/],
    ['an SBC that nobody took over from one that stood still', notTakenOver(), 'unexpected', /stands still in time/],
    ['an SBC that was taken over late from one that stood still', notTakenOver().with({ calls: [...refusedCalls, readAt(3, 30_001)] }), 'unexpected', /stands still in time/],
    ['an SBC that one who stood still read again, and nobody else', notTakenOver().with({ calls: [...refusedCalls, readAt(3, 10_900), readAt(4, 31_001)] }), 'unexpected', /stands still in time/],
    ['a SIGTERM that was not obeyed in time', facts().with({ shutdowns: [{ instance: 'gateway-1', atMs: 0, tookMs: 25_001 }] }), 'unexpected', /SIGTERM/],
  ])('finds %s', finds);

  it.each<Harmless>([
    ['a late take-over on a machine that was busy', lateTakeOver().with({ agentDeaths: [{ ...death, load: 9 }] })],
    ['a late take-over of an SBC that was resting', lateTakeOver().with({ agentDeaths: [{ ...death, restingSbcIds: [5] }] })],
    ['a late take-over of an SBC that was owed nothing', lateTakeOver().with({ agentDeaths: [{ ...death, owedSbcIds: [] }] })],
    ['a late take-over beside a fault of the SBC', lateTakeOver().with({ faultTimes: [killFault, { ...sbcFault, sbcId: 5 }] })],
    ['a late take-over beside a fault of the broker', lateTakeOver().with({ faultTimes: [killFault, brokerFault] })],
    ['a late take-over just after a fault of the broker', lateTakeOver().with({ faultTimes: [killFault, { ...brokerFault, fromMs: 15_000, toMs: 18_000 }] })],
    ['a late take-over while another agent ended as well', lateTakeOver().with({ shutdowns: [{ instance: 'sbc-agent-2', atMs: 21_000, tookMs: 100 }] })],
    ['a late recovery on a machine that was busy', facts().with({ recoveries: [{ ...recovered, readyAfterMs: 15_001, answeredAfterMs: 15_001, load: 9 }] })],
    ['an SBC that was taken over from one that stood still', notTakenOver().with({ calls: [...refusedCalls, readAt(3, 29_999)] })],
    ['an SBC that nobody took over in too short a time', notTakenOver({ toMs: 30_000 })],
    ['an SBC without work that nobody took over', notTakenOver({ owedSbcIds: [] })],
    ['an SBC that rests and that nobody took over', notTakenOver({ restingSbcIds: [5] })],
    ['an SBC that nobody took over on a machine that was busy', notTakenOver({ load: 9 })],
    ['an SBC that nobody took over beside a fault of its', notTakenOver().with({ faultTimes: [pauseFault, { ...sbcFault, sbcId: 5 }] })],
    ['an SBC that nobody took over beside a fault of the broker', notTakenOver().with({ faultTimes: [pauseFault, brokerFault] })],
  ])('finds nothing wrong with %s', findsNothing);
});
