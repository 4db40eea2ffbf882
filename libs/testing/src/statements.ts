import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { checkoutDir } from './service-process.js';

/** Names of the statements that this process sends to PostgreSQL on sessions that are opened after it began. */
export class SentStatements {
  private readonly names = new Set<string>();
  private readonly query: unknown = Reflect.get(Client.prototype, 'query');

  constructor() {
    const { names, query } = this;
    Reflect.set(Client.prototype, 'query', function (this: Client, ...given: unknown[]): unknown {
      const [statement] = given;
      if (typeof statement === 'object' && statement !== null && 'name' in statement) names.add(String(statement.name));
      return Reflect.apply(query as (...args: unknown[]) => unknown, this, given);
    });
  }

  /** Of these names those that no statement sent begins with. */
  missing(names: readonly string[]): string[] {
    return names.filter((name) => ![...this.names].some((sent) => sent.startsWith(name)));
  }

  stop(): void {
    Reflect.set(Client.prototype, 'query', this.query);
  }
}

/** Names, or how they begin, of the statements in the sources of a folder that insert, update or delete rows of a table. */
export function statementsWriting(table: string, folder: string): string[] {
  const path = join(checkoutDir, folder);
  const sources = readdirSync(path).filter((name) => name.endsWith('.ts') && !/\.(test|testing|migration)\.ts$/.test(name)).map((name) => readFileSync(join(path, name), 'utf8'));
  const writes = new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM) ${table}\\b`);
  return sources.flatMap((text) => text.split(/(?=(?:name: |\[)[`'][a-z])/))
    .flatMap((part) => (writes.test(part) ? [/^(?:name: |\[)[`']([a-z-]+)/.exec(part)?.[1] ?? `not named: ${part.slice(0, 80)}`] : []));
}
