import { describe, expect, it } from 'vitest';

import { call, goodFacts, pauseOf } from './facts.testing.js';
import { measure, spread } from './times.js';

const facts = goodFacts();
const of = (what: RegExp, changes: Partial<typeof facts>) => measure({ ...facts, ...changes }).find((each) => what.test(each.what))?.ms;
const death = { instance: 'sbc-agent-1', atMs: 0, sbcIds: [5], holder: 'a', cause: 'kill', owedSbcIds: [5], restingSbcIds: [], load: 1 };
const recovery = { server: 'broker', fault: 'broker-killed', backAtMs: 5_000, readyAfterMs: 700, answeredAfterMs: 900, load: 1 } as const;

describe('the times of a run', () => {
  it('count a take-over from the death to the first call of another agent at each SBC', () => {
    const read = { ...call(2, 1_400, 1_401), method: 'GET', path: '/api/v1/status' };
    const changes = { agentDeaths: [{ ...death, atMs: 1_000, sbcIds: [5, 4] }], calls: [call(1, 900, 950), read, call(3, 2_500, 2_600)] };
    expect(of(/reads the SBC/, changes)).toEqual([400]);
    expect(of(/writes there/, changes)).toEqual([1_500]);
  });

  it('tell apart the take-overs that nothing else delayed', () => {
    const agentDeaths = [{ ...death, atMs: 1_000, sbcIds: [4, 5], owedSbcIds: [4, 5], restingSbcIds: [4] }];
    const changes = { agentDeaths, calls: [call(1, 1_400, 1_450), { ...call(2, 1_500, 1_550), id: 4 }] };
    expect(of(/reads the SBC/, changes)).toEqual([500, 400]);
    expect(of(/nothing else was on/, changes)).toEqual([400]);
  });

  it('count a take-over from one that stands still until another agent reads the SBC, while it can not do so itself', () => {
    const readAt = (seq: number, atMs: number, id = 5) => ({ ...call(seq, atMs, atMs + 1), id, method: 'GET', path: '/api/v1/status' });
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
    expect(of(/reads the SBC/, { agentDeaths: [death], calls: [call(1, 70_000, 70_010)] })).toEqual([]);
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
