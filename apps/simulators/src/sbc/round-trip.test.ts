import { readConfiguration } from '@trunkline/scripts';
import { describe, expect, it } from 'vitest';

import { type Counts, roundTrip } from './round-trip.testing.js';
import { tableSchemas } from './schema/device-tables.js';
import type { TableSchema } from './schema/table-schema.js';

describe('a script of any tables, run on a device and read back', () => {
  it('is complete in the print of either profile, and not after any one change of it', { timeout: 60_000 }, () => {
    const counts: Counts = new Map();
    const wrong = Array.from({ length: 200 }, (_each, seed) => roundTrip(seed + 1, 1, counts)).flat();
    expect(wrong).toEqual([]);
    expect([counts.get('scripts'), counts.get('complete'), (counts.get('changed prints A') ?? 0) + (counts.get('changed prints B') ?? 0)]).toEqual([200, 400, 400]);
  });
});

describe('a row that refers to another', () => {
  const references = (schema: TableSchema, opening: readonly string[]): (readonly [string, readonly string[], string])[] => [
    ...Object.entries(schema.parameters).flatMap(([parameter, { refersTo }]) => (refersTo === undefined ? [] : [[parameter, opening, refersTo] as const])),
    ...(schema.children ?? []).flatMap((child) => references(child, [...opening, 'activate', `${child.path} 0`])),
  ];
  const all = tableSchemas({}).filter(({ section }) => section === 'voip').flatMap((schema) => references(schema, [`${schema.path} 3`]));

  it.each(all.map(([parameter, opening, target]) => [opening.at(-1) ?? '', parameter, target, opening] as const))('is seen as one: %s by %s to %s', (_row, parameter, target, opening) => {
    const device = readConfiguration(['configure voip', ...opening, `${parameter} "Northwind7"`, 'activate', 'exit', 'exit', 'exit'].join('\n'), { names: ['Northwind7'], parentTables: [] });
    const table = target === 'interface network-if' ? `network:${target}` : target;
    expect(device.usersOf({ table, name: 'Northwind7' })).toHaveLength(1);
  });
});
