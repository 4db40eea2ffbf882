// Writes the JSON Schema of every message from the built classes; `npm run contracts:generate` builds first.
import 'reflect-metadata';

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { builtContracts } from './lib/built.mjs';

const { messageClasses, schemasOf } = await builtContracts();
const folder = resolve(import.meta.dirname, '../docs/api/schemas');
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) rmSync(join(folder, old));
for (const [type, schema] of schemasOf(messageClasses)) writeFileSync(join(folder, `${type}.json`), `${JSON.stringify(schema, null, 2)}\n`);
