import { setTimeout as delay } from 'node:timers/promises';

import type { Run } from './closed-loop.js';

/** Calls at this rate, evenly, whether or not those before are answered. Latencies count from when a call was due. */
export async function openArrival<Result>(perSecond: number, seconds: number, one: () => Promise<Result>): Promise<Run<Result>> {
  const results: Result[] = [];
  const latenciesMs: number[] = [];
  const calls: Promise<void>[] = [];
  const startedAt = performance.now();
  const count = Math.max(Math.round(perSecond * seconds), 1);
  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + index * 1_000 / perSecond;
    const early = dueAt - performance.now();
    if (early > 0) await delay(early);
    calls.push(one().then((result) => {
      results.push(result);
      latenciesMs.push(performance.now() - dueAt);
    }));
  }
  await Promise.all(calls);
  return { results, latenciesMs, perSecond: count / ((performance.now() - startedAt) / 1_000) };
}
