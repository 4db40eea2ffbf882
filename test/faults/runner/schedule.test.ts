import { describe, expect, it } from 'vitest';

import { catalogue } from '../faults/catalogue.js';
import { families } from '../faults/fault-case.js';
import { schedule } from './schedule.js';

const options = { seed: 7, withinMs: 60_000 };
const namesOf = (planned: ReturnType<typeof schedule>) => planned.map(({ atMs, fault, seed }) => [atMs, fault.name, seed]);

describe('the schedule of faults', () => {
  it('is the same for the same seed', () => {
    expect(namesOf(schedule(options, catalogue))).toEqual(namesOf(schedule(options, catalogue)));
  });

  it('is another one for another seed', () => {
    expect(namesOf(schedule({ ...options, seed: 8 }, catalogue))).not.toEqual(namesOf(schedule(options, catalogue)));
  });

  it('keeps within its time, but for what must be met once', () => {
    expect(schedule(options, catalogue).every(({ atMs, isFirst }) => atMs >= 0 && (isFirst || atMs < options.withinMs))).toBe(true);
  });

  it('begins with one fault of each family where it is to be short, and has none that takes long', () => {
    const planned = schedule({ ...options, isShort: true }, catalogue);
    const first = planned.filter(({ isFirst }) => isFirst).map(({ fault }) => fault.family);
    expect([...first].sort()).toEqual([...families].sort());
    expect(planned.some(({ fault }) => fault.isLong)).toBe(false);
  });

  it('has only faults whose name begins as asked', () => {
    const planned = schedule({ ...options, only: 'ovoc-' }, catalogue);
    expect(planned.length).toBeGreaterThan(0);
    expect(planned.every(({ fault }) => fault.name.startsWith('ovoc-'))).toBe(true);
  });

  it('is empty when nothing is called so', () => {
    expect(schedule({ ...options, only: 'no such fault' }, catalogue)).toEqual([]);
  });

  it('meets every fault once before any twice', () => {
    const planned = schedule({ ...options, withinMs: 6_000_000 }, catalogue).filter(({ fault }) => fault.lane === 'processes');
    const count = catalogue.filter(({ lane }) => lane === 'processes').length;
    expect(new Set(planned.slice(0, count).map(({ fault }) => fault.name)).size).toBe(count);
  });

  it('has names that are told apart', () => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });
});
