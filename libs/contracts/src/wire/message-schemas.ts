import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface MessageClass {
  readonly type: string;
  readonly name: string;
}

/** JSON Schema (2020-12) of each message class by its type, from the class's own rules; unknown properties are allowed. */
export function schemasOf(classes: readonly MessageClass[]): Map<string, JsonSchema> {
  const generated = validationMetadatasToSchemas({ classTransformerMetadataStorage: defaultMetadataStorage as never, refPointerPrefix: '#/$defs/' });
  // A dictionary's own rules say what it holds; the generator also points at a class `Object`, which there is none of.
  const all = JSON.parse(JSON.stringify(generated), (key, value: unknown) => (key === '$ref' && value === '#/$defs/Object' ? undefined : value)) as Record<string, JsonSchema>;
  return new Map(classes.map((message) => {
    const own = all[message.name];
    if (!own) throw new Error(`${message.name} has no rules`);
    const definitions = reachable(own, all);
    return [message.type, {
      $schema: 'https://json-schema.org/draft/2020-12/schema', $id: message.type, title: message.name, ...own,
      ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
    }];
  }));
}

function reachable(schema: JsonSchema, all: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const waiting = [schema];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [, name] of JSON.stringify(next).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      const definition = name === undefined ? undefined : all[name];
      if (name === undefined || found.has(name)) continue;
      if (!definition) throw new Error(`no rules for ${name}`);
      found.set(name, definition);
      waiting.push(definition);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
