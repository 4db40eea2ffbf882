import { describe, expect, it } from 'vitest';

import { readRunOptions } from './run-options.js';

const minute = 60_000;
const of = (environment: Record<string, string>) => readRunOptions(Object.fromEntries(Object.entries(environment).map(([name, value]) => [`TRUNKLINE_FAULTS_${name}`, value]))).options;

describe('the options of a run of faults', () => {
  it('are those of the short tier when nothing is asked for, with a fixed seed', () => {
    expect(of({})).toEqual(of({ SEED: '', DEPLOYMENTS: '', MINUTES: '', ONLY: '' }));
    expect(of({})).toMatchObject({ isShort: true, seed: 20_423 });
  });

  it('ask for more than 3,000 deployments and end within 75 minutes in the full tier', () => {
    const { deployments, isShort, limitMs } = of({ FULL: '1' });
    expect([deployments >= 3_000, limitMs <= 75 * minute, isShort]).toEqual([true, true, false]);
  });

  it('leave time to meet everything once, unless a length is asked for', () => {
    const full = of({ FULL: '1' });
    expect(full.firstRoundWithinMs).toBeGreaterThan(full.disturbedMs);
    expect(of({ FULL: '1', MINUTES: '3' })).toMatchObject({ disturbedMs: 3 * minute, firstRoundWithinMs: 3 * minute });
  });

  it.each([['100', 4], ['2000', 5], ['9000', 8]])('spread %s deployments over SBCs that can bear them', (deployments, sbcCount) => {
    expect(of({ FULL: '1', DEPLOYMENTS: deployments })).toMatchObject({ deployments: Number(deployments), sbcCount });
  });

  it('let the run end before the test that waits for it', () => {
    const { options, timeoutMs } = readRunOptions({});
    expect(timeoutMs).toBeGreaterThan(options.limitMs);
  });

  it.each(['SEED', 'DEPLOYMENTS', 'MINUTES'])('are refused when %s is no number', (name) => {
    expect(() => of({ [name]: 'many' })).toThrow(`TRUNKLINE_FAULTS_${name} must be a number greater than 0, not many`);
  });
});
