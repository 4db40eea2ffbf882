import { SbcCleaned, SbcOnboarded, SbcOnboardingFailed } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';
import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { LeapingClock, responseTimeoutMs, SessionBench } from './device-session.testing.js';

let bench: SessionBench;
beforeAll(async () => {
  bench = await SessionBench.start();
});
afterEach(() => bench.reset());
afterAll(() => bench.stop());

describe('a session whose lease somebody else has taken', () => {
  it('as it asked for it is none, and gets no jobs', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Raced');
    await bench.requestOnboarding(customer);
    const commits = await bench.commits();
    const takes: Promise<unknown>[] = [];
    await bench.loseRace(sbc, async () => {
      takes.push(commits.take(sbc));
      await bench.isWaitedFor();
    });
    expect(await takes[0]).toBeUndefined();
    expect(await commits.take(sbc)).toBeUndefined();
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });

  it('before it goes on gets no jobs of the other agent', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Robbed');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    expect(await (await bench.commits()).goOn(bench.grantedLease(sbc, '0'), [])).toMatchObject({ isHeld: false, next: [] });
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'running', attempts: 1 }]);
    await bench.release();
    expect(await bench.jobsIn(customer, 'done')).toMatchObject([{ attempts: 1 }]);
  });

  it('while it read sends nothing, notes nothing and leaves its jobs to the other agent', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Stolen1');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'reading');
    bench.startAgent();
    await bench.held(sbc, 'reading');
    const epoch = await bench.takeOverLease(sbc);
    await bench.release();
    await bench.stopAgents();
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'running', outcome: null, note: null }]);
    expect(await bench.noteOf(customer)).toBeUndefined();
    expect(await bench.calls(sbc, 'script')).toEqual([]);
    expect(await bench.leaseOf(sbc)).toMatchObject({ holder: 'thief', epoch, save_owed: false, written_for_ms: null });
  });

  it('while its first script ran sends no second one', async () => {
    const sbc = bench.newSbc();
    const [first, second] = [bench.newCustomer(sbc, 'Stolen2'), bench.newCustomer(sbc, 'Stolen3')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(second);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    const epoch = await bench.takeOverLease(sbc);
    await bench.release();
    await eventually('the first script to have run', async () => (await bench.groups(sbc)).includes('Stolen2'));
    await bench.stopAgents();
    expect(await bench.jobsOf(second)).toMatchObject([{ state: 'running', note: null }]);
    expect(await bench.calls(sbc, 'script')).toHaveLength(1);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC', 'Stolen2']);
    expect(await bench.leaseOf(sbc)).toMatchObject({ holder: 'thief', epoch });
  });
});

describe('a session that learns of the loss of its lease after a script', () => {
  it('saves nothing and reports nothing: the device is another\'s now, with its jobs', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Stolen');
    const next = bench.newCustomer(sbc, 'NextOne');
    await bench.requestOnboarding(customer);
    await bench.requestOnboarding(next);
    await bench.hold(sbc, 'script');
    const agent = bench.startAgent();
    await bench.held(sbc, 'script');
    await bench.takeOverLease(sbc);
    await bench.release();
    await eventually('the session to be over', () => agent.busyDevices().busyDevices === 0);
    await bench.stopAgents();
    expect(await bench.groups(sbc)).toContain('Stolen');
    expect(await bench.calls(sbc, 'save')).toEqual([]);
    expect((await bench.jobsOf(customer))[0]).toMatchObject({ state: 'running', outcome: null, note: null });
    await bench.setLease(sbc, 'holder = NULL');
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]).toMatchObject({ outcome_type: SbcOnboarded.type, attempts: 2 });
  });
});

describe('a session that does not know yet of the loss of its lease', () => {
  it('asks before it saves', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Unaware');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    const clock = new LeapingClock();
    bench.startAgent(clock);
    await bench.held(sbc, 'script');
    await bench.setLease(sbc, 'epoch = epoch + 1');
    // A script that takes no time is followed by its save while the answer to its announcement is still true.
    clock.leapMs = 2_000;
    // The device is not visited again, which would be saved.
    const stopped = bench.stopAgents();
    await bench.release();
    await stopped;
    expect(await bench.debtOf(sbc)).toBeTruthy();
    expect(await bench.calls(sbc, 'save')).toEqual([]);
  });
});

