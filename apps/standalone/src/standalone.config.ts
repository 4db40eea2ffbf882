import { type Environment, readConfiguration, secretsKey, urlOf, type ValuesOf } from '@trunkline/runtime';
import { bool, str } from 'envalid';

import { gatewaySecrets, gatewaySettings, shutdownProblems } from '../../gateway/src/gateway.config.js';
import { workers } from './workers.js';

type Together<Each> = (Each extends unknown ? (each: Each) => void : never) extends (all: infer All) => void ? All : never;
type WorkerSettings = Together<(typeof workers)[number]['settings']>;

const workerSettings = Object.assign({}, ...workers.map(({ settings }) => settings)) as WorkerSettings;
const { HEALTH_PORT: _hasHttp, ...services } = { ...gatewaySettings, ...workerSettings };

/** All settings of the four services; what the standalone can bring itself is optional. */
export const standaloneSettings = {
  ...services,
  AMQP_URL: urlOf(['amqp', 'amqps'], { default: '', desc: 'RabbitMQ with account and virtual host; without it the services are joined in process' }),
  DATABASE_URL: urlOf(['postgres', 'postgresql'], { default: '', desc: 'PostgreSQL whose role may make schemas; without it an embedded server runs' }),
  SECRETS_KEY: secretsKey({ default: '', desc: 'Key that encrypts secret script parameters: 32 bytes in base64; without it one is kept in the data folder' }),
  EXIT_WITH_STDIN: bool({ default: false, desc: 'End when standard input does: for commands that start it' }),
  DATA_DIR: str({ default: '', desc: 'Folder of the embedded server and the generated key' }),
};
export const standaloneSecrets = [...new Set([...gatewaySecrets, ...workers.flatMap(({ secrets }) => secrets)])];

export type StandaloneConfiguration = ValuesOf<typeof standaloneSettings>;

export function readStandaloneConfiguration(environment: Environment): StandaloneConfiguration {
  return readConfiguration(standaloneSettings, environment, standaloneSecrets, shutdownProblems);
}
