// For each file of integration tests: what its databases were asked must be asked by keys, whatever the tables hold (ADR 32).
import { isConnectionError } from '@trunkline/persistence';
import { watchStatements, wholeScansOf } from '@trunkline/testing';
import { afterAll, expect } from 'vitest';

import { allowed } from './allowed-scans.js';

const state = globalThis as { wholeScans?: Set<string> };
if (!state.wholeScans) {
  const found = new Set<string>();
  state.wholeScans = found;
  watchStatements(async (database) => {
    try {
      for (const scan of await wholeScansOf(database)) if (!allowed.has(scan.split(':')[0] ?? '')) found.add(scan);
    } catch (error) {
      // A test may have taken the server away, or a table.
      if (!isConnectionError(error)) throw error;
    }
  });
}
const { wholeScans } = state;

afterAll(() => {
  const found = [...wholeScans];
  wholeScans.clear();
  expect(found, 'statements that read a whole table or index').toEqual([]);
});
