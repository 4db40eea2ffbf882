import { services } from '@trunkline/contracts';

import type { Trunkline } from '../contenders/trunkline.js';
import { closedLoop } from './closed-loop.js';
import type { Stage } from '../stage.js';

const originals = 100;
const schemas = services.map(({ schema }) => schema);
/** They are catalogue, progress of migrations, or state of something that there is once. */
const leftAlone = ['sbc', 'script_template', 'customer_variable', 'catalogue_revision', 'migration', 'device_lease', 'outbox', 'dead_letter', 'failed_handling'];

interface Column extends Record<string, unknown> {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly is_identity: boolean;
}

/** Makes so many finished deployments: a hundred real ones, and copies of all their rows under other ids and names. */
export async function storeFinished(stage: Stage, trunkline: Trunkline, count: number): Promise<void> {
  if (count === 0) return;
  await closedLoop({ concurrency: 16, most: originals }, () => stage.create(trunkline));
  await stage.clear();
  const columns = await trunkline.rows<Column>(`
    SELECT c.table_schema AS schema, c.table_name AS "table", c.column_name AS name, c.data_type AS type, c.is_identity = 'YES' AS is_identity
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE' AND c.table_schema = ANY($1) AND c.table_name <> ALL($2) ORDER BY c.ordinal_position`, [schemas, leftAlone]);
  const tables = [...new Set(columns.map(({ schema, table }) => `${schema}.${table}`))];
  const copies = Math.ceil(count / originals) - 1;
  // References are kept by copying all tables in the same way; their order is left to the server, which looks at references no more.
  await trunkline.rows([
    'SET session_replication_role = replica',
    ...tables.map((table) => {
      const own = columns.filter((column) => `${column.schema}.${column.table}` === table && !column.is_identity);
      return `INSERT INTO ${table} (${own.map(({ name }) => name).join(', ')}) SELECT ${own.map(copied).join(', ')} FROM ${table}, generate_series(1, ${copies}) AS copy`;
    }),
    `ANALYZE`,
  ].join(';\n'));
}

function copied({ name, type }: Column): string {
  // With version and variant, without which the gateway takes it for no id.
  if (type === 'uuid') return `overlay(overlay(md5(${name}::text || copy) placing '4' from 13) placing '8' from 17)::uuid`;
  return /^(message_id|event_id|outcome_id|short_name|name)$/.test(name) ? `${name} || '~' || copy` : name;
}
