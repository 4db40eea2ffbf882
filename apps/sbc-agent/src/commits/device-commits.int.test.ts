import { randomUUID } from 'node:crypto';

import { messageOf, SbcOnboarded } from '@trunkline/contracts';
import { RefusedRowError } from '@trunkline/persistence';
import { createLogger, SystemClock } from '@trunkline/runtime';
import { type ClaimedJob, doneWith } from '@trunkline/steps';
import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { SessionBench } from '../session/device-session.testing.js';
import { JobReports } from '../site/job-reports.js';
import type { DeviceCommits, Taken, TurnTaken } from './device-commits.js';

const lockLease = 'SELECT 1 FROM sbc_agent.device_lease WHERE sbc_id = $1 FOR UPDATE';
const lockCustomer = 'SELECT pg_advisory_xact_lock(84114, hashtext($1))';
const ended = { isQuiet: true, isSaved: true, health: { faults: 0, failedVisits: 0, isOpen: false, change: 'none', restMs: 0 }, lastFault: undefined } as const;

let bench: SessionBench;
beforeAll(async () => {
  bench = await SessionBench.start();
});
afterEach(() => bench.reset());
afterAll(() => bench.stop());

async function taken(commits: DeviceCommits, sbcId: number): Promise<Taken> {
  const one = await commits.take(sbcId);
  if (!one) throw new Error(`SBC ${sbcId} could not be taken`);
  return one;
}

/** Two devices that are taken, with a job each. */
async function twoTaken(commits: DeviceCommits, name: string) {
  const sbcs = [bench.newSbc(), bench.newSbc()] as const;
  const customers = sbcs.map((sbc, index) => bench.newCustomer(sbc, `${name}${index}`));
  for (const customer of customers) await bench.requestOnboarding(customer);
  const [one, other] = await Promise.all(sbcs.map((sbc) => taken(commits, sbc)));
  return { sbcs, customers, one: one!, other: other! };
}

const customerGuid = randomUUID();
const script = (guid: string) => ({ customerGuid: guid, isUndo: false, jobId: undefined, writeForMs: 5_000 });
const note = (guid: string) => ({ customerGuid: guid, siteGuid: guid, sealedCleanup: '' });

