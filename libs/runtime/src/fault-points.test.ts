import { describe, expect, it } from 'vitest';

import { faultPointProblems, faultPoints, faultPointVariable } from './fault-points.js';

describe('fault points', () => {
  const problemsOf = (text: string, more: Record<string, string> = {}) => faultPointProblems({ [faultPointVariable]: text, ...more });

  it.each(['', 'intake.before-ack', 'intake.before-ack:3', 'sbc-agent.before-script-bytes:stop', 'sbc-agent.after-script:term', 'results.after-commit:12:stop'])('may be armed as "%s"', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each(['nowhere', 'intake.before-ack:0', 'intake.before-ack:x', 'intake.before-ack:stop:2', ' intake.before-ack'])('say that "%s" is none, and which there are', (text) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(faultPoints.join(', '))]);
  });

  it('are refused in production', () => {
    expect(problemsOf('intake.before-ack', { NODE_ENV: 'production' })).toEqual([expect.stringContaining('refused')]);
  });
});
