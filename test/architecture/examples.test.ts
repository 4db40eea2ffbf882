import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseInventory } from '@trunkline/inventory';
import { checkRendered, ownerMark, parseTemplate, renderCommands, rowKey, strayRemovals } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'examples/scripts');

interface Pair {
  readonly id: number;
  readonly folder: string;
  readonly customerType: string;
  readonly variables: readonly { readonly name: string; readonly defaultValue?: string }[];
  readonly sample: Readonly<Record<string, string>>;
}

const pairs = JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')) as readonly Pair[];
const parsed = parseInventory(JSON.parse(execFileSync(process.execPath, [join(folder, 'add-to-inventory.mjs'), join(root, 'inventory.json')], { encoding: 'utf8' })));
const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
// As long as a short name may be: what is made of it has to fit as well.
const shortName = 'Northwind-Berlin'.slice(0, 15);

function rendered(pair: Pair, kind: 'onboarding' | 'cleanup') {
  const script = parsed.ok ? parsed.inventory.scriptTemplates.find(({ id }) => id === (kind === 'onboarding' ? pair.id : pair.id * 100)) : undefined;
  const template = parseTemplate(script?.script ?? '{{');
  if (!template.ok) throw new Error(JSON.stringify(template.errors));
  const defaults = Object.fromEntries(pair.variables.map(({ defaultValue = '', name }) => [name, defaultValue]));
  const sample = Object.fromEntries(Object.entries(pair.sample).map(([name, value]) => [name, value.replaceAll('%n', '417')]));
  const values = {
    ...defaults, ...sample, IpGroupName: shortName, CustomerGuid: customerGuid, OwnerMark: ownerMark(customerGuid), MsTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11',
    SbcFqdn: 'sbc5.example.net',
  };
  const commands = renderCommands(template.template, values);
  return { commands, ...checkRendered(kind, commands, customerGuid, {}) };
}

describe('the example scripts', () => {
  it('load with the shipped inventory, without a warning', () => {
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });

  describe.each(pairs.map((pair) => [pair.folder, pair] as const))('%s', (_folder, pair) => {
    it('is sent as it is, with the longest name', () => {
      expect([rendered(pair, 'onboarding').problems, rendered(pair, 'cleanup').problems]).toEqual([[], []]);
    });

    it('is taken away as a whole by its cleanup, and nothing else is', () => {
      const [{ rows }, { removes }] = [rendered(pair, 'onboarding'), rendered(pair, 'cleanup')];
      expect(removes.map(rowKey).sort()).toEqual(rows.map(rowKey).sort());
      expect(strayRemovals(removes, rows)).toEqual([]);
    });

    it('has an IP Group of its own unless it is for TENANT_TYPE', () => {
      expect(rendered(pair, 'onboarding').rows.some(({ table }) => table === 'ip-group')).toBe(pair.customerType === 'IPGROUP_TYPE');
    });

    it('stands in the README', () => {
      const [line = ''] = readFileSync(join(folder, 'README.md'), 'utf8').split('\n').filter((each) => each.includes(`(${pair.folder})`));
      for (const word of [String(pair.id), String(pair.id * 100), pair.customerType, ...Object.keys(pair.sample), ...pair.variables.map(({ name }) => name)]) {
        expect(line).toContain(word);
      }
      for (const { table } of rendered(pair, 'onboarding').rows) expect(line).toContain(table);
    });
  });
});
