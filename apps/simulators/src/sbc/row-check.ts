import type { ParameterSchema, TableSchema } from './schema/table-schema.js';
import type { Configuration } from './tables.js';
import { CommandError } from './words.js';

/** Checks a value by itself. @throws CommandError */
export function checkValue(name: string, value: string, schema: ParameterSchema): void {
  const { choices, range, maxLength = 250, maxTags = Infinity } = schema;
  if (choices && !choices.includes(value)) throw new CommandError(`Invalid value '${value}' for ${name}; it is one of ${choices.join(', ')}`);
  if (range && !(/^-?\d{1,9}$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1])) {
    throw new CommandError(`Invalid value '${value}' for ${name}; it is a number from ${range[0]} to ${range[1]}`);
  }
  if (value.length > maxLength) throw new CommandError(`Invalid value for ${name}: longer than ${maxLength} characters`);
  if (value.split(';').length > maxTags) throw new CommandError(`Invalid value for ${name}: more than ${maxTags} tags`);
}

/** Checks a row against the rest of the configuration, as `activate` does. @throws CommandError */
export function checkRow(schema: TableSchema, values: Readonly<Record<string, string>>, configuration: Configuration): void {
  if (schema.isNameRequired && !values[schema.nameParameter]) throw new CommandError(`Incomplete command: ${schema.title} needs a ${schema.nameParameter}`);
  for (const [name, value] of Object.entries(values)) {
    const { refersTo, wildcards = [] } = schema.parameters[name] ?? {};
    if (refersTo === undefined || value === '' || wildcards.includes(value)) continue;
    const table = configuration.table(refersTo);
    const row = table?.named(value);
    if (!row) throw new CommandError(`${table?.schema.title ?? refersTo} '${value}' is not found`);
    if (row.notActivated) throw new CommandError(`Invalid ${name}: ${table?.schema.title ?? refersTo} '${value}' is not activated`);
  }
}
