import { createLogger } from '@trunkline/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { SweepDebts } from '../sweep/sweep-debts.js';
import { SessionBench } from './device-session.testing.js';
import { LostLeases } from './lost-leases.js';

describe('a sweep that is owed for a lost lease', () => {
  let bench: SessionBench;
  let sbc: number;
  let lostLeases: LostLeases;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  beforeEach(async () => {
    sbc = bench.newSbc();
    await bench.setLease(sbc, 'epoch = 7');
    lostLeases = new LostLeases(new SweepDebts(bench.database), createLogger({ service: 'test', level: 'silent' }));
  });
  afterAll(() => bench.stop());

  it('while a call is under way is due when that must have ended, and at once when it has', async () => {
    const late = bench.grantedLease(sbc, '6');
    await lostLeases.oweDuring(late, 60_000);
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 60 });
    await lostLeases.oweAfter(late);
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 0 });
  });

  it('is not brought forward by the end of another\'s call', async () => {
    await lostLeases.oweDuring(bench.grantedLease(sbc, '5'), 60_000);
    await lostLeases.oweAfter(bench.grantedLease(sbc, '6'));
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 60 });
  });

  it('that could not be noted is noted later', async () => {
    await bench.database.run({ name: '', text: 'ALTER TABLE device_lease RENAME TO device_lease_away', values: [] });
    await lostLeases.oweAfter(bench.grantedLease(sbc, '6'));
    await bench.database.run({ name: '', text: 'ALTER TABLE device_lease_away RENAME TO device_lease', values: [] });
    expect(await bench.debtOf(sbc)).toBeUndefined();
    await lostLeases.retry();
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 0 });
  });

  it('is noted whatever keeps another from being noted', async () => {
    const other = bench.newSbc();
    await bench.setLease(other, 'epoch = 7');
    await bench.whileLocked('SELECT 1 FROM sbc_agent.device_lease WHERE sbc_id = $1 FOR UPDATE', [sbc], async () => {
      await Promise.all([sbc, other].map((each) => lostLeases.oweDuring(bench.grantedLease(each, '6'), 60_000)));
      expect(await bench.debtOf(other)).toBeDefined();
      await lostLeases.oweAfter(bench.grantedLease(sbc, '6'));
      await lostLeases.retry();
    });
    await lostLeases.retry();
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 0 });
  });
});
