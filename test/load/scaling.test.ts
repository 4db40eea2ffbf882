import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { stepChart } from '../../bench/chart.js';
import { agentsToRun } from './autoscaler.js';
import { followTheNumber } from './scaling-run.js';

const minute = 60;
const quietMs = 5 * 60_000;

describe('an autoscaler', () => {
  const limits = { most: 8, stabilizationMs: 60_000 };

  it.each([
    ['runs one where nothing is known', [], 1],
    ['runs one where none is wanted', [[0, 0]], 1],
    ['runs more at once', [[0, 1], [5, 3]], 3],
    ['runs no more than it may', [[0, 12]], 8],
    ['takes none away that was wanted a short time ago', [[0, 3], [55, 1]], 3],
    ['takes away what has not been wanted for long', [[0, 3], [5, 2], [60, 1]], 2],
  ] as const)('%s', (_name, readings, agents) => {
    expect(agentsToRun(readings.map(([atS, wanted]) => ({ atMs: atS * 1_000, wanted })), limits)).toBe(agents);
  });
});

describe('agents that follow the number of busy devices, for ten minutes', () => {
  it('are there when they are wanted and gone when they are not, and cut off nothing', async () => {
    const { samples, ...seen } = await followTheNumber({
      devicesPerAgent: 4, mostAgents: 8, scriptMs: 5_000, stabilizationMs: 60_000, quietMs,
      load: [[0, 2], [minute, 2], [3 * minute, 30], [4.5 * minute, 30], [6 * minute, 6], [7 * minute, 18], [8 * minute, 18], [9.1 * minute, 0]],
    });
    const mostAgents = Math.max(...samples.map(({ agents }) => agents));
    process.stdout.write(`${JSON.stringify({ ...seen, mostAgents, seconds: samples.length, oldestWaitSeconds: Math.max(...samples.map(({ oldestWaitSeconds }) => oldestWaitSeconds)) })}\n`);
    writeFileSync(join(checkoutDir, 'docs/scaling-curve.svg'), stepChart('Ten minutes of an autoscaler that follows busy_devices', {
      axis: 'time (minutes)', values: samples.map(({ atS }) => atS / minute),
    }, [
      { axis: 'SBCs with work (busy_devices)', lines: [{ name: 'busy', values: samples.map(({ busyDevices }) => busyDevices) }] },
      { axis: 'agents', lines: [{ name: 'running', values: samples.map(({ agents }) => agents) }, { name: 'wanted', values: samples.map(({ agentsWanted }) => agentsWanted) }] },
      { axis: 'oldest wait of a job (s)', lines: [{ name: 'oldest wait', values: samples.map(({ oldestWaitSeconds }) => oldestWaitSeconds) }] },
    ]));
    expect(seen).toMatchObject({ cut: 0, waitingForDead: 0, otherAnswers: [], badEnds: [] });
    expect(mostAgents).toBe(8);
    expect(seen.busyShare).toBeGreaterThan(0.9);
    expect(seen.backToOneMs).toBeLessThan(quietMs);
  });
});
