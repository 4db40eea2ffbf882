import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseInventory } from '@trunkline/inventory';
import { rowKey } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { type ExamplePair, examplePairs, examplesFolder, renderedExample } from '../devices/example-pairs.js';
import { siteRows } from '../faults/checker/site-rows.js';

const root = resolve(import.meta.dirname, '../..');
const parsed = parseInventory(JSON.parse(execFileSync(process.execPath, [join(examplesFolder, 'add-to-inventory.mjs'), join(root, 'inventory.json')], { encoding: 'utf8' })));
// As long as a short name may be: what is made of it has to fit as well.
const customer = {
  shortName: 'Northwind-Berli', customerGuid: '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10', msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', sbcFqdn: 'sbc5.example.net', number: 417,
};
const rendered = (pair: ExamplePair, kind: 'onboarding' | 'cleanup') => renderedExample(pair, kind, customer);

describe('the example scripts', () => {
  it('load with the shipped inventory, without a warning', () => {
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });

  describe.each(examplePairs.map((pair) => [pair.folder, pair] as const))('%s', (_folder, pair) => {
    it('is sent as it is, with the longest name', () => {
      expect([rendered(pair, 'onboarding').problems, rendered(pair, 'cleanup').problems]).toEqual([[], []]);
    });

    it('is taken away as a whole by its cleanup, and nothing else is', () => {
      const [{ rows }, { removes }] = [rendered(pair, 'onboarding'), rendered(pair, 'cleanup')];
      expect(removes.map(rowKey).sort()).toEqual(rows.map(rowKey).sort());
    });

    it('has an IP Group of its own unless it is for TENANT_TYPE', () => {
      expect(rendered(pair, 'onboarding').rows.some(({ table }) => table === 'ip-group')).toBe(pair.customerType === 'IPGROUP_TYPE');
    });

    it('makes the rows that the fault suite looks for', () => {
      const judged = siteRows({ script: pair.id, shortName: customer.shortName }).map(({ name, parent, table }) => (parent ? `${parent.table} ${table} ${name}` : `${table} ${name}`));
      expect(judged.sort()).toEqual(rendered(pair, 'onboarding').rows.map(({ name, table }) => `${table} ${name}`).sort());
    });

    it('stands in the README', () => {
      const [line = ''] = readFileSync(join(examplesFolder, 'README.md'), 'utf8').split('\n').filter((each) => each.includes(`(${pair.folder})`));
      for (const word of [String(pair.id), String(pair.id * 100), pair.customerType, ...Object.keys(pair.sample), ...pair.variables.map(({ name }) => name)]) {
        expect(line).toContain(word);
      }
      for (const { table } of rendered(pair, 'onboarding').rows) expect(line).toContain(table);
    });
  });
});
