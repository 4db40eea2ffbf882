import type { Resource } from './resources.js';

/** A query that OVOC can't read; the message is its answer. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

export interface Condition {
  readonly field: string;
  readonly value: string | number;
}

const term = /^\s*([A-Za-z]+)\s*=\s*(?:'([^']*)'|(-?\d{1,15}))\s*/;

/**
 * Reads `(name='x' and tenantId=1)`. Values of integer fields stand bare, all others in single quotes, which can't be escaped.
 * @throws BadQuery
 */
export function parseFilter(filter: string, { fields }: Resource): Condition[] {
  const inner = /^\s*\((.*)\)\s*$/s.exec(filter)?.[1];
  if (inner === undefined) throw new BadQuery('Invalid filter: it must stand in parentheses');
  const conditions: Condition[] = [];
  let rest = inner;
  for (;;) {
    const found = term.exec(rest);
    if (!found) throw new BadQuery(`Invalid filter near '${rest.slice(0, 40)}'`);
    conditions.push(conditionOf(found[1] ?? '', found[2], found[3], fields));
    rest = rest.slice(found[0].length);
    if (rest === '') return conditions;
    const and = /^and\b/i.exec(rest);
    if (!and) throw new BadQuery(`Invalid filter near '${rest.slice(0, 40)}'`);
    rest = rest.slice(and[0].length);
  }
}

function conditionOf(field: string, text: string | undefined, number: string | undefined, fields: Resource['fields']): Condition {
  const type = field === 'id' ? 'integer' : fields[field]?.type;
  if (type === undefined) throw new BadQuery(`Invalid filter: unknown field '${field}'`);
  if (type === 'integer' && number === undefined) throw new BadQuery(`Invalid filter: ${field} is a number`);
  if (type !== 'integer' && text === undefined) throw new BadQuery(`Invalid filter: ${field} is a text`);
  return { field, value: type === 'integer' ? Number(number) : text ?? '' };
}
