import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { schemasOf } from './message-schemas.js';
import { messageClasses } from './registry.js';

const folder = resolve(import.meta.dirname, '../../../../docs/api/schemas');

describe('the checked-in JSON Schemas', () => {
  const schemas = schemasOf(messageClasses);

  it('are one a message', () => {
    expect(readdirSync(folder).sort()).toEqual([...schemas.keys()].map((type) => `${type}.json`).sort());
  });

  it.each([...schemas])('say of %s what its class says; if not: npm run contracts:generate', (type, schema) => {
    expect(JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});
