import type { Mode } from '@trunkline/testing';
import { describe } from 'vitest';

import { badInput } from './bad-input.suite.js';
import { broker } from './broker.suite.js';
import { killedServices } from './crashes.suite.js';
import { database } from './database.suite.js';
import { deadLetters, strangersDeadLetters } from './dead-letters.suite.js';
import { documentedExample } from './documented-example.suite.js';
import { failures } from './failures.suite.js';
import { instances } from './instances.suite.js';
import { load } from './load.suite.js';
import { reads } from './reads.suite.js';
import { refusals } from './refusals.suite.js';
import { removal } from './removal.suite.js';
import { secrets } from './secrets.suite.js';
import { setStage, type Stage } from './stage.js';
import { exhaustedBudget, waiting } from './waiting.suite.js';

/** All that a caller may rely on, whichever way the product is run. */
export function flowSuite(mode: Mode): void {
  describe(mode, () => {
    const stage = setStage(mode);
    callers(stage);
    failing(stage);
  });
}

/** What a caller gets while nothing of the product fails; the other half is `failureSuite`. */
export function callerSuite(mode: Mode): void {
  describe(mode, () => { callers(setStage(mode)); });
}

/** What becomes of deployments while the product's own parts fail, come and go, after `first`. */
export function failureSuite(mode: Mode, first?: (stage: Stage) => void): void {
  describe(mode, () => {
    const stage = setStage(mode);
    first?.(stage);
    failing(stage);
  });
}

function callers(stage: Stage): void {
  documentedExample(stage);
  reads(stage);
  refusals(stage);
  badInput(stage);
  failures(stage);
  waiting(stage);
  removal(stage);
  load(stage);
  secrets(stage);
}

function failing(stage: Stage): void {
  deadLetters(stage);
  database(stage);
  if (stage.mode !== 'standalone in process') {
    broker(stage);
    strangersDeadLetters(stage);
  }
  killedServices(stage);
  if (stage.mode === 'one process per service on RabbitMQ') instances(stage);
  exhaustedBudget(stage);
}
