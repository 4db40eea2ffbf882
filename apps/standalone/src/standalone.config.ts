import { type Environment, readConfiguration, secretsKey, urlOf, type ValuesOf } from '@trunkline/runtime';
import { bool, str } from 'envalid';

import { gatewaySecrets, gatewaySettings, shutdownProblems } from '../../gateway/src/gateway.config.js';
import { ovocSyncSecrets, ovocSyncSettings } from '../../ovoc-sync/src/ovoc-sync.config.js';
import { provisionerSecrets, provisionerSettings } from '../../provisioner/src/provisioner.config.js';
import { sbcAgentSecrets, sbcAgentSettings } from '../../sbc-agent/src/sbc-agent.config.js';

const { HEALTH_PORT: _hasHttp, ...services } = { ...gatewaySettings, ...provisionerSettings, ...sbcAgentSettings, ...ovocSyncSettings };

/** All settings of the four services; what the standalone can bring itself is optional. */
export const standaloneSettings = {
  ...services,
  AMQP_URL: urlOf(['amqp', 'amqps'], { default: '', desc: 'RabbitMQ with account and virtual host; without it the services are joined in process' }),
  DATABASE_URL: urlOf(['postgres', 'postgresql'], { default: '', desc: 'PostgreSQL whose role may make schemas; without it an embedded server runs' }),
  SECRETS_KEY: secretsKey({ default: '', desc: 'Key that encrypts secret script parameters: 32 bytes in base64; without it one is kept in the data folder' }),
  EXIT_WITH_STDIN: bool({ default: false, desc: 'End when standard input does: for commands that start it' }),
  DATA_DIR: str({ default: '', desc: 'Folder of the embedded server and the generated key' }),
};
export const standaloneSecrets = [...new Set([...gatewaySecrets, ...provisionerSecrets, ...sbcAgentSecrets, ...ovocSyncSecrets])];

export type StandaloneConfiguration = ValuesOf<typeof standaloneSettings>;

export function readStandaloneConfiguration(environment: Environment): StandaloneConfiguration {
  return readConfiguration(standaloneSettings, environment, standaloneSecrets, shutdownProblems);
}