describe('visits of several devices that come to the same point', () => {
  it('share a commit, and each has what is its own', async () => {
    const commits = await bench.commits();
    const { one, other, sbcs } = await twoTaken(commits, 'Shared');
    expect([one, other].map(({ jobs, lease }) => [lease.grant.sbcId, jobs.map(({ lane }) => lane)])).toEqual(sbcs.map((sbc) => [sbc, [String(sbc)]]));
    const [released] = one.jobs;
    const [first, second] = await Promise.all([
      commits.goOn(one.lease, [{ kind: 'released', job: released! }]), commits.end(other.lease, other.jobs.map((job) => ({ kind: 'released', job })), ended)]);
    // The job that was given back is due, and claimed in the same commit.
    expect(first).toMatchObject({ isHeld: true, stored: [true], next: [{ id: released?.id, attempt: 1 }] });
    expect(second).toMatchObject({ isHeld: true, stored: [true], next: [] });
    expect(await bench.leaseOf(sbcs[1])).toMatchObject({ holder: null });
  });

  it('store nothing of one whose device another agent has taken', async () => {
    const commits = await bench.commits();
    const { customers, one, other, sbcs } = await twoTaken(commits, 'Lost');
    await bench.takeOverLease(sbcs[0]);
    const guids = customers.map(({ ticket }) => ticket.customerGuid);
    expect(await Promise.all([one, other].map(({ lease }, index) => commits.announce(lease, script(guids[index]!), [note(guids[index]!)])))).toEqual(['lost', 'announced']);
    expect(await Promise.all(customers.map(async (customer) => await bench.noteOf(customer) !== undefined))).toEqual([false, true]);
    const results = [one, other].map(({ jobs }) => jobs.map((job) => ({ kind: 'again' as const, job, afterMs: 60_000, note: 'X: tried' })));
    const turns = await Promise.all([one, other].map(({ lease }, index) => commits.end(lease, results[index]!, ended)));
    expect(turns).toMatchObject([{ isHeld: false, stored: [false] }, { isHeld: true, stored: [true] }]);
    expect(await Promise.all(customers.map(async (customer) => (await bench.jobsOf(customer))[0]))).toMatchObject([{ state: 'running', note: null }, { state: 'waiting', note: 'X: tried' }]);
  });

  it('keep the undo note when the result that nothing is left could not be stored', async () => {
    const commits = await bench.commits();
    const sbcs = [bench.newSbc(), bench.newSbc()];
    const customers = sbcs.map((sbc, index) => bench.newCustomer(sbc, `Noted${index}`));
    for (const customer of customers) {
      await bench.note(customer, { cleanup: '', rows: [], removes: [], secrets: [] });
      await bench.requestCleanup(customer);
    }
    const visits = await Promise.all(sbcs.map((sbc) => taken(commits, sbc)));
    await bench.takeOverLease(sbcs[0]!);
    const reports = new JobReports({ clock: new SystemClock(), logger: createLogger({ service: 'test', level: 'silent' }), settings: { responseTimeoutMs: 1, deadlineMs: 1, maxAttempts: 1 } });
    await Promise.all(visits.map(({ jobs, lease }) => commits.end(lease, jobs.map((job) => reports.succeeded(job, true)), ended)));
    expect(await Promise.all(customers.map(async (customer) => await bench.noteOf(customer) !== undefined))).toEqual([true, false]);
  });

  it('do not wait for the lease row that somebody has locked who does not go on', async () => {
    const commits = await bench.commits();
    const { customers, one, other, sbcs } = await twoTaken(commits, 'Stuck');
    const [first, second] = customers.map(({ ticket }) => script(ticket.customerGuid));
    const announced: Promise<unknown>[] = [];
    await bench.whileLocked(lockLease, [sbcs[0]], async () => {
      announced.push(commits.announce(one.lease, first!));
      await bench.isWaitedFor();
      expect(await commits.announce(other.lease, second!)).toBe('announced');
    });
    expect(await Promise.all(announced)).toEqual(['announced']);
    const released = (jobs: readonly ClaimedJob[]) => jobs.map((job) => ({ kind: 'released', job }) as const);
    const turns: Promise<TurnTaken>[] = [];
    await bench.whileLocked(lockLease, [sbcs[0]], async () => {
      turns.push(commits.goOn(one.lease, released(one.jobs)));
      expect(await commits.end(other.lease, [], ended)).toMatchObject({ isHeld: true });
    });
    const again = await taken(commits, sbcs[1]);
    const [turn] = await Promise.all(turns.splice(0));
    expect(turn).toMatchObject({ isHeld: true, stored: [true] });
    await bench.whileLocked(lockLease, [sbcs[0]], async () => {
      turns.push(commits.end(one.lease, released(turn?.next ?? []), ended));
      expect(await commits.end(again.lease, [], ended)).toMatchObject({ isHeld: true });
    });
    expect(await Promise.all(turns)).toMatchObject([{ isHeld: true, stored: [true] }]);
    const takes: Promise<Taken | undefined>[] = [];
    await bench.whileLocked(lockLease, [sbcs[0]], async () => {
      const [waits, goesOn] = sbcs.map((sbc) => commits.take(sbc));
      takes.push(waits!);
      expect((await goesOn)?.lease.grant.sbcId).toBe(sbcs[1]);
      await bench.isWaitedFor();
    });
    expect((await takes[0])?.lease.grant.sbcId).toBe(sbcs[0]);
  });

  it('do not wait when it is one of 64 whose lease row is locked', async () => {
    const commits = await bench.commits();
    const [stuck, ...others] = await Promise.all(Array.from({ length: 64 }, async (_unused, index) => (await taken(commits, 1_001 + index)).lease));
    const waiting: Promise<unknown>[] = [];
    await bench.whileLocked(lockLease, [stuck!.grant.sbcId], async () => {
      waiting.push(commits.announce(stuck!, script(customerGuid)));
      expect(await Promise.all(others.map((lease) => commits.announce(lease, script(customerGuid))))).toEqual(others.map(() => 'announced'));
      await bench.isWaitedFor();
    });
    expect(await Promise.all(waiting)).toEqual(['announced']);
  });

  it('tell two of one device apart, of which this agent has lost the first', async () => {
    const commits = await bench.commits();
    const sbc = bench.newSbc();
    const [first, second] = [await taken(commits, sbc), await taken(commits, sbc)];
    expect(await Promise.all([first, second].map(({ lease }) => commits.announce(lease, script(customerGuid))))).toEqual(['lost', 'announced']);
    expect(await Promise.all([first, second].map(({ lease }) => commits.end(lease, [], ended)))).toMatchObject([{ isHeld: false }, { isHeld: true }]);
  });

  it('count on nothing that was not committed', async () => {
    const commits = await bench.commits();
    const { lease } = await taken(commits, bench.newSbc());
    await expect(commits.announce(lease, script(customerGuid), [{ ...note(customerGuid), siteGuid: 'no uuid' }])).rejects.toThrow(RefusedRowError);
    expect(lease.mayWriteFor(1)).toBe(false);
    expect(await commits.announce(lease, script(customerGuid))).toBe('announced');
    expect(lease.mayWriteFor(1)).toBe(true);
  });

  it('store all but the result that PostgreSQL refuses; its job is retried, the device released', async () => {
    const commits = await bench.commits();
    const sbc = bench.newSbc();
    const customers = ['Good', 'Refused', 'Late'].map((name) => bench.newCustomer(sbc, name));
    for (const customer of customers) await bench.requestOnboarding(customer);
    const { jobs, lease } = await taken(commits, sbc);
    const [good, refused, late] = jobs.map((job) => doneWith(job, { message: messageOf(SbcOnboarded, {
      id: randomUUID(), source: 'test', subject: job.deploymentId, time: new Date().toISOString(), round: 1, sequence: 1, step: 'test', data: {} as never,
    }), origins: [] }));
    if (refused?.kind !== 'done' || !refused.outcome) throw new Error('the job has no outcome');
    // No result that has been seen is refused: what comes from a device is cut and cleaned before.
    const results = [good!, { ...refused, outcome: { ...refused.outcome, type: '\0' } }, late!];
    expect(await commits.end(lease, results, ended)).toMatchObject({ isHeld: true, stored: [true, false, true] });
    expect(await bench.leaseOf(sbc)).toMatchObject({ holder: null });
    expect((await Promise.all(customers.map((customer) => bench.jobsOf(customer)))).map(([job]) => [job?.state, job?.note])).toEqual(
      [['done', null], ['waiting', 'INTERNAL: its result could not be stored'], ['done', null]]);
  });

  it('wait for a lock on a customer no longer than a statement may, and later ones not at all', async () => {
    const commits = await bench.commits();
    const { customers, one, other } = await twoTaken(commits, 'Customer');
    const [first, second] = customers.map(({ ticket }) => ticket.customerGuid);
    await bench.whileLocked(lockCustomer, [first], async () => {
      let isOver = false;
      const stuck = commits.announce(one.lease, script(first!), [note(first!)]).finally(() => { isOver = true; });
      const refused = expect(stuck).rejects.toThrow(/lock timeout/);
      expect(await commits.announce(other.lease, script(second!), [note(second!)])).toBe('announced');
      expect(await commits.announce(other.lease, script(second!))).toBe('announced');
      expect(isOver).toBe(false);
      await refused;
    });
  });
});