describe('a session that was slow to learn that its lease was prolonged', () => {
  it('sends no script that could run longer than the others were told to wait', async () => {
    const sbc = bench.newSbc();
    const clock = new LeapingClock();
    const [first, second] = [bench.newCustomer(sbc, 'Quick'), bench.newCustomer(sbc, 'Late')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(second);
    await bench.hold(sbc, 'script');
    bench.startAgent(clock);
    await bench.held(sbc, 'script');
    await bench.lockLease(sbc, () => bench.release(), () => { clock.leapMs = responseTimeoutMs; });
    const [job] = await bench.jobsIn(second, 'waiting');
    expect(job?.note).toMatch(/^SBC_LEASE_EXPIRED/);
    expect(await bench.calls(sbc, 'script')).toHaveLength(1);
    await bench.jobsIn(first, 'done');
  });
});

describe('a customer that is closed', () => {
  it('by who abandons it, while its device is read, gets no script, and no note is kept of it', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Closed0');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'reading');
    bench.startAgent();
    await bench.held(sbc, 'reading');
    await bench.abandon(customer);
    await bench.release();
    await bench.jobsIn(customer, 'dropped');
    expect([await bench.noteOf(customer), await bench.calls(sbc, 'script')]).toEqual([undefined, []]);
  });

  it('by who abandons it, while its note is being stored, leaves no note behind', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Closed3');
    await bench.requestOnboarding(customer);
    let isTakenIn = false;
    let abandoning: Promise<void> | undefined;
    await bench.holdNote(customer, () => { bench.startAgent(); }, async () => {
      abandoning = bench.abandon(customer).then(() => { isTakenIn = true; });
      await eventually('the abandonment to wait, or to be over', async () => isTakenIn || bench.isIntakeWaiting());
    });
    await abandoning;
    await bench.jobsIn(customer, 'dropped');
    expect(await bench.noteOf(customer)).toBeUndefined();
  });

  it('while its device is read gets no script, and its undo finds nothing', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Closed1');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'reading');
    bench.startAgent();
    await bench.held(sbc, 'reading');
    await bench.requestCleanup(customer);
    await bench.release();
    const [, undo] = await bench.jobsIn(customer, 'dropped', 'done');
    expect(undo?.outcome_type).toBe(SbcCleaned.type);
    expect(await bench.calls(sbc, 'script')).toEqual([]);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC']);
    expect(await bench.noteOf(customer)).toBeUndefined();
    await eventually('the lease to be given back', async () => (await bench.leaseOf(sbc)).holder === null);
    expect([await bench.leaseOf(sbc), await bench.calls(sbc, 'save')]).toMatchObject([{ save_owed: false, written_for_ms: null }, []]);
  });

  it('while the script before it runs gets none either', async () => {
    const sbc = bench.newSbc();
    const [first, second] = [bench.newCustomer(sbc, 'Open'), bench.newCustomer(sbc, 'Closed2')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(second);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    await bench.requestCleanup(second);
    await bench.release();
    await bench.jobsIn(first, 'done');
    await bench.jobsIn(second, 'dropped', 'done');
    expect((await bench.calls(sbc, 'script')).flatMap(({ scriptRows = [] }) => scriptRows.map(({ name }) => name))).toEqual(['Open', 'Open-in']);
  });

  it('while what is left of an earlier attempt is cleaned gets no onboarding script after it', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Closed4');
    await bench.runOn(sbc, `configure voip\n ip-group new\n  name "Closed4"\n  tags "Own=${ownerMark(customer.ticket.customerGuid)}"\n  activate\n exit\nexit`);
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    const { seq } = await bench.held(sbc, 'script');
    await bench.requestCleanup(customer);
    await bench.release();
    await bench.jobsIn(customer, 'dropped', 'done');
    const after = (await bench.calls(sbc, 'script')).filter((call) => call.seq >= seq).flatMap(({ scriptRows = [] }) => scriptRows);
    expect(after.map(({ action, name }) => [action, name])).toEqual([['remove', 'Closed4']]);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC']);
  });
});

