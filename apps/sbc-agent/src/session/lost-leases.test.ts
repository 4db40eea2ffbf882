import { createLogger } from '@trunkline/runtime';
import { describe, expect, it } from 'vitest';

import { Lease } from '../lease/lease.js';
import type { SweepDebts } from '../sweep/sweep-debts.js';
import { LostLeases } from './lost-leases.js';

const grant = { sbcId: 5, epoch: '1', quietForMs: 0, saveOwed: false, inFlight: undefined, health: { faults: 0, failedVisits: 0 }, sweepDue: undefined };

describe('a lease that was lost for a time', () => {
  it('is known no longer once its device was given back under it', async () => {
    const owed: (string | undefined)[] = [];
    const debts = { owe: async (_sbcId: number, _forMs: number, early?: string) => `debt ${owed.push(early)}` } as unknown as SweepDebts;
    const lost = new LostLeases(debts, createLogger({ service: 'test', level: 'silent' }));
    const lease = new Lease(grant, 0, 1_000, () => 0);
    await lost.oweDuring(lease, 1_000);
    await lost.oweDuring(lease, 1_000);
    lost.forget(lease);
    await lost.oweAfter(lease);
    // Noted once while the script ran; what was forgotten is no part of what follows.
    expect(owed).toEqual([undefined, undefined]);
  });
});
