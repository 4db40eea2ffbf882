import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { composeSettings } from './docker.mjs';

const composeFile = readFileSync(resolve(import.meta.dirname, '../../docker-compose.yml'), 'utf8');

describe('the broker of the compose file', () => {
  it('is started with every variable the file insists on', () => {
    const needed = new Set([...composeFile.matchAll(/\$\{(\w+):?\?/g)].map(([, name]) => name));
    const given = composeSettings('secret', 40_000);
    expect(needed.size).toBeGreaterThan(0);
    expect([...needed].filter((name) => !given[name ?? ''])).toEqual([]);
  });

  it('gets the account and the port that the URL will have', () => {
    expect(composeSettings('secret', 40_000)).toMatchObject({ RABBITMQ_USER: 'trunkline', RABBITMQ_PASSWORD: 'secret', RABBITMQ_PORT: '40000' });
    for (const name of ['RABBITMQ_USER', 'RABBITMQ_PASSWORD', 'RABBITMQ_PORT']) expect(composeFile).toContain(`\${${name}:`);
  });
});
