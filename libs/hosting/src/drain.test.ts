import { createLogger } from '@trunkline/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Drain, withinDrain } from './drain.js';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('the end of a process', () => {
  let exits: unknown[];
  beforeEach(() => {
    vi.useFakeTimers();
    exits = [];
    vi.spyOn(process, 'exit').mockImplementation((code) => { exits.push(code); return undefined as never; });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const facts = ({ cutOff, endsInMs, isStopping }: Drain) => [isStopping, endsInMs, cutOff.aborted, exits.length];

  it('is not near until it is asked for', () => {
    const drain = new Drain(90_000, logger);
    vi.advanceTimersByTime(1_000_000);
    expect(facts(drain)).toEqual([false, null, false, 0]);
  });

  it('cuts off what runs after the drain, and comes 10 s later in any case', async () => {
    const drain = new Drain(90_000, logger);
    drain.ask('SIGTERM');
    await drain.asked;
    vi.advanceTimersByTime(89_999);
    expect(facts(drain)).toEqual([true, 1, false, 0]);
    vi.advanceTimersByTime(1);
    expect(facts(drain)).toEqual([true, 0, true, 0]);
    vi.advanceTimersByTime(9_999);
    expect(exits).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(exits).toEqual([1]);
  });

  it('that is asked for twice at once, by a terminal and by the program above, is asked for once', () => {
    const drain = new Drain(600_000, logger);
    drain.ask('SIGINT');
    vi.advanceTimersByTime(50);
    drain.ask('SIGTERM');
    expect(facts(drain)).toEqual([true, 599_950, false, 0]);
  });

  it('that is asked for again cuts off at once, and comes within 2 s', () => {
    const drain = new Drain(600_000, logger);
    drain.ask('SIGTERM');
    vi.advanceTimersByTime(5_000);
    drain.ask('SIGTERM');
    expect(facts(drain)).toEqual([true, 0, true, 0]);
    vi.advanceTimersByTime(2_000);
    expect(exits).toEqual([1]);
  });
});

describe('a part of a drain', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it.each([[5_000, 20_000, 5_000], [5_000, 2_000, 2_000]])('of %i ms in a drain that is over after %i is cut off after %i', async (partMs, drainMs, cutAfterMs) => {
    const whole = new AbortController();
    setTimeout(() => { whole.abort(); }, drainMs);
    const beganAtMs = Date.now();
    const stopped = withinDrain(partMs, whole.signal, (sooner) => new Promise((resolve) => { sooner.addEventListener('abort', () => { resolve(); }); }));
    await vi.advanceTimersToNextTimerAsync();
    await stopped;
    expect(Date.now() - beganAtMs).toBe(cutAfterMs);
  });
});
