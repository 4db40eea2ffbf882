import { setTimeout as delay } from 'node:timers/promises';

import { createLogger } from '@trunkline/runtime';
import { describe, expect, it } from 'vitest';

import type { ClaimedJob } from './job.js';
import { type JobHandler, JobRunner } from './job-runner.js';
import type { JobStore } from './job-store.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const options = { holder: 'me', concurrency: 4, claimMs: 60_000, callMs: 0, drainMs: 1_000, random: () => 0.5 };
let ids = 0;
const newJob = (): ClaimedJob => {
  const id = String(ids++);
  return {
    id, messageId: id, kind: 'test', isUndo: false, deploymentId: 'd', customerGuid: id, round: 1, lane: '', payload: '{}', attempt: 1, epoch: '1', elapsedMs: 0,
    isTooLate: false, isTakenOver: false, lastNote: undefined,
  };
};

/** A store of which only claims are asked; `finished` are the results it was given. */
class Claims {
  readonly finished: string[] = [];
  constructor(readonly claim: (options: { limit: number }) => Promise<ClaimedJob[]>) {}
  readonly onWork = (): void => undefined;
  readonly claimFor = (): void => undefined;
  readonly idle = (): Promise<void> => Promise.resolve();
  readonly renew = (): Promise<Set<string>> => Promise.resolve(new Set());
  readonly finish = ({ kind }: { kind: string }): Promise<boolean> => {
    this.finished.push(kind);
    return Promise.resolve(true);
  };
}

function runnerOf(claims: Claims, run: () => Promise<undefined>, more: { afterClaim?: () => Promise<void> } = {}): JobRunner {
  const limits = { maxAttempts: 3, deadlineMs: 60_000, backoffBaseMs: 1, backoffMaxMs: 1, lookAfterMs: 1, maxBugs: 3 };
  const handler: JobHandler = { limits: () => limits, run, failed: () => Promise.resolve(undefined) };
  return new JobRunner(claims as unknown as JobStore, new Map([['test', handler]]), { ...options, ...more }, logger);
}

describe('the room of a job runner', () => {
  it('is not used by an intake while a claim is asked for it', async () => {
    let [running, most, asked] = [0, 0, 0];
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => { answer = resolve; });
    const claims = new Claims(async ({ limit }) => {
      if (asked++ > 0) return [];
      await answered;
      return Array.from({ length: limit }, newJob);
    });
    const runner = runnerOf(claims, async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(20);
      running -= 1;
      return undefined;
    });
    runner.start();
    await delay(0);
    const reserved = runner.reserve(10);
    answer();
    runner.adopt(reserved, Array.from({ length: reserved }, newJob), performance.now());
    await delay(10);
    await runner.stop();
    expect(most).toBe(options.concurrency);
  });

  it('is used at once when an intake has kept it for nothing', async () => {
    let waiting: ClaimedJob[] = [];
    let begin = (): void => undefined;
    const begun = new Promise<string>((resolve) => { begin = () => { resolve('begun'); }; });
    const runner = runnerOf(new Claims(() => Promise.resolve(waiting.splice(0))), () => {
      begin();
      return Promise.resolve(undefined);
    });
    runner.start();
    await delay(10);
    const reserved = runner.reserve(10);
    waiting = [newJob()];
    runner.wake();
    await delay(10);
    runner.adopt(reserved, [], performance.now());
    expect(await Promise.race([begun, delay(500, 'not begun')])).toBe('begun');
    await runner.stop();
  });
});

it('a job runner tries a job again when what it does after a claim has failed', async () => {
  const waiting = [newJob()];
  const claims = new Claims(() => Promise.resolve(waiting.splice(0)));
  const runner = runnerOf(claims, () => Promise.resolve(undefined), { afterClaim: () => Promise.reject(new Error('terminating connection')) });
  runner.start();
  await delay(20);
  await runner.stop();
  expect(claims.finished).toEqual(['again']);
});
