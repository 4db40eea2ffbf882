import { withExamples } from '@trunkline/testing';
import { describe } from 'vitest';

import { setStage } from '../flows/suite/stage.js';
import { examplePairs } from './example-pairs.js';
import { pairLife } from './pair-life.suite.js';

/** One SBC of either way to print: as release 7.2 does, and the other way in everything. */
const sbcIds = [5, 4];

describe('the example pairs through the whole system', () => {
  const stage = setStage('standalone in process', {}, withExamples);
  for (const pair of examplePairs) for (const sbcId of sbcIds) pairLife(stage, pair, sbcId);
});
