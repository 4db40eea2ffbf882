import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decideAfterVisit, type DeviceHealth, faultsToOpen, type VisitEnd } from './breaker.decide.js';
import { type DeviceContact, noContact } from './device-contact.decide.js';

const well: DeviceHealth = { faults: 0, failedVisits: 0 };
const silent = (faults: number): DeviceContact => ({ hasAnswered: false, faults, lastFault: 'ECONNREFUSED' });
const answeredThenSilent = (faults: number): DeviceContact => ({ hasAnswered: true, faults, lastFault: faults > 0 ? 'TIMEOUT' : undefined });
const end = (contact: DeviceContact, isSettled = true): VisitEnd => ({ contact, isSettled });

describe('the circuit breaker of a device', () => {
  it.each<[string, DeviceHealth, VisitEnd, object]>([
    ['stays closed when the device answers', well, end(answeredThenSilent(0)), { faults: 0, isOpen: false, change: 'none', restMs: 0 }],
    ['counts a fault', well, end(silent(1)), { faults: 1, isOpen: false, change: 'none', restMs: 0 }],
    ['counts over visits', { ...well, faults: 3 }, end(silent(1)), { faults: 4, isOpen: false, change: 'none' }],
    ['opens at the fifth', { ...well, faults: 4 }, end(silent(1)), { faults: 5, isOpen: true, change: 'opened' }],
    ['opens at more at once', { ...well, faults: 4 }, end(silent(3)), { faults: 7, isOpen: true, change: 'opened' }],
    ['counts from an answer on', { ...well, faults: 4 }, end(answeredThenSilent(2)), { faults: 2, isOpen: false, change: 'none' }],
    ['stays open when the probe gets no answer', { ...well, faults: 5 }, end(silent(1)), { faults: 6, isOpen: true, change: 'none' }],
    ['stays as it is when nothing was learnt', { ...well, faults: 5 }, end(noContact), { faults: 5, isOpen: true, change: 'none' }],
    ['closes at the first answer', { ...well, faults: 50 }, end(answeredThenSilent(0)), { faults: 0, isOpen: false, change: 'closed', restMs: 0 }],
    ['closes at an answer, though the next call gets none', { ...well, faults: 9 }, end(answeredThenSilent(1)), { faults: 1, isOpen: false, change: 'closed' }],
    ['is not opened by visits that fail otherwise', { ...well, failedVisits: 40 }, end(answeredThenSilent(0), false), { faults: 0, isOpen: false, failedVisits: 41 }],
  ])('%s', (_name, before, visit, verdict) => {
    expect(decideAfterVisit(before, visit, 0.5)).toMatchObject(verdict);
  });

  it.each([[0, 1_000], [1, 2_000], [2, 4_000], [3, 5_000], [30, 5_000]])('lets a device rest after a visit that left work undone: after %i earlier ones %i ms', (failedVisits, restMs) => {
    expect(decideAfterVisit({ faults: 0, failedVisits }, end(answeredThenSilent(0), false), 0.99).restMs).toBe(restMs);
  });

  it('probes at pauses that grow from 2 to 30 seconds, anywhere below that', () => {
    const pauses = [5, 6, 7, 8, 9, 100].map((faults) => decideAfterVisit({ faults: faults - 1, failedVisits: 0 }, end(silent(1)), 0.999999).restMs);
    expect(pauses.map((pause) => Math.ceil(pause / 1_000))).toEqual([2, 4, 8, 16, 30, 30]);
    expect(decideAfterVisit({ faults: 80, failedVisits: 0 }, end(silent(1)), 0).restMs).toBe(0);
  });

  it('is open exactly when the last faults in a row, over all visits, are five or more', () => {
    const visit = fc.record({ hasAnswered: fc.boolean(), faults: fc.nat(3), isSettled: fc.boolean(), random: fc.double({ min: 0, max: 0.999, noNaN: true }) });
    fc.assert(fc.property(fc.array(visit, { maxLength: 40 }), (visits) => {
      let health = well;
      let inARow = 0;
      for (const { faults, hasAnswered, isSettled, random } of visits) {
        const verdict = decideAfterVisit(health, { contact: { hasAnswered, faults, lastFault: undefined }, isSettled }, random);
        inARow = hasAnswered ? faults : inARow + faults;
        expect(verdict.isOpen).toBe(inARow >= faultsToOpen);
        expect(verdict.restMs).toBeGreaterThanOrEqual(0);
        expect(verdict.restMs).toBeLessThanOrEqual(30_000);
        if (!verdict.isOpen && isSettled) expect(verdict.restMs).toBe(0);
        health = verdict;
      }
    }));
  });
});
