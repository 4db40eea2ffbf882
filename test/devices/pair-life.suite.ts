import { compareRows, readConfiguration, type ScriptRow, wantedNames } from '@trunkline/scripts';
import type { DeviceTables } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aName, create, documentedRequest, expectDeployed } from '../flows/suite/customers.js';
import type { Stage } from '../flows/suite/stage.js';
import { handChanges, placesOf, valuesOf } from './changes-by-hand.js';
import { type ExamplePair, renderedExample, sampleParameters } from './example-pairs.js';

let customers = 100;

export interface ExampleSite {
  readonly shortName: string;
  readonly number: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** A request that uses a pair on an SBC, with values of its own. */
export function exampleSite(pair: ExamplePair, sbcId: number, more: Readonly<Record<string, unknown>> = {}): ExampleSite {
  const [shortName, number] = [aName(), customers += 1];
  return {
    shortName, number,
    request: {
      ...documentedRequest, shortName, fullName: 'Example Ltd', ovocCustomerType: pair.customerType, scriptParameters: sampleParameters(pair, number),
      siteLocation: { sbcId, sbcOnboardingScript: pair.id, sbcCleanupScript: pair.id * 100 }, ...more,
    },
  };
}

/** The rows a site has to have on its SBC. */
export function rowsOfSite(pair: ExamplePair, { number, shortName }: ExampleSite, customerGuid: string, sbcId: number): readonly ScriptRow[] {
  return renderedExample(pair, 'onboarding', { shortName, number, customerGuid, msTenantId: documentedRequest.msTenantId, sbcFqdn: `sbc${sbcId}.example.net` }).rows;
}

/** Every row of a script as the tables of a device have it: in effect, with each value, and with the rows inside it in their order. */
export function expectRows(rows: readonly ScriptRow[], tables: DeviceTables): void {
  const places = placesOf(rows, tables);
  const wanted = rows.flatMap((row) => [row, ...row.children]);
  expect(places.map((place) => place.wanted)).toEqual(wanted);
  for (const { child, row, table, wanted: { cleared = [], parameters } } of places) {
    const own = child?.row ?? row;
    expect({ table, ...valuesOf(own), notActivated: own.notActivated ?? false }).toEqual({ table, ...parameters, notActivated: false });
    for (const name of cleared) expect(own[name] ?? '').toBe('');
  }
  for (const { children, ...row } of rows) {
    const [place] = placesOf([{ ...row, children: [] }], tables);
    if (place && !place.child) expect(Object.values(place.row.children ?? {}).flat()).toHaveLength(children.length);
  }
}

/** A pair on one SBC from the request to the removal. */
export function pairLife(stage: Stage, pair: ExamplePair, sbcId: number): void {
  const secrets = pair.variables.some(({ secret }) => secret) ? ['password'] : [];

  describe(`${pair.folder} on SBC ${sbcId}`, () => {
    it('stands as its script says, running and saved, and is removed without a trace', async () => {
      const before = await stage.simulators.tables(sbcId);
      const site = exampleSite(pair, sbcId);
      const { id } = expectDeployed(await create(stage, site.request));
      const rows = rowsOfSite(pair, site, id, sbcId);
      const { running, saved } = await stage.simulators.tables(sbcId);
      expectRows(rows, running);
      expect(saved).toEqual(running);
      const removed = await stage.app.http.delete(`/api/v2/customer/${id}`);
      expect([removed.status, removed.text]).toEqual([200, '1']);
      expect(await stage.simulators.tables(sbcId)).toEqual(before);
    });

    it('is found changed, whatever somebody changes by hand', async () => {
      const before = await stage.simulators.tables(sbcId);
      const site = exampleSite(pair, sbcId);
      const { id } = expectDeployed(await create(stage, site.request));
      const rows = rowsOfSite(pair, site, id, sbcId);
      const after = await stage.simulators.tables(sbcId);
      const stands = async (): Promise<boolean> => {
        const seen = compareRows(rows, readConfiguration(await stage.simulators.print(sbcId), wantedNames(rows)), id, { unmarkedAreOurs: true });
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
      expect((await stage.app.http.delete(`/api/v2/customer/${id}`)).status).toBe(200);
      expect(await stage.simulators.tables(sbcId)).toEqual(before);
    });
  });
}
