import { expect, it } from 'vitest';

import { agentsWanted } from './scaling.decide.js';

it.each([[0, 16, 1], [1, 16, 1], [16, 16, 1], [17, 16, 2], [32, 16, 2], [500, 16, 32], [500, 1, 500], [7, 1_000, 1]])(
  '%i busy devices want, at %i an agent, %i agents', (busy, each, wanted) => { expect(agentsWanted(busy, each)).toBe(wanted); });
