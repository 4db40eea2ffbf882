import { commonSecrets, commonSettings, type Environment, readConfiguration, type ValuesOf } from '@trunkline/runtime';

const {
  AMQP_NAME_PREFIX, AMQP_URL, DATABASE_URL, HEALTH_PORT, INVENTORY_FILE, LOG_LEVEL, SBC_RESPONSE_TIMEOUT_MS, SECRETS_KEY, STEP_DEADLINE_MS, STEP_MAX_ATTEMPTS,
} = commonSettings;

export const sbcAgentSettings = {
  AMQP_URL,
  AMQP_NAME_PREFIX,
  DATABASE_URL,
  HEALTH_PORT,
  INVENTORY_FILE,
  SECRETS_KEY,
  SBC_RESPONSE_TIMEOUT_MS,
  STEP_DEADLINE_MS,
  STEP_MAX_ATTEMPTS,
  LOG_LEVEL,
};
export const sbcAgentSecrets = [...commonSecrets];

export type SbcAgentConfiguration = ValuesOf<typeof sbcAgentSettings>;

export function readSbcAgentConfiguration(environment: Environment): SbcAgentConfiguration {
  return readConfiguration(sbcAgentSettings, environment, sbcAgentSecrets);
}
