import { createLogger } from '@trunkline/runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { ClaimedJob } from './job.js';
import { type JobHandler, JobRunner } from './job-runner.js';
import type { JobStore } from './job-store.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const options = { holder: 'me', concurrency: 4, claimMs: 60_000, callMs: 0, random: () => 0.5 };
let ids = 0;
const newJob = (): ClaimedJob => {
  const id = String(ids++);
  return {
    id, messageId: id, kind: 'test', isUndo: false, deploymentId: 'd', customerGuid: id, round: 1, lane: '', payload: '{}', attempt: 1, epoch: '1', elapsedMs: 0,
    isTooLate: false, isTakenOver: false, lastNote: undefined,
  };
};

/** Something that a test waits for, or lets happen. */
class Signal<T = void> {
  come!: (value: T) => void;
  readonly came = new Promise<T>((resolve) => { this.come = resolve; });
}

/** A store of which only claims are asked. */
class Claims {
  /** Of the first result it was given. */
  readonly finished = new Signal<string>();
  constructor(readonly claim: (options: { limit: number }) => Promise<ClaimedJob[]>) {}
  readonly onWork = (): void => undefined;
  readonly claimFor = (): void => undefined;
  readonly idle = (): Promise<void> => Promise.resolve();
  readonly renew = (): Promise<Set<string>> => Promise.resolve(new Set());
  readonly finish = ({ kind }: { kind: string }): Promise<boolean> => {
    this.finished.come(kind);
    return Promise.resolve(true);
  };
}

function runnerOf(claims: Claims, run: () => Promise<undefined>, more: { afterClaim?: () => Promise<void>; concurrency?: number } = {}): JobRunner {
  const limits = { maxAttempts: 3, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 1, lookAfterMs: 1, maxBugs: 3 };
  const handler: JobHandler = { limits: () => limits, run, failed: () => Promise.resolve(undefined) };
  return new JobRunner(claims as unknown as JobStore, new Map([['test', handler]]), { ...options, ...more }, logger);
}

/** What is under way in this process goes on. */
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

describe('the room of a job runner', () => {
  it('is not used by an intake while a claim is asked for it', async () => {
    let asked = 0;
    let running = 0;
    const [isAsked, mayAnswer, areBegun, mayEnd] = [new Signal(), new Signal(), new Signal(), new Signal()];
    const claims = new Claims(async ({ limit }) => {
      if (asked++ > 0) return [];
      isAsked.come();
      await mayAnswer.came;
      return Array.from({ length: limit }, newJob);
    });
    const runner = runnerOf(claims, async () => {
      running += 1;
      if (running === options.concurrency) areBegun.come();
      await mayEnd.came;
      return undefined;
    });
    runner.start();
    await isAsked.came;
    const reserved = runner.reserve(10);
    runner.adopt(reserved, Array.from({ length: reserved }, newJob), performance.now());
    mayAnswer.come();
    await areBegun.came;
    expect([reserved, running]).toEqual([0, options.concurrency]);
    mayEnd.come();
    await runner.stop(AbortSignal.timeout(1_000));
  });

  it('is used at once when an intake has kept it for nothing', async () => {
    const isAsked = new Signal();
    let isBegun = false;
    const waiting: ClaimedJob[] = [];
    const runner = runnerOf(new Claims(() => {
      isAsked.come();
      return Promise.resolve(waiting.splice(0));
    }), () => {
      isBegun = true;
      return Promise.resolve(undefined);
    });
    runner.start();
    await isAsked.came;
    await turn();
    const reserved = runner.reserve(10);
    waiting.push(newJob());
    runner.wake();
    await turn();
    runner.adopt(reserved, [], performance.now());
    // Long before the next poll.
    for (let turns = 0; turns < 5 && !isBegun; turns += 1) await turn();
    expect(isBegun).toBe(true);
    await runner.stop(AbortSignal.timeout(1_000));
  });
});

describe('the room that jobs of a job runner leave', () => {
  afterEach(() => { vi.useRealTimers(); });

  it('is claimed for when it is enough for several, else a moment later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const limits: number[] = [];
    const ends: Signal[] = [];
    const runner = runnerOf(new Claims(({ limit }) => {
      limits.push(limit);
      return Promise.resolve(Array.from({ length: limit }, newJob));
    }), () => {
      const end = new Signal();
      ends.push(end);
      return end.came.then(() => undefined);
    }, { concurrency: 16 });
    const end = async (count: number): Promise<void> => {
      for (const each of ends.splice(0, count)) each.come();
      for (let turns = 0; turns < 5; turns += 1) await turn();
    };
    runner.start();
    await end(0);
    await end(1);
    expect(limits).toEqual([16]);
    vi.advanceTimersByTime(50);
    await end(7);
    expect(limits).toEqual([16, 1]);
    await end(1);
    expect(limits).toEqual([16, 1, 8]);
    const stopped = runner.stop();
    await end(16);
    await stopped;
  });
});

it('a job runner tries a job again when what it does after a claim has failed', async () => {
  const waiting = [newJob()];
  const claims = new Claims(() => Promise.resolve(waiting.splice(0)));
  const runner = runnerOf(claims, () => Promise.resolve(undefined), { afterClaim: () => Promise.reject(new Error('terminating connection')) });
  runner.start();
  expect(await claims.finished.came).toBe('again');
  await runner.stop(AbortSignal.timeout(1_000));
});