describe('an agent that dies when it has claimed jobs', () => {
  it('has not begun with them: one whose time to begin has passed is not begun later', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Doomed');
    await bench.requestOnboarding(customer, new Date(Date.now() - 1_000));
    await bench.dieWithLease(sbc);
    bench.startAgent();
    const [job] = await bench.jobsIn(customer, 'done');
    expect(job?.outcome).toContain('"START_BY_PASSED"');
    expect(await bench.calls(sbc, 'script')).toEqual([]);
  });

  it('has begun with one that has a note: it is gone on with, whatever the time', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Begun');
    await bench.requestOnboarding(customer, new Date(Date.now() - 1_000));
    await bench.note(customer, {
      cleanup: 'configure voip\n no sbc routing ip2ip-routing "Begun-in"\n no ip-group "Begun"\nexit\n', secrets: [], rows: [],
      removes: [{ table: 'sbc routing ip2ip-routing', name: 'Begun-in' }, { table: 'ip-group', name: 'Begun' }],
    });
    await bench.dieWithLease(sbc);
    bench.startAgent();
    const [job] = await bench.jobsIn(customer, 'done');
    expect(job?.outcome_type).toBe(SbcOnboarded.type);
  });
});

describe('two jobs for the same rows', () => {
  it('do not share a reading: the second is decided on one that shows the first\'s rows', async () => {
    const sbc = bench.newSbc();
    const [first, second] = [bench.newCustomer(sbc, 'Twin'), bench.newCustomer(sbc, 'Twin')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(second);
    bench.startAgent();
    const [[one], [other]] = await Promise.all([bench.jobsIn(first, 'done'), bench.jobsIn(second, 'done')]);
    expect(one).toMatchObject({ outcome_type: SbcOnboarded.type, attempts: 1 });
    expect(other).toMatchObject({ outcome_type: SbcOnboardingFailed.type, attempts: 1 });
    expect(other?.outcome).toContain('"IP_GROUP_CONFLICT"');
    const scripts = await bench.calls(sbc, 'script');
    expect(scripts.map(({ scriptRows }) => scriptRows?.map(({ name }) => name))).toEqual([['Twin', 'Twin-in']]);
    const sentAt = scripts[0]?.seq ?? 0;
    const readings = await bench.calls(sbc, 'reading');
    expect(readings.filter(({ seq }) => seq < sentAt)).toHaveLength(1);
    // One reads back for the first, the next is the second's own.
    expect(readings.filter(({ seq }) => seq > sentAt)).toHaveLength(2);
    expect(await bench.noteOf(second)).toBeUndefined();
  });
});

describe('a customer that comes during a visit', () => {
  it('is served in that very visit', async () => {
    const sbc = bench.newSbc();
    const [first, second] = [bench.newCustomer(sbc, 'Visit1'), bench.newCustomer(sbc, 'Visit2')];
    await bench.requestOnboarding(first);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    const { epoch } = await bench.leaseOf(sbc);
    await bench.requestOnboarding(second);
    await bench.release();
    await bench.jobsIn(second, 'done');
    expect(await bench.leaseOf(sbc)).toMatchObject({ epoch });
  });
});

describe('what would have to be undone', () => {
  it('is noted for every site of the session before the first script arrives', async () => {
    const sbc = bench.newSbc();
    const customers = [bench.newCustomer(sbc, 'Noted1'), bench.newCustomer(sbc, 'Noted2')];
    for (const customer of customers) await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    expect(await bench.leaseOf(sbc)).toMatchObject({ save_owed: true });
    for (const customer of customers) {
      const { shortName } = customer.ticket;
      const sealed = await bench.noteOf(customer) ?? '';
      expect(sealed).not.toContain(shortName);
      const note = await bench.notes.open(sealed);
      expect(note.cleanup).toContain(` no ip-group "${shortName}"\n`);
      expect(note.removes).toEqual([{ table: 'sbc routing ip2ip-routing', name: `${shortName}-in` }, { table: 'ip-group', name: shortName }]);
      expect(note.rows.map(({ name }) => name)).toEqual([shortName, `${shortName}-in`]);
    }
    await bench.release();
    for (const customer of customers) await bench.jobsIn(customer, 'done');
    // It stays owed: the customer may be removed any day.
    expect(await bench.noteOf(customers[0]!)).toBeDefined();
  });

  it('is not called gone by a print that ends in the middle', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'CutPrint');
    await bench.requestOnboarding(customer);
    bench.startAgent();
    await bench.jobsIn(customer, 'done');
    const body = ['configure network', ' exit', 'configure voip', ' realm 0', '  name "DefaultRealm"', '  activate', ' exit', ''].join('\r\n');
    await bench.fault(sbc, 'status', { what: 'reading', times: 2, params: { status: 200, body, headers: { 'content-type': 'text/plain' } } });
    await bench.requestCleanup(customer);
    const [, undo] = await bench.jobsIn(customer, 'done', 'done');
    expect([undo?.outcome_type, undo?.attempts]).toEqual([SbcCleaned.type, 3]);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC']);
  });

  it('is taken off once more when the device has taken the cleanup and not carried it out', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'NotDone');
    await bench.requestOnboarding(customer);
    bench.startAgent();
    await bench.jobsIn(customer, 'done');
    const body = JSON.stringify({ status: 'success', description: 'Incremental CLI Script file was loaded.', output: '' });
    await bench.fault(sbc, 'status', { what: 'script', times: 1, params: { status: 200, body, headers: { 'content-type': 'application/json' } } });
    await bench.requestCleanup(customer);
    const [, undo] = await bench.jobsIn(customer, 'done', 'done');
    expect([undo?.outcome_type, undo?.attempts]).toEqual([SbcCleaned.type, 2]);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC']);
  });
});

