import { describe, expect, it } from 'vitest';

import { BackgroundLoop, idle, pauseAfter } from './background.js';
import { createLogger } from './logger.js';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('a task in the background', () => {
  it.each([
    ['what had something to do', { intervalMs: 1_000, isIdle: false, pauseMs: 4_000 }, 1_000],
    ['the first idle run', { intervalMs: 1_000, isIdle: true, pauseMs: 0 }, 1_000],
    ['the second', { intervalMs: 1_000, isIdle: true, pauseMs: 1_000 }, 2_000],
    ['the fourth and all others', { intervalMs: 1_000, isIdle: true, pauseMs: 4_000 }, 4_000],
    ['an idle run of one that runs seldom anyway', { intervalMs: 60_000, isIdle: true, pauseMs: 60_000 }, 60_000],
  ])('rests after %s', (_what, run, pauseMs) => {
    expect(pauseAfter(run)).toBe(pauseMs);
  });

  it('runs at once when it is woken, and once more when it was woken while it ran', async () => {
    const waiting = new Map<number, () => void>();
    const run = (which: number) => new Promise<void>((resolve) => { waiting.set(which, resolve); });
    const [first, third] = [run(1), run(3)];
    let count = 0;
    const loop: BackgroundLoop = new BackgroundLoop('test', 3_600_000, async () => {
      count += 1;
      if (count === 2) loop.wake();
      waiting.get(count)?.();
      return Promise.resolve(idle);
    }, logger);
    loop.start();
    await first;
    loop.wake();
    await third;
    await loop.stop();
    expect(count).toBe(3);
  });
});
