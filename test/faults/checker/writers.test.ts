import { describe, expect, it } from 'vitest';

import { call, pauseOf } from './facts.testing.js';
import { checkWriters, countExcusedWriters } from './writers.js';

const pauses = [pauseOf({ instance: 'sbc-agent-1', toMs: 20_000 }), pauseOf({ instance: 'sbc-agent-2' })];
const late = { calls: [call(1, 30_100, 30_200), call(2, 30_150, 30_180)], pauses };

describe('a write beside another one', () => {
  it('is put down to the agent that had just stood still', () => {
    expect(checkWriters(late)).toEqual([]);
    expect(countExcusedWriters(late)).toMatch(/ 1 \(sbc-agent-2 at SBC 5\)$/);
  });

  it('is not excused by the end of another pause', () => {
    const other = { ...late, pauses: pauses.slice(0, 1) };
    expect(checkWriters(other)).toHaveLength(1);
    expect(countExcusedWriters(other)).toMatch(/ 0$/);
  });
});
