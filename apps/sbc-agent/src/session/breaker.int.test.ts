import { SbcCleaned, SbcCleanupFailed, SbcOnboarded, SbcOnboardingFailed } from '@trunkline/contracts';
import { SystemClock } from '@trunkline/runtime';
import { LaneJobs } from '@trunkline/steps';
import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Customer, SessionBench } from './device-session.testing.js';

const open = `fault_count = 5, opened_at = now(), last_fault = 'ECONNREFUSED'`;
const shortTimes = { responseTimeoutMs: 500, deadlineMs: 500 };

let bench: SessionBench;
beforeAll(async () => {
  bench = await SessionBench.start();
});
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const wanted = async (sbc: number, ...names: string[]): Promise<Customer[]> => {
  const customers = names.map((name) => bench.newCustomer(sbc, name));
  for (const customer of customers) await bench.requestOnboarding(customer);
  return customers;
};
const attemptsOf = async (customer: Customer): Promise<number | undefined> => (await bench.jobsOf(customer))[0]?.attempts;
/** Until `seen` answers something, with no pause between attempts. */
const hurried = <T>(sbc: number, what: string, seen: () => Promise<T | false | undefined>): Promise<T> => eventually(what, async () => {
  await bench.skipPauses(sbc);
  return seen();
}, 20_000);

describe('a device that does not answer', () => {
  it('is left alone by all agents after five faults, and used again once a probe is answered', async () => {
    const sbc = bench.newSbc();
    const [first] = await wanted(sbc, 'Silent1');
    await bench.fault(sbc, 'refuse');
    bench.startAgent();
    bench.startAgent();
    const opened = await hurried(sbc, 'the breaker to open', async () => {
      const health = await bench.healthOf(sbc);
      return health.is_open && health;
    });
    expect(opened.fault_count).toBeGreaterThanOrEqual(5);
    expect(opened.last_fault).toBe('ECONNREFUSED');
    const used = await attemptsOf(first!);
    expect(used).toBe(5);

    const [second] = await wanted(sbc, 'Silent2');
    await hurried(sbc, 'two probes in vain', async () => (await bench.healthOf(sbc)).fault_count >= opened.fault_count + 2);
    expect(await attemptsOf(first!)).toBe(used);
    expect(await attemptsOf(second!)).toBe(0);

    await bench.postpone(first!);
    await bench.heal();
    const [[one], [other]] = await eventually('both jobs to end, of which one was put off for long', async () => {
      await bench.setLease(sbc, 'rest_until = NULL');
      const jobs = await Promise.all([bench.jobsOf(first!), bench.jobsOf(second!)]);
      return jobs.every(([job]) => job?.state === 'done') && jobs;
    }, 20_000);
    expect(one).toMatchObject({ outcome_type: SbcOnboarded.type, attempts: 6 });
    expect(other).toMatchObject({ outcome_type: SbcOnboarded.type, attempts: 1 });
    expect(await bench.healthOf(sbc)).toMatchObject({ is_open: false, fault_count: 0 });
  });

  it('is asked by one probe at a time, however many agents there are', async () => {
    const sbc = bench.newSbc();
    await bench.setLease(sbc, open);
    await bench.fault(sbc, 'stall', { what: 'status' });
    await wanted(sbc, 'Probed');
    for (let agent = 0; agent < 3; agent += 1) bench.startAgent(new SystemClock(), { responseTimeoutMs: 700 });
    await hurried(sbc, 'three probes in vain', async () => (await bench.healthOf(sbc)).fault_count >= 8);
    await bench.stopAgents();
    // Each probe ends under its own lease and is counted; one that overlapped another would have lost its lease and its count. The last may be cut off.
    const probes = await bench.calls(sbc, 'status');
    const { fault_count: faults } = await bench.healthOf(sbc);
    expect(probes.length - (faults - 5)).toBeLessThanOrEqual(1);
    expect(await bench.calls(sbc, 'reading')).toEqual([]);
  });

  it('is not one that answers with an error', async () => {
    const sbc = bench.newSbc();
    await bench.fault(sbc, 'status', { what: 'status', params: { status: 503 } });
    const [customer] = await wanted(sbc, 'Busy');
    bench.startAgent();
    await hurried(sbc, 'seven attempts', async () => (await attemptsOf(customer!) ?? 0) >= 7);
    expect(await bench.healthOf(sbc)).toMatchObject({ is_open: false, fault_count: 0 });
    await bench.heal();
    await hurried(sbc, 'the job to end', async () => (await bench.jobsOf(customer!))[0]?.state === 'done');
  });

  it('is not one that answers between four faults and four more', async () => {
    const sbc = bench.newSbc();
    bench.startAgent(new SystemClock(), { responseTimeoutMs: 700 });
    for (const name of ['Some1', 'Some2']) {
      // Not refused: on a connection that was kept, a call that is cut off is sent once more.
      await bench.fault(sbc, 'stall', { what: 'status', times: 4 });
      const [customer] = await wanted(sbc, name);
      await hurried(sbc, 'the job to end', async () => (await bench.jobsOf(customer!))[0]?.state === 'done');
      expect((await bench.jobsOf(customer!))[0]).toMatchObject({ attempts: 5, outcome_type: SbcOnboarded.type });
      // What a visit has shown is written down at its end, after the job's.
      await eventually('the count to begin anew', async () => (await bench.healthOf(sbc)).fault_count === 0);
      expect(await bench.healthOf(sbc)).toMatchObject({ is_open: false });
    }
  });
});

