import type { ScriptRow } from '@trunkline/scripts';
import type { DeviceTables } from '@trunkline/testing';
import { expect } from 'vitest';

import { aName, documentedRequest } from '../flows/suite/customers.js';
import { placesOf, valuesOf } from './changes-by-hand.js';
import { type ExamplePair, renderedExample, sampleParameters } from './example-pairs.js';

let customers = 100;

export interface ExampleSite {
  readonly pair: ExamplePair;
  readonly sbcId: number;
  readonly shortName: string;
  readonly number: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** A request that uses a pair on an SBC, with values of its own. */
export function exampleSite(pair: ExamplePair, sbcId: number, more: Readonly<Record<string, unknown>> = {}): ExampleSite {
  const [shortName, number] = [aName(), customers += 1];
  return {
    pair, sbcId, shortName, number,
    request: {
      ...documentedRequest, shortName, fullName: 'Example Ltd', ovocCustomerType: pair.customerType, scriptParameters: sampleParameters(pair, number),
      siteLocation: { sbcId, sbcOnboardingScript: pair.id, sbcCleanupScript: pair.id * 100 }, ...more,
    },
  };
}

/** The rows a site has to have on its SBC. */
export function rowsOfSite({ number, pair, sbcId, shortName }: ExampleSite, customerGuid: string): readonly ScriptRow[] {
  return renderedExample(pair, 'onboarding', { shortName, number, customerGuid, msTenantId: documentedRequest.msTenantId, sbcFqdn: `sbc${sbcId}.example.net` }).rows;
}

/** Every row of a script is there as the tables of a device have it: in effect, with each value and no other, and with the rows inside it in their order. */
export function expectRows(rows: readonly ScriptRow[], tables: DeviceTables): void {
  const places = placesOf(rows, tables);
  expect(places.map(({ wanted }) => wanted)).toEqual(rows.flatMap((row) => [row, ...row.children]));
  for (const { child, row, table, wanted } of places) {
    const own = child?.row ?? row;
    expect({ table, ...valuesOf(own), notActivated: own.notActivated ?? false }).toEqual({ table, ...wanted.parameters, notActivated: false });
    const inside = rows.find((each) => each === wanted)?.children ?? [];
    if (!child) expect(Object.values(row.children ?? {}).flat()).toHaveLength(inside.length);
  }
}
