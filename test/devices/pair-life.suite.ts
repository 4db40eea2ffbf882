import { compareRows, readConfiguration, Wanted } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { create, expectDeployed } from '../flows/suite/customers.js';
import type { Stage } from '../flows/suite/stage.js';
import { handChanges, placesOf } from './changes-by-hand.js';
import type { ExamplePair } from './example-pairs.js';
import { exampleSite, expectRows, rowsOfSite } from './example-sites.js';

/** A pair on one SBC from the request to the removal. */
export function pairLife(stage: Stage, pair: ExamplePair, sbcId: number): void {
  // Of what a device shows only that it is set nobody can see that it was changed.
  const secrets = pair.variables.some(({ secret }) => secret) ? ['password'] : [];

  describe(`${pair.folder} on SBC ${sbcId}`, () => {
    it('stands as its script says, is found changed after any change, and leaves no trace', async () => {
      const before = await stage.simulators.tables(sbcId);
      const site = exampleSite(pair, sbcId);
      const { id } = expectDeployed(await create(stage, site.request));
      const rows = rowsOfSite(site, id);
      const after = await stage.simulators.tables(sbcId);
      expectRows(rows, after.running);
      expect(after.saved).toEqual(after.running);

      const stands = async (): Promise<boolean> => {
        const seen = compareRows(rows, readConfiguration(await stage.simulators.print(sbcId), new Wanted(rows)), id, { unmarkedAreOurs: true });
        return seen.foreign === undefined && seen.ours === seen.wanted;
      };
      expect(await stands()).toBe(true);
      const unseen: string[] = [];
      const changes = handChanges(stage.simulators, sbcId, placesOf(rows, after.running), secrets);
      for (const { apply, takeBack, what } of changes) {
        await apply();
        if (await stands()) unseen.push(what);
        await takeBack();
      }
      expect(unseen).toEqual([]);
      expect(changes.length).toBeGreaterThan(rows.length * 2);
      expect(await stage.simulators.tables(sbcId)).toEqual(after);

      const removed = await stage.app.http.delete(`/api/v2/customer/${id}`);
      expect([removed.status, removed.text]).toEqual([200, '1']);
      expect(await stage.simulators.tables(sbcId)).toEqual(before);
    });
  });
}