describe('work for a device whose breaker is open', () => {
  const silentDevice = async (): Promise<number> => {
    const sbc = bench.newSbc();
    await bench.fault(sbc, 'refuse');
    await bench.setLease(sbc, open);
    return sbc;
  };

  it('fails when its time is over, though it was never tried, and says why', async () => {
    const sbc = await silentDevice();
    const [customer] = await wanted(sbc, 'Waited');
    bench.startAgent(new SystemClock(), shortTimes);
    const [job] = await bench.jobsIn(customer!, 'done');
    expect(job?.outcome_type).toBe(SbcOnboardingFailed.type);
    expect(job?.outcome).toMatch(/"code":"SBC_CIRCUIT_OPEN","reason":"SBC unreachable: circuit breaker open since [-\d]+T[:.\d]+Z, last fault ECONNREFUSED"/);
  });

  it('fails when the time within which it could begin is over', async () => {
    const sbc = await silentDevice();
    const customer = bench.newCustomer(sbc, 'TooLate');
    await bench.requestOnboarding(customer, new Date(Date.now() - 1_000));
    bench.startAgent();
    const [job] = await bench.jobsIn(customer, 'done');
    expect(job?.outcome_type).toBe(SbcOnboardingFailed.type);
    expect(job?.outcome).toMatch(/"code":"START_BY_PASSED","reason":"[^"]*circuit breaker open/);
  });

  it('is undone at once where nothing was ever done', async () => {
    const sbc = await silentDevice();
    const [customer] = await wanted(sbc, 'Never');
    await bench.requestCleanup(customer!);
    bench.startAgent();
    const [, undo] = await bench.jobsIn(customer!, 'dropped', 'done');
    expect(undo?.outcome_type).toBe(SbcCleaned.type);
  });

  it('is told as not undone when that takes too long, so that nobody waits for ever', async () => {
    const sbc = bench.newSbc();
    const [customer] = await wanted(sbc, 'Stays');
    bench.startAgent();
    await bench.jobsIn(customer!, 'done');
    await bench.stopAgents();
    await bench.fault(sbc, 'refuse');
    await bench.setLease(sbc, open);
    await bench.requestCleanup(customer!);
    bench.startAgent(new SystemClock(), shortTimes);
    const [, undo] = await bench.jobsIn(customer!, 'done', 'done');
    expect(undo?.outcome_type).toBe(SbcCleanupFailed.type);
    expect(await bench.noteOf(customer!)).toBeDefined();
  });

  it('that a dead agent has left running is given back, and a closed one of it ends', async () => {
    const sbc = await silentDevice();
    const [left, closed] = await wanted(sbc, 'Left', 'LeftClosed');
    await new LaneJobs(bench.database).claim(bench.database, [String(sbc)], { limit: 2, fence: { name: 'anybody', holds: () => 'true' }, beside: { name: 'nothing', of: () => 'NULL' } });
    await bench.requestCleanup(closed!);
    bench.startAgent();
    await bench.jobsIn(closed!, 'dropped', 'done');
    await bench.jobsIn(left!, 'waiting');
  });

  it('takes no turn from other devices', async () => {
    const silent = await Promise.all(Array.from({ length: 6 }, async () => {
      const sbc = bench.newSbc();
      await bench.fault(sbc, 'stall');
      await bench.setLease(sbc, open);
      await wanted(sbc, `Stalled${sbc}`);
      return sbc;
    }));
    // More silent devices than the agent serves at a time.
    bench.startAgent();
    await eventually('a probe of each to be under way', async () => (await Promise.all(silent.map((sbc) => bench.calls(sbc, 'status')))).every((calls) => calls.length > 0));
    const [customer] = await wanted(bench.newSbc(), 'Lively');
    await eventually('the job of another device to end', async () => (await bench.jobsOf(customer!))[0]?.state === 'done', 2_000);
  });
});
