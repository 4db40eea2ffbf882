import { afterEach, beforeEach, describe } from 'vitest';
import { askingConformance } from './conformance/asking.conformance.js';
import { publishingConformance } from './conformance/publishing.conformance.js';
import { readingConformance } from './conformance/reading.conformance.js';
import { type TransportPair, type TransportHarness } from './conformance/stage.conformance.js';

/** What every transport promises. Adapters that promise more (survive a cut, keep messages) have tests of their own for that. */
export function transportConformance(name: string, makeHarness: () => Promise<TransportHarness>): void {
  describe(`${name} as a transport`, () => {
    // Filled before each case.
    const at = {} as TransportPair;

    beforeEach(async () => {
      at.harness = await makeHarness();
      at.transport = at.harness.open();
      at.other = at.harness.open();
      await Promise.all([at.transport.start(), at.other.start()]);
    });

    afterEach(async () => {
      await at.harness.dispose();
    });

    publishingConformance(at);
    readingConformance(at);
    askingConformance(at);
  });
}
