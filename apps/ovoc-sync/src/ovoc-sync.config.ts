import { commonSecrets, commonSettings, type Environment, httpUrl, integer, readConfiguration, type ValuesOf } from '@trunkline/runtime';
import { str } from 'envalid';

const { AMQP_NAME_PREFIX, AMQP_URL, DATABASE_URL, DRAIN_MS, HEALTH_PORT, LOG_LEVEL, STEP_DEADLINE_MS, STEP_MAX_ATTEMPTS } = commonSettings;

export const ovocSyncSettings = {
  AMQP_URL,
  AMQP_NAME_PREFIX,
  DATABASE_URL,
  DRAIN_MS,
  HEALTH_PORT,
  OVOC_BASE_URL: httpUrl({ desc: 'OVOC up to the host, without /ovoc/v1' }),
  OVOC_USER: str({ desc: 'Account of OVOC\'s REST interface' }),
  OVOC_PASSWORD: str({ desc: 'Its password' }),
  OVOC_TENANT_ID: integer({ min: 1, max: 2_147_483_647 }, { default: 1, desc: 'OVOC tenant of customers without a channel' }),
  OVOC_RESPONSE_TIMEOUT_MS: integer({ min: 100, max: 600_000 }, { default: 30_000, desc: 'How long OVOC may take to answer a call' }),
  OVOC_VISIBILITY_MS: integer({ min: 0, max: 600_000 }, { default: 10_000, desc: 'How long OVOC may take to show what it has created' }),
  STEP_DEADLINE_MS,
  STEP_MAX_ATTEMPTS,
  LOG_LEVEL,
};
export const ovocSyncSecrets = [...commonSecrets, 'OVOC_PASSWORD'];

export type OvocSyncConfiguration = ValuesOf<typeof ovocSyncSettings>;

export function readOvocSyncConfiguration(environment: Environment): OvocSyncConfiguration {
  return readConfiguration(ovocSyncSettings, environment, ovocSyncSecrets);
}
