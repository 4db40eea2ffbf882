import { SbcOnboarded } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { SessionBench } from './device-session.testing.js';

const longDrain = (): AbortSignal => AbortSignal.timeout(20_000);

describe('an agent that is asked to end, with time to do so', () => {
  let bench: SessionBench;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.stop());

  const restOf = async (sbc: number): Promise<unknown> => (
    (await bench.database.run<{ rests: boolean }>({ name: '', text: 'SELECT rest_until IS NOT NULL AS rests FROM device_lease WHERE sbc_id = $1', values: [sbc] }))[0]?.rests);

  it('ends, saves, reads back and reports the running script, and returns the other jobs', async () => {
    const sbc = bench.newSbc();
    const [first, second] = [bench.newCustomer(sbc, 'Running'), bench.newCustomer(sbc, 'Next')];
    await bench.requestOnboarding(first);
    await bench.requestOnboarding(second);
    await bench.hold(sbc, 'script');
    const agent = bench.startAgent();
    await bench.held(sbc, 'script');
    const ended = agent.stop(longDrain());
    expect(agent.busyDevices()).toMatchObject({ busyDevices: 1 });
    await bench.release();
    await ended;
    expect(await bench.jobsOf(first)).toMatchObject([{ state: 'done', outcome_type: SbcOnboarded.type, attempts: 1 }]);
    expect(await bench.jobsOf(second)).toMatchObject([{ state: 'waiting', attempts: 0, note: null }]);
    expect([(await bench.calls(sbc, 'script')).length, (await bench.calls(sbc, 'save')).length]).toEqual([1, 1]);
    expect(await bench.leaseOf(sbc)).toMatchObject({ holder: null, save_owed: false, written_for_ms: null });
    expect([agent.busyDevices(), await restOf(sbc)]).toEqual([{ busyDevices: 0, longestMs: 0 }, false]);
  });

  it.each(['status', 'reading'] as const)('before its first script, at the %s, sends none and gives the jobs back untouched', async (call) => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Untouched');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, call);
    const agent = bench.startAgent();
    await bench.held(sbc, call);
    const ended = agent.stop(longDrain());
    await bench.release();
    await ended;
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'waiting', attempts: 0, note: null }]);
    expect([await bench.calls(sbc, 'script'), await bench.noteOf(customer)]).toEqual([[], undefined]);
    expect([await bench.leaseOf(sbc), await restOf(sbc)]).toMatchObject([{ holder: null, save_owed: false }, false]);
  });

  it('while it saves reports what it has saved', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Saved');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'save');
    const agent = bench.startAgent();
    await bench.held(sbc, 'save');
    const ended = agent.stop(longDrain());
    await bench.release();
    await ended;
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'done', attempts: 1 }]);
    expect((await bench.calls(sbc, 'save')).length).toBe(1);
  });

  it('between the two scripts of a site sends no second one, and saves what the first has done', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Halfway');
    await bench.runOn(sbc, `configure voip\n ip-group new\n  name "Halfway"\n  tags "Own=${ownerMark(customer.ticket.customerGuid)}"\n  activate\n exit\nexit`);
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    const agent = bench.startAgent();
    await bench.held(sbc, 'script');
    const ended = agent.stop(longDrain());
    await bench.release();
    await ended;
    expect(await bench.groups(sbc)).toEqual(['Teams-OC']);
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    expect(await bench.leaseOf(sbc)).toMatchObject({ holder: null, save_owed: false });
  });

  it('stops waiting for the script of an agent that is gone, and the next one need not rest', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Waiting');
    await bench.requestOnboarding(customer);
    await bench.setLease(sbc, `write_until = now() + interval '1 minute', save_owed = true`);
    const agent = bench.startAgent();
    await expect.poll(() => bench.calls(sbc, 'reading'), { timeout: 5_000 }).not.toEqual([]);
    const beganAt = performance.now();
    await agent.stop(longDrain());
    expect(performance.now() - beganAt).toBeLessThan(5_000);
    expect(await bench.jobsOf(customer)).toMatchObject([{ state: 'waiting', attempts: 0, note: null }]);
    expect([await bench.leaseOf(sbc), await restOf(sbc)]).toMatchObject([{ holder: null, save_owed: true }, false]);
  });
});