describe('a device that can\'t save', () => {
  const cantSave = (sbc: number): Promise<void> => bench.fault(sbc, 'status', { what: 'save', params: { status: 503 } });

  it('and starts again has what was reported to be there set again, and saved', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Unsaved');
    await bench.requestOnboarding(customer);
    await cantSave(sbc);
    bench.startAgent();
    await bench.jobsIn(customer, 'done');
    expect((await bench.jobsOf(customer))[0]?.outcome).toContain('not saved yet');
    await bench.restart(sbc);
    expect(await bench.groups(sbc)).not.toContain('Unsaved');
    await bench.heal();
    await eventually('the rows to be back', async () => (await bench.rows(sbc, 'ip-group', 'saved')).some(({ name }) => name === 'Unsaved'), 20_000);
    expect(await bench.groups(sbc)).toContain('Unsaved');
  });

  it('has cleaned nothing before it has saved', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Unsaved');
    bench.startAgent();
    await bench.requestOnboarding(customer);
    await bench.jobsIn(customer, 'done');
    await cantSave(sbc);
    await bench.requestCleanup(customer);
    await eventually('the cleanup to be tried again', async () => (await bench.jobsOf(customer))[1]?.note?.includes('SBC_NOT_SAVED'));
    expect(await bench.groups(sbc)).not.toContain('Unsaved');
    await bench.restart(sbc);
    await bench.heal();
    await eventually('the cleanup to be done', async () => (await bench.jobsOf(customer))[1]?.state === 'done', 20_000);
    expect([...await bench.groups(sbc), ...(await bench.rows(sbc, 'ip-group', 'saved')).map(({ name }) => name)]).not.toContain('Unsaved');
  });
});

