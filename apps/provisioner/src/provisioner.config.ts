import { commonSecrets, commonSettings, type Environment, httpUrl, integer, readConfiguration, type ValuesOf } from '@trunkline/runtime';
import { str, type ValidatorSpec } from 'envalid';

import { type MicrosoftCloud, microsoftClouds } from './microsoft/microsoft-tenants.js';

const {
  AMQP_NAME_PREFIX, AMQP_URL, DATABASE_URL, DRAIN_MS, HEALTH_PORT, INVENTORY_FILE, LOG_LEVEL, SBC_RESPONSE_TIMEOUT_MS, SECRETS_KEY, STEP_DEADLINE_MS,
} = commonSettings;

export const provisionerSettings = {
  AMQP_URL,
  AMQP_NAME_PREFIX,
  DATABASE_URL,
  DRAIN_MS,
  HEALTH_PORT,
  INVENTORY_FILE,
  SECRETS_KEY,
  MICROSOFT_BASE_URL: httpUrl({ desc: 'Microsoft\'s login service, e.g. https://login.microsoftonline.com' }),
  MICROSOFT_CLOUD: str({ choices: microsoftClouds, default: 'public', desc: 'Microsoft cloud whose tenants are served' }) as ValidatorSpec<MicrosoftCloud>,
  SBC_ID_SOURCE: str({ choices: ['ump', 'ovoc'], default: 'ump', desc: 'Whose numbers `sbcId` in a request uses: the catalogue\'s own, or OVOC\'s' }) as ValidatorSpec<'ump' | 'ovoc'>,
  ON_FAILURE: str({ choices: ['undo', 'hold'], default: 'undo', desc: 'After a permanent fault, or when the time is over: undo everything, or hold the deployment for an operator' }) as ValidatorSpec<'undo' | 'hold'>,
  START_BY_MS: integer({ min: 60_000, max: 604_800_000 }, { default: 86_400_000, desc: 'How long a deployment may wait in the queue of its SBC before it no longer begins' }),
  REDRIVE_AFTER_MS: integer({ min: 500, max: 3_600_000 }, { default: 15_000, desc: 'When a step that has not reported is asked again; doubles each time, up to 32 times as long' }),
  CLEANUP_RETRY_MS: integer({ min: 500, max: 3_600_000 }, { default: 60_000, desc: 'When a cleanup that could not be finished is begun again; doubles each time, up to 256 times as long' }),
  STEP_DEADLINE_MS,
  SBC_RESPONSE_TIMEOUT_MS,
  LOG_LEVEL,
};
export const provisionerSecrets = [...commonSecrets];

export type ProvisionerConfiguration = ValuesOf<typeof provisionerSettings>;

export function readProvisionerConfiguration(environment: Environment): ProvisionerConfiguration {
  return readConfiguration(provisionerSettings, environment, provisionerSecrets);
}
