import { describe, expect, it } from 'vitest';

import { countOf, outcomeOf, patternOf, tableOf, type VitestReport } from './verdict.mjs';

const testFile = 'libs/steps/src/job.test.ts';
const named = { testFile, testName: 'job store > keeps (one) job' };
const fullName = 'job store keeps (one) job';
const reportOf = (tests: readonly { fullName?: string; status: string }[], message = ''): VitestReport => ({
  testResults: [{ name: `/copy/${testFile}`, message, assertionResults: tests.map((test) => ({ fullName, failureMessages: ['AssertionError: no\n at x'], ...test })) }],
});

describe('a run without a safeguard', () => {
  it.each([
    ['is red when the named test has failed', reportOf([{ status: 'failed' }, { fullName: 'another', status: 'skipped' }]), { kind: 'failed', message: 'AssertionError: no' }],
    ['is not red when the named test passes', reportOf([{ status: 'passed' }]), { kind: 'passed' }],
    ['says nothing when only another test has failed', reportOf([{ fullName: 'another', status: 'failed' }]), { kind: 'none', reason: expect.stringContaining('no test') as string }],
    ['says nothing when another test has failed too', reportOf([{ status: 'failed' }, { fullName: 'another', status: 'failed' }]), { kind: 'none', reason: expect.stringContaining('another') as string }],
    ['says nothing when the file does not load', reportOf([], 'SyntaxError: x\n at y'), { kind: 'none', reason: expect.stringContaining('did not load: SyntaxError: x') as string }],
    ['says nothing when the test was not run because a hook failed', reportOf([{ status: 'skipped' }], 'Error: no server'), { kind: 'none', reason: expect.stringContaining('no server') as string }],
    ['says nothing when two tests have the name', reportOf([{ status: 'failed' }, { status: 'passed' }]), { kind: 'none', reason: expect.stringContaining('2 tests') as string }],
    ['says nothing when the file was not run', { testResults: [] }, { kind: 'none', reason: expect.stringContaining('was not run') as string }],
  ])('%s', (_name, report, outcome) => {
    expect(outcomeOf(report, named)).toEqual(outcome);
  });
});

describe('the pattern of tests', () => {
  it.each([
    ['the name itself', 'job store keeps (one) job', true],
    ['a longer name', 'job store keeps (one) job twice', false],
    ['a name within another', 'a job store keeps (one) job', false],
    ['what the name would mean as a pattern', 'job store keeps one job', false],
    ['the other name', 'fold a|b', true],
  ])('matches %s as it should', (_case, text, expected) => {
    expect(new RegExp(patternOf([named.testName, 'fold > a|b'])).test(text)).toBe(expected);
  });
});

describe('the table', () => {
  const of = (name: string) => ({ ...named, name, why: 'a | b' });

  it('shows every safeguard with the test that misses it, and those that none misses', () => {
    const results = [{ safeguard: of('inbox'), outcome: { kind: 'failed', message: 'x' } }, { safeguard: of('lock'), outcome: { kind: 'passed' } }] as const;
    expect(tableOf(results).split('\n').slice(2)).toEqual([
      `| inbox | ${testFile}: job store > keeps (one) job | a \\| b |`, '| lock | NONE: the test stays green | a \\| b |',
    ]);
    expect(countOf(results)).toEqual({ isGood: false, text: '1 of 2 safeguards are missed by a test' });
  });

  it('is good only when there is something in it', () => {
    expect(countOf([]).isGood).toBe(false);
  });
});
