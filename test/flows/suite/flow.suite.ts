import type { Mode } from '@trunkline/testing';
import { describe } from 'vitest';

import { documentedExample } from './documented-example.suite.js';
import { setStage } from './stage.js';

/** All that a caller may rely on, whichever way the product is run. */
export function flowSuite(mode: Mode): void {
  describe(mode, () => {
    const stage = setStage(mode);
    documentedExample(stage);
  });
}
