import { JSONSchema } from 'class-validator-jsonschema';

import { Rule } from './rule.js';

// What an `integer` column holds; no id of the catalogue or of OVOC is greater.
const maxId = 2_147_483_647;

/** Absent or an id. */
export function Id(field: string): PropertyDecorator {
  const rule = Rule('ID_FORMAT', `${field} must be an integer from 1 to ${maxId}.`, (value) => value === undefined || isId(value));
  const schema = JSONSchema({ type: 'integer', minimum: 1, maximum: maxId });
  return (target, propertyName) => {
    rule(target, propertyName);
    schema(target, String(propertyName));
  };
}

function isId(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxId;
}
