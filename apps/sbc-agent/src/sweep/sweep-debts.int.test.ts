import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { SessionBench } from '../session/device-session.testing.js';
import { SweepDebts } from './sweep-debts.js';

describe('a sweep that is owed', () => {
  let bench: SessionBench;
  let sbc: number;
  let debts: SweepDebts;
  beforeAll(async () => {
    bench = await SessionBench.start();
  });
  beforeEach(async () => {
    sbc = bench.newSbc();
    await bench.setLease(sbc, 'epoch = 7');
    debts = new SweepDebts(bench.database);
  });
  afterAll(() => bench.stop());

  it('is paid only by who holds the device, and only the debt that was looked at', async () => {
    await debts.owe(sbc, 0);
    const seen = (await bench.debtOf(sbc))!;
    await debts.paid(bench.grantedLease(sbc, '6'), seen.debt);
    expect(await bench.debtOf(sbc)).toEqual(seen);
    await debts.owe(sbc, 0);
    await debts.paid(bench.grantedLease(sbc, '7'), seen.debt);
    await debts.putOff(bench.grantedLease(sbc, '7'), seen.debt);
    const again = (await bench.debtOf(sbc))!;
    expect(again).toMatchObject({ inSeconds: 0 });
    expect(again.debt).not.toBe(seen.debt);
    await debts.putOff(bench.grantedLease(sbc, '7'), again.debt);
    expect(await bench.debtOf(sbc)).toMatchObject({ inSeconds: 10 });
    await debts.paid(bench.grantedLease(sbc, '7'), (await bench.debtOf(sbc))!.debt);
    expect(await bench.debtOf(sbc)).toBeUndefined();
  });
});
