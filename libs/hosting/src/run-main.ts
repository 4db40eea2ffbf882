import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { RabbitMqTransport, topology, type Transport } from '@trunkline/messaging';
import { ConfigurationError, createLogger, type Environment, exitConfiguration, faultPointProblems, type Logger } from '@trunkline/runtime';

import { Drain } from './drain.js';
import { type HealthPages, startHealthServer } from './health-server.js';
import type { RunningService } from './running-service.js';

export interface BaseConfiguration {
  readonly AMQP_URL: string;
  readonly AMQP_NAME_PREFIX: string;
  readonly LOG_LEVEL: string;
  readonly DRAIN_MS: number;
  /** Of services that have no HTTP of their own; 0: none. */
  readonly HEALTH_PORT?: number;
}

export interface ServiceMain<Configuration extends BaseConfiguration> {
  readonly name: string;
  /** It answers, if only that it can't do anything, before RabbitMQ is there. */
  readonly startsUnconnected?: boolean;
  readonly readConfiguration: (environment: Environment) => Configuration;
  /** Further problems, of what the settings name: told together with those of the settings. */
  readonly alsoCheck?: (environment: Environment) => Promise<readonly string[]>;
  readonly start: (
    parts: { readonly configuration: Configuration; readonly transport: Transport; readonly logger: Logger; readonly instance: string },
  ) => Promise<RunningService>;
}

/** A name no other instance has, that operators can recognise. */
export function newInstanceName(service: string): string {
  return `${service}-${hostname().replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 40)}-${process.pid}-${randomBytes(3).toString('hex')}`;
}

/** Runs one service as this process, over RabbitMQ, until SIGTERM or SIGINT. Exit codes: 0 stopped, 1 could not start, 78 configuration. */
export async function runMain<C extends BaseConfiguration>(main: ServiceMain<C>): Promise<void> {
  const configuration = await readAllOrExit(() => main.readConfiguration(process.env), main.alsoCheck);
  const logger = createLogger({ service: main.name, level: configuration.LOG_LEVEL });
  const instance = newInstanceName(main.name);
  const transport = new RabbitMqTransport(
    { url: configuration.AMQP_URL, topology, connectionName: instance, namePrefix: configuration.AMQP_NAME_PREFIX, logger },
  );
  const drain = new Drain(configuration.DRAIN_MS, logger);
  try {
    const connected = transport.start();
    if (main.startsUnconnected) connected.catch((err: unknown) => { if (!drain.isStopping) exitWithout(logger, err); });
    else await connected;
    const service = await main.start({ configuration, transport, logger, instance });
    const pages: HealthPages = {
      reasons: () => [...(drain.isStopping ? ['stopping'] : []), ...service.reasons()],
      drain: () => ({ stopping: drain.isStopping, ...service.busyDevices?.(), drainEndsInMs: drain.endsInMs }),
    };
    const health = configuration.HEALTH_PORT ? await startHealthServer(configuration.HEALTH_PORT, pages) : undefined;
    drain.listen();
    logger.info({ instance, transport: transport.kind }, 'service started');
    await drain.asked;
    await service.stop(drain.cutOff);
    await transport.close();
    await health?.close();
    logger.info('service stopped');
    process.exit(0);
  } catch (error) {
    if (error instanceof ConfigurationError) exitWith(error);
    exitWithout(logger, error);
  }
}

function exitWithout(logger: Logger, err: unknown): never {
  logger.fatal({ err }, 'service could not start');
  process.exit(1);
}

/** Reads a configuration, or ends the process with every problem of it, and of what it names, on standard error. */
export async function readAllOrExit<T>(read: () => T, alsoCheck: ServiceMain<never>['alsoCheck']): Promise<T> {
  const problems: string[] = [];
  let configuration: T | undefined;
  try {
    configuration = read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
  }
  problems.push(...faultPointProblems(process.env), ...await alsoCheck?.(process.env) ?? []);
  if (configuration === undefined || problems.length > 0) exitWith(new ConfigurationError(problems));
  return configuration;
}

/** Ends the process with every problem on standard error. */
export function exitWith(error: ConfigurationError): never {
  process.stderr.write(`The configuration has ${error.problems.length === 1 ? 'a problem' : `${error.problems.length} problems`}:\n${error.problems.map((problem) => `  - ${problem}\n`).join('')}`);
  process.exit(exitConfiguration);
}
