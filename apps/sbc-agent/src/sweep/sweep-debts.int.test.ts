import { createLogger } from '@trunkline/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Lease } from '../lease/lease.js';
import { SessionBench } from '../session/device-session.testing.js';
import { SweepDebts } from './sweep-debts.js';

describe('a sweep that is owed', () => {
  let bench: SessionBench;
  let sbc: number;
  let debts: SweepDebts;
  const leaseOfEpoch = (epoch: string): Lease => new Lease(
    { sbcId: sbc, epoch, quietForMs: 0, inFlight: undefined, saveOwed: false, health: { faults: 0, failedVisits: 0 }, sweepDue: undefined }, 0, 60_000, () => 0,
  );
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  beforeEach(async () => {
    sbc = bench.newSbc();
    await bench.setLease(sbc, 'epoch = 7');
    debts = new SweepDebts(bench.database, createLogger({ service: 'test', level: 'silent' }));
  });
  afterAll(() => bench.stop());

  /** The debt, and in how many whole seconds it is due; undefined when nothing is owed. */
  const owed = async (): Promise<{ debt: string; inSeconds: number } | undefined> => {
    const [row] = await bench.database.run<{ debt: string | null; in_s: number }>({
      name: '', text: `SELECT sweep_owed_from::text AS debt, greatest(0, round(extract(epoch FROM sweep_owed_from - now())))::int AS in_s FROM device_lease WHERE sbc_id = $1`, values: [sbc],
    });
    return row?.debt == null ? undefined : { debt: row.debt, inSeconds: row.in_s };
  };

  it('while a call is under way is due when that must have ended, and at once when it has', async () => {
    const late = leaseOfEpoch('6');
    await debts.oweDuring(late, 60_000);
    expect(await owed()).toMatchObject({ inSeconds: 60 });
    await debts.oweAfter(late);
    expect(await owed()).toMatchObject({ inSeconds: 0 });
  });

  it('is not brought forward by the end of another\'s call', async () => {
    await debts.oweDuring(leaseOfEpoch('5'), 60_000);
    await debts.oweAfter(leaseOfEpoch('6'));
    expect(await owed()).toMatchObject({ inSeconds: 60 });
  });

  it('is paid only by who holds the device, and only the debt that was looked at', async () => {
    await debts.oweAfter(leaseOfEpoch('6'));
    const seen = (await owed())!;
    await debts.paid(leaseOfEpoch('6'), seen.debt);
    expect(await owed()).toEqual(seen);
    await debts.oweAfter(leaseOfEpoch('6'));
    await debts.paid(leaseOfEpoch('7'), seen.debt);
    await debts.putOff(leaseOfEpoch('7'), seen.debt);
    const again = (await owed())!;
    expect(again).toMatchObject({ inSeconds: 0 });
    expect(again.debt).not.toBe(seen.debt);
    await debts.putOff(leaseOfEpoch('7'), again.debt);
    expect(await owed()).toMatchObject({ inSeconds: 10 });
    await debts.paid(leaseOfEpoch('7'), (await owed())!.debt);
    expect(await owed()).toBeUndefined();
  });

  it('that could not be noted is noted later', async () => {
    await bench.database.run({ name: '', text: 'ALTER TABLE device_lease RENAME TO device_lease_away', values: [] });
    await debts.oweAfter(leaseOfEpoch('6'));
    await bench.database.run({ name: '', text: 'ALTER TABLE device_lease_away RENAME TO device_lease', values: [] });
    expect(await owed()).toBeUndefined();
    await debts.retry();
    expect(await owed()).toMatchObject({ inSeconds: 0 });
  });
});
