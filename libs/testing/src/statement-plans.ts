import { Database, type Statement, type Transaction } from '@trunkline/persistence';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plans'?: readonly PlanNode[];
}

/** Named statements by their text, of each database that the tests have open. */
const statements = new WeakMap<Database, Map<string, string>>();

/** Of statements whose plans have been looked at, by their text: whatever database runs one, its plan is the same. */
const scansOf = new Map<string, readonly string[]>();

/** From now on the named statements that any `Database` runs are kept, for `wholeScansOf`. `onClose` comes before one is closed. */
export function watchStatements(onClose: (database: Database) => Promise<void>): void {
  const { close, run, transaction } = Database.prototype;
  const keep = (database: Database, { name, text }: Statement): void => {
    const known = statements.get(database) ?? new Map<string, string>();
    statements.set(database, known);
    if (name !== '') known.set(text, name);
  };
  Database.prototype.run = function (this: Database, statement) {
    keep(this, statement);
    return run.call(this, statement) as never;
  };
  Database.prototype.transaction = function (this: Database, work, options) {
    const kept = (inner: Transaction): Transaction => ({
      run: (statement) => {
        keep(this, statement);
        return inner.run(statement);
      },
      send: (statement) => {
        keep(this, statement);
        inner.send(statement);
      },
    });
    return transaction.call(this, (inner) => work(kept(inner)), options) as never;
  };
  Database.prototype.close = async function (this: Database) {
    await onClose(this);
    await close.call(this);
  };
}

/** Whether this database has run a statement whose name begins so. */
export function hasRun(database: Database, name: string): boolean {
  return [...statements.get(database)?.values() ?? []].some((known) => known.startsWith(name));
}

/**
 * What is known of how much the tables hold; without it a plan is the one that an empty table gets, whenever the server has last counted. Each for itself: who
 * owns a table may forget what is known of it.
 */
const forgetting = [
  'SELECT pg_clear_relation_stats(schemaname, tablename) FROM pg_tables WHERE schemaname = current_schema()',
  'SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited) FROM pg_stats WHERE schemaname = current_schema()',
];

/** Where the named statements that this database has run read a whole table or index, whatever their parameters: `<statement>: <index or table>`. */
export async function wholeScansOf(database: Database): Promise<string[]> {
  const known = [...statements.get(database) ?? []];
  const unseen = known.filter(([text]) => !scansOf.has(text));
  if (unseen.length > 0) {
    await database.transaction(async (transaction) => {
      for (const text of forgetting) transaction.send({ name: '', text, values: [] });
      for (const [text] of unseen) scansOf.set(text, wholeScansIn(await planOf(transaction, text)));
    });
  }
  return known.flatMap(([text, name]) => (scansOf.get(text) ?? []).map((scan) => `${name}: ${scan}`));
}

async function planOf(transaction: Transaction, text: string): Promise<PlanNode> {
  const [row] = await transaction.run<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>({
    name: '', text: `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`, values: [],
  });
  if (!row) throw new Error('EXPLAIN has no answer');
  return row['QUERY PLAN'][0].Plan;
}

function wholeScansIn(node: PlanNode): string[] {
  const isWhole = /^(Seq|Index|Index Only|Bitmap Index) Scan$/.test(node['Node Type']) && node['Index Cond'] === undefined;
  return [...isWhole ? [node['Index Name'] ?? node['Relation Name'] ?? ''] : [], ...(node.Plans ?? []).flatMap(wholeScansIn)];
}