describe('a device', () => {
  it('that rests, or whose breaker is open, is not taken for a visit', async () => {
    const commits = await bench.commits();
    const sbc = bench.newSbc();
    for (const state of [`rest_until = now() + interval '1 hour'`, `rest_until = NULL, opened_at = now()`]) {
      await bench.setLease(sbc, state);
      expect(await commits.take(sbc)).toBeUndefined();
    }
    await bench.setLease(sbc, 'opened_at = NULL');
    expect(await commits.take(sbc)).toBeDefined();
  });

  it('says when it is given back that jobs have come for it, whoever took them in', async () => {
    const commits = await bench.commits();
    const sbc = bench.newSbc();
    const { lease } = await taken(commits, sbc);
    expect((await commits.end(lease, [], ended)).leavesWork).toBe(false);
    const again = await taken(commits, sbc);
    await bench.requestOnboarding(bench.newCustomer(sbc, 'Meanwhile'));
    expect((await commits.end(again.lease, [], ended)).leavesWork).toBe(true);
  });

  it('that is owed a sweep comes without its jobs', async () => {
    const commits = await bench.commits();
    const sbc = bench.newSbc();
    await bench.requestOnboarding(bench.newCustomer(sbc, 'Swept'));
    await bench.setLease(sbc, 'sweep_owed_from = now()');
    const { jobs, lease } = await taken(commits, sbc);
    expect([jobs, lease.grant.sweepDue]).toEqual([[], expect.any(String)]);
    expect((await commits.goOn(lease, [])).next).toHaveLength(1);
  });

  it('is not visited again at once for jobs that can not be claimed', async () => {
    const [elsewhere, sbc] = [bench.newSbc(), bench.newSbc()];
    const [running, waiting] = [bench.newCustomer(elsewhere, 'Moved'), bench.newCustomer(sbc, 'Moved')];
    await bench.requestOnboarding(running);
    expect((await taken(await bench.commits(), elsewhere)).jobs).toHaveLength(1);
    await bench.requestOnboarding({ ...waiting, ticket: { ...waiting.ticket, customerGuid: running.ticket.customerGuid } });
    await bench.setLease(sbc, 'epoch = 1');
    const visited = (times: number) => eventually(`${times} visits`, async () => Number((await bench.leaseOf(sbc)).epoch) > times);
    bench.startAgent();
    await visited(1);
    const startedAt = performance.now();
    await visited(3);
    // Two more searches; what is visited at once is visited often in that time.
    expect(performance.now() - startedAt).toBeGreaterThan(500);
  });

  it('is visited soon when other work comes all the time', async () => {
    const [busy, due] = [bench.newSbc(), bench.newSbc()];
    const customer = bench.newCustomer(due, 'Due');
    await bench.requestOnboarding(customer);
    await bench.postpone(customer);
    bench.startAgent();
    await bench.skipPauses(due);
    for (let count = 0; (await bench.jobsOf(customer))[0]?.state !== 'done'; count += 1) {
      expect(count).toBeLessThan(60);
      const other = bench.newCustomer(busy, `Busy${count}`);
      await bench.requestOnboarding(other);
      await eventually('the other one to be done', async () => (await bench.jobsOf(other))[0]?.state === 'done');
    }
  });
});
