import { commonSecrets, commonSettings, type Environment, integer, readConfiguration, type ValuesOf } from '@trunkline/runtime';

const {
  AMQP_NAME_PREFIX, AMQP_URL, DATABASE_URL, DRAIN_MS, HEALTH_PORT, INVENTORY_FILE, LOG_LEVEL, SBC_RESPONSE_TIMEOUT_MS, SECRETS_KEY, STEP_DEADLINE_MS,
  STEP_MAX_ATTEMPTS,
} = commonSettings;

export const sbcAgentSettings = {
  AMQP_URL,
  AMQP_NAME_PREFIX,
  DATABASE_URL,
  DRAIN_MS,
  HEALTH_PORT,
  INVENTORY_FILE,
  SECRETS_KEY,
  AGENT_DEVICES: integer({ min: 1, max: 1_000 }, { default: 64, desc: 'How many SBCs an agent works on at once' }),
  SCALING_DEVICES_PER_AGENT: integer({ min: 1, max: 1_000 }, { default: 16, desc: 'For how many busy SBCs one more agent is wanted; at most AGENT_DEVICES count' }),
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
