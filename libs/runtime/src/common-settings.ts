import { str, type ValidatorSpec } from 'envalid';

import { integer, secretsKey, urlOf } from './configuration.js';
import { logLevels } from './logger.js';

export const defaultInventoryFile = 'inventory.json';

/** Settings that several services share: one description, one default. A service names those it reads. */
export const commonSettings = {
  AMQP_URL: urlOf(['amqp', 'amqps'], { desc: 'RabbitMQ with account and virtual host' }),
  AMQP_NAME_PREFIX: str({ default: '', desc: 'Put before every exchange and queue, so that several installations can share a broker' }),
  DATABASE_URL: urlOf(['postgres', 'postgresql'], { desc: 'PostgreSQL, with the role of the service' }),
  DRAIN_MS: integer({ min: 1_000, max: 600_000 }, { default: 15_000, desc: 'How long what runs may go on after SIGTERM; what has not ended then is handed back' }),
  HEALTH_PORT: integer({ min: 0, max: 65_535 }, { default: 0, desc: 'Port of /health/live, /health/ready and /drain of a service without other HTTP; 0: none' }),
  LOG_LEVEL: str({ choices: logLevels, default: 'info', desc: 'Least important log line that is written' }) as ValidatorSpec<(typeof logLevels)[number]>,
  SBC_RESPONSE_TIMEOUT_MS: integer({ min: 500, max: 600_000 }, { default: 120_000, desc: 'How long an SBC may take to run a script' }),
  STEP_DEADLINE_MS: integer({ min: 1_000, max: 86_400_000 }, { default: 900_000, desc: 'How long a step goes on trying, from its first attempt' }),
  STEP_MAX_ATTEMPTS: integer({ min: 0, max: 1_000_000 }, { default: 0, desc: 'How many attempts a step has at most; 0: as many as STEP_DEADLINE_MS allows' }),
  INVENTORY_FILE: str({ default: defaultInventoryFile, desc: 'SBCs and script templates; see docs/operations.md' }),
  SECRETS_KEY: secretsKey({ desc: 'Key that encrypts secret script parameters: 32 bytes in base64' }),
} as const;

/** Names of shared settings that are secret: each may also be given as a file, `<NAME>_FILE`. */
export const commonSecrets = ['AMQP_URL', 'DATABASE_URL', 'SECRETS_KEY'] as const;
