import { commonSecrets, commonSettings, type Environment, integer, readConfiguration, type ValuesOf } from '@trunkline/runtime';
import { makeExactValidator, str } from 'envalid';

const { AMQP_NAME_PREFIX, AMQP_URL, DRAIN_MS, LOG_LEVEL, SECRETS_KEY } = commonSettings;

/** `''`, or a path such as `/voice/api` without a trailing slash. */
const basePath = makeExactValidator<string>((text) => {
  if (!/^(?:\/[A-Za-z0-9._~-]+)*$/.test(text)) throw new Error('must be a path such as /voice, or empty');
  return text;
});

export const gatewaySettings = {
  HTTP_HOST: str({ default: '127.0.0.1', desc: 'Address the HTTP interface listens on' }),
  HTTP_PORT: integer({ min: 0, max: 65_535 }, { default: 8080, desc: 'Port of the HTTP interface; 0 takes a free one' }),
  BASE_PATH: basePath({ default: '', desc: 'Path before /api; the same is served below /tenantui' }),
  AMQP_URL,
  AMQP_NAME_PREFIX,
  SYNC_WAIT_MS: integer({ min: 100, max: 600_000 }, { default: 60_000, desc: 'How long a caller waits for the outcome before 202' }),
  DRAIN_MS,
  SHUTDOWN_DELAY_MS: integer({ min: 0, max: 600_000 }, { default: 0, desc: 'How long the gateway goes on serving after SIGTERM, for load balancers that are late to hear of it; at most DRAIN_MS' }),
  SECRETS_KEY,
  LOG_LEVEL,
};
export const gatewaySecrets = [...commonSecrets];

export type GatewayConfiguration = ValuesOf<typeof gatewaySettings>;

/** @throws ConfigurationError with all that is wrong */
export function readGatewayConfiguration(environment: Environment): GatewayConfiguration {
  return readConfiguration(gatewaySettings, environment, gatewaySecrets, shutdownProblems);
}

/** What is wrong between the times of a gateway's end. */
export function shutdownProblems({ DRAIN_MS: drainMs, SHUTDOWN_DELAY_MS: delayMs }: Partial<Pick<GatewayConfiguration, 'DRAIN_MS' | 'SHUTDOWN_DELAY_MS'>>): readonly string[] {
  const isLonger = drainMs !== undefined && delayMs !== undefined && delayMs > drainMs;
  return isLonger ? [`SHUTDOWN_DELAY_MS: must not be above DRAIN_MS, which is ${drainMs}`] : [];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
