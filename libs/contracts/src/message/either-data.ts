import type { JSONSchema } from 'class-validator-jsonschema';

type SchemaChange = Extract<Parameters<typeof JSONSchema>[0], (...parts: never[]) => unknown>;

/** For a class of requests: what it calls `data` comes in one of two forms. */
export const eitherData: SchemaChange = ({ properties, required = [], ...schema }) => ({
  ...schema,
  properties: { ...properties, data_base64: { type: 'string', ...{ contentEncoding: 'base64', contentMediaType: 'application/json' } } },
  required: required.filter((name) => name !== 'data'),
  oneOf: [{ required: ['data'] }, { required: ['data_base64'] }],
});
