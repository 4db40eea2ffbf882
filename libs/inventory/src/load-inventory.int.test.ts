import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRendered, compareRows, missingPlaceholders, ownerMark, parseTemplate, readConfiguration, renderCommands, scriptText } from '@trunkline/scripts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessOf, loadInventory } from './index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inventory-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const file = join(folder, 'inventory.json');
  await writeFile(file, text);
  return file;
}

describe('the inventory file', () => {
  it('takes a relative certificate file from its own folder', async () => {
    const sbc = { id: 1, ovocSbcId: 2, name: 'a', fqdn: 'a', access: { baseUrl: 'https://a', user: 'u', password: 'p', caFile: 'ca.pem' } };
    const { inventory } = await loadInventory(await fileWith(`\uFEFF${JSON.stringify({ sbcs: [sbc], scriptTemplates: [] })}`));
    expect(accessOf(inventory, {}).get(1)?.caFile).toBe(join(folder, 'ca.pem'));
  });

  it.each([
    ['is not JSON, and does not show the place\'s text', '{\n"password": "s3cret" x}', '$ is not JSON'],
    ['has problems', '{"sbcs": [], "scriptTemplates": [{}]}', '$.scriptTemplates[0].id is missing'],
  ])('is refused when it %s', async (_name, text, message) => {
    const error: unknown = await loadInventory(await fileWith(text)).catch((reason: unknown) => reason);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('s3cret');
  });

  it('is refused when it is not there', async () => {
    await expect(loadInventory(join(folder, 'none.json'))).rejects.toThrow('can\'t be read (ENOENT)');
  });
});

describe('the shipped inventory', () => {
  const file = join(import.meta.dirname, '../../../inventory.json');
  const values = {
    'IpGroupName': 'Contoso', 'MsTenantId': 'fcc608c4-095b-4d1a-90e3-2106fc7024de', 'CustomerGuid': '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10',
    'OwnerMark': ownerMark('5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10'),
    'CacProfile': '10 sessions', 'ProxySet': 'SIPTrunk', 'IPPBX-ProxyAddress': 'pbx.contoso.com', 'IPPBX-ProxyAddress-SIPPort': '5060', 'IPPBX-Password': 's3cret',
  };

  it('loads without a warning and holds the SBCs and scripts of the documented example', async () => {
    const { inventory, warnings } = await loadInventory(file);
    expect(warnings).toEqual([]);
    expect(inventory.sbcs.map((sbc) => [sbc.id, sbc.ovocSbcId, sbc.fqdn])).toEqual([[3, 403, 'sbc3.example.net'], [4, 404, 'sbc4.example.net'], [5, 405, 'sbc5.example.net']]);
    expect(inventory.scriptTemplates.map((script) => [script.id, script.scriptType])).toEqual([[7, 1], [700, 2], [8, 1], [800, 2]]);
    expect(inventory.scriptTemplates[2]?.customerVariables.filter((variable) => variable.secret).map((variable) => variable.name)).toEqual(['IPPBX-Password']);
  });

  it.each([[7, 700, 2], [8, 800, 3]])('has with %i and %i a pair that sets rows of the customer\'s own and removes exactly those', async (onboarding, cleanup, rowCount) => {
    const { inventory } = await loadInventory(file);
    const [first, second] = ([['onboarding', onboarding], ['cleanup', cleanup]] as const).map(([kind, id]) => {
      const parsed = parseTemplate(inventory.scriptTemplates.find((script) => script.id === id)?.script ?? '{{');
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      const commands = renderCommands(parsed.template, values);
      return { text: scriptText(commands), ...checkRendered(kind, commands, values.CustomerGuid, {}), missing: missingPlaceholders(parsed.template, values) };
    });
    const { rows } = first!;
    const { removes } = second!;
    expect([...first!.problems, ...second!.problems]).toEqual([]);
    expect(rows).toHaveLength(rowCount);
    expect(removes.map(({ table, name }) => ({ table, name }))).toEqual(rows.map(({ table, name }) => ({ table, name })).reverse());
    expect([first!.missing, second!.missing]).toEqual([[], []]);
    // A script's own text is a configuration too: it must compare equal to itself.
    const seen = compareRows(rows, readConfiguration(first!.text, 'all'), values.CustomerGuid);
    expect(seen).toEqual({ ours: rowCount, wanted: rowCount, missing: [], differing: [], differences: [], unverifiable: [] });
  });
});