describe('a script that may still be running', () => {
  it('is saved only when the script is seen complete, and nothing is reported before', async () => {
    const sbc = bench.newSbc();
    const [first, late] = [bench.newCustomer(sbc, 'First'), bench.newCustomer(sbc, 'Late')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(late);
    await bench.hold(sbc, 'script');
    bench.startAgent(undefined, { responseTimeoutMs: 2_000 });
    await bench.held(sbc, 'script');
    await bench.fault(sbc, 'hold-before', { what: 'script', times: 1 });
    await bench.release();
    await eventually('the second script to arrive', async () => (await bench.calls(sbc, 'script')).length === 2);
    await eventually('its answer to be given up', async () => (await bench.jobsOf(late))[0]?.note);
    await bench.skipPauses(sbc);
    await eventually('the device to be read for the next session', async () => (await bench.calls(sbc, 'reading')).length >= 2);
    expect(await bench.calls(sbc, 'save')).toEqual([]);
    expect((await bench.jobsOf(first))[0]?.state).not.toBe('done');
    await bench.release();
    await eventually('both to be done', async () => {
      await bench.skipPauses(sbc);
      return [...await bench.jobsOf(first), ...await bench.jobsOf(late)].every(({ state }) => state === 'done');
    }, 20_000);
    expect((await bench.rows(sbc, 'ip-group', 'saved')).map(({ name }) => name)).toEqual(expect.arrayContaining(['First', 'Late']));
    expect(await bench.calls(sbc, 'script')).toHaveLength(2);
    expect((await bench.jobsOf(first))[0]?.outcome).not.toContain('not saved yet');
  });

  it('costs the others no attempt', async () => {
    const sbc = bench.newSbc();
    const [first, late] = [bench.newCustomer(sbc, 'Taken'), bench.newCustomer(sbc, 'Unanswered')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(late);
    await bench.hold(sbc, 'script');
    bench.startAgent(undefined, { responseTimeoutMs: 2_000, maxAttempts: 1 });
    await bench.held(sbc, 'script');
    await bench.fault(sbc, 'hold-before', { what: 'script', times: 1 });
    await bench.release();
    expect(await bench.jobsIn(late, 'done')).toMatchObject([{ outcome_type: 'trunkline.sbc.onboarding.failed.v1' }]);
    await bench.release();
    expect(await bench.jobsIn(first, 'done')).toMatchObject([{ outcome_type: 'trunkline.sbc.onboarded.v1' }]);
  });
});

describe('the time within which scripts may take effect', () => {
  it('is over before a device that owes nothing but a save is saved', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Cutoff');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    await bench.stopAgents();
    await bench.postpone(customer);
    const { epoch } = await bench.leaseOf(sbc);
    bench.startAgent();
    await eventually('the next visit to be over', async () => {
      const { epoch: now, holder } = await bench.leaseOf(sbc);
      return now !== epoch && holder === null;
    });
    expect(await bench.calls(sbc, 'save')).toEqual([]);
    await bench.release();
    await bench.setLease(sbc, 'write_until = now()');
    await bench.skipPauses(sbc);
    await bench.jobsIn(customer, 'done');
    expect((await bench.rows(sbc, 'ip-group', 'saved')).map(({ name }) => name)).toContain('Cutoff');
  });

  it('covers a script while it runs, and is over after a session in which all were answered', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Timed');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    const startedAt = performance.now();
    const { written_for_ms: writtenForMs } = await bench.leaseOf(sbc);
    // The script has been running since a moment before `startedAt` for at most the response timeout.
    expect(writtenForMs).toBeGreaterThan(responseTimeoutMs - (performance.now() - startedAt));
    await bench.release();
    await bench.jobsIn(customer, 'done');
    const after = await eventually('the lease to be given back', async () => {
      const lease = await bench.leaseOf(sbc);
      return lease.holder === null && lease;
    });
    expect(after).toMatchObject({ written_for_ms: null, save_owed: false });
  });

  it('goes on after an unanswered script: the next session waits until the rows are there', async () => {
    const sbc = bench.newSbc();
    const [lost, next] = [bench.newCustomer(sbc, 'Lost'), bench.newCustomer(sbc, 'Next')];
    await bench.requestOnboarding(lost);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    const { seq } = await bench.held(sbc, 'script');
    await bench.stopAgents();
    expect((await bench.leaseOf(sbc)).holder).toBeNull();
    expect((await bench.leaseOf(sbc)).written_for_ms).toBeGreaterThan(responseTimeoutMs / 2);

    await bench.requestOnboarding(next);
    bench.startAgent();
    await eventually('the device to be read again and again', async () => (await bench.calls(sbc, 'reading')).filter((call) => call.seq > seq).length >= 3);
    expect(await bench.calls(sbc, 'script')).toHaveLength(1);
    expect(await bench.jobsIn(next, 'running')).toMatchObject([{ outcome: null }]);

    await bench.release();
    await bench.jobsIn(next, 'done');
    await bench.jobsIn(lost, 'done');
    expect((await bench.calls(sbc, 'script')).map(({ scriptRows }) => scriptRows?.map(({ name }) => name))).toEqual([['Lost', 'Lost-in'], ['Next', 'Next-in']]);
  });
});
