import { commonSecrets, commonSettings, type Environment, integer, readConfiguration, urlOf, type ValuesOf } from '@trunkline/runtime';
import { str } from 'envalid';

const { AMQP_NAME_PREFIX, AMQP_URL, DATABASE_URL, DRAIN_MS, HEALTH_PORT, LOG_LEVEL, STEP_DEADLINE_MS, STEP_MAX_ATTEMPTS } = commonSettings;

export const dnsAgentSettings = {
  AMQP_URL,
  AMQP_NAME_PREFIX,
  DATABASE_URL,
  DRAIN_MS,
  HEALTH_PORT,
  DNS_SERVER: urlOf(['dns'], { desc: 'DNS server that takes updates, as dns://<address>:<port>' }),
  DNS_ZONE: str({ desc: 'Zone of the customers\' host names' }),
  DNS_RESPONSE_TIMEOUT_MS: integer({ min: 100, max: 60_000 }, { default: 5_000, desc: 'How long the DNS server may take to answer' }),
  STEP_DEADLINE_MS,
  STEP_MAX_ATTEMPTS,
  LOG_LEVEL,
};
export const dnsAgentSecrets = [...commonSecrets];

export type DnsAgentConfiguration = ValuesOf<typeof dnsAgentSettings>;

export function readDnsAgentConfiguration(environment: Environment): DnsAgentConfiguration {
  return readConfiguration(dnsAgentSettings, environment, dnsAgentSecrets);
}
