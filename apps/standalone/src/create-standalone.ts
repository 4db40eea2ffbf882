import { serviceNamed, type ServiceName, services as serviceTable } from '@trunkline/contracts';
import { findDataDir, startEmbeddedPostgres } from '@trunkline/embedded';
import { type RunningService, withinDrain } from '@trunkline/hosting';
import { InProcessBroker, InProcessTransport, RabbitMqTransport, topology, type Transport } from '@trunkline/messaging';
import { checkSessions } from '@trunkline/persistence';
import { type Environment, Health, type Logger } from '@trunkline/runtime';

import { createGateway } from '../../gateway/src/create-gateway.js';
import { keptSecretsKey } from './secrets-key.js';
import type { StandaloneConfiguration } from './standalone.config.js';
import { workers } from './workers.js';

export interface StandaloneParts {
  readonly configuration: StandaloneConfiguration;
  /** A logger that names the service on each line. */
  readonly loggerOf: (service: string) => Logger;
  readonly instance: string;
  readonly environment: Environment;
  readonly checkoutDir: string;
}

export interface Standalone extends RunningService {
  readonly url: string;
  readonly dataDir: string;
  readonly transport: Transport['kind'];
  readonly database: 'embedded' | 'given';
}

type Closer = (cutOff: AbortSignal) => Promise<void>;

/** The four services in one process: the same modules, one transport and one database connection pool each. */
export async function createStandalone({ checkoutDir, configuration: given, environment, instance, loggerOf }: StandaloneParts): Promise<Standalone> {
  const logger = loggerOf('standalone');
  const closers: Closer[] = [];
  const stop = async (cutOff: AbortSignal): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close(cutOff);
  };
  try {
    const dataDir = findDataDir(checkoutDir, given.DATA_DIR);
    const urlOf = await openDatabase(given, dataDir, closers, logger);
    const configuration = { ...given, SECRETS_KEY: given.SECRETS_KEY || await keptSecretsKey(dataDir) };
    const transportOf = transports(given, instance, logger);
    const services: RunningService[] = [];
    const start = async <S extends RunningService>(
      name: string, create: (parts: { transport: Transport; logger: Logger; instance: string }) => Promise<S>,
      drainMs = given.DRAIN_MS,
    ): Promise<S> => {
      const transport = transportOf(name);
      await transport.start();
      closers.push(() => transport.close());
      const service = await create({ transport, logger: loggerOf(name), instance: `${instance}-${name}` });
      closers.push((cutOff) => withinDrain(drainMs, cutOff, (sooner) => service.stop(sooner)));
      services.push(service);
      return service;
    };
    // The gateway comes last and goes first: nothing is accepted that nobody would take on.
    await allStarted(workers.map(({ create, name }) => (
      start(name, (parts) => create({ ...parts, environment, configuration: { ...configuration, DATABASE_URL: urlOf(name) } })))));
    const health = new Health();
    for (const service of services) health.register(() => service.reasons());
    // The other half of the drain is left to the scripts that run.
    const gateway = await start('gateway', (parts) => createGateway({ ...parts, configuration, health }), given.DRAIN_MS / 2);
    return {
      name: 'standalone', url: gateway.url, dataDir, transport: given.AMQP_URL ? 'rabbitmq' : 'in-process', database: given.DATABASE_URL ? 'given' : 'embedded',
      reasons: () => services.flatMap((service) => service.reasons()), stop,
    };
  } catch (error) {
    await stop(AbortSignal.abort());
    throw error;
  }
}

/** Together, because each mostly waits for the servers; a failure is thrown when none is still starting, so that all can be stopped. */
async function allStarted(starts: readonly Promise<unknown>[]): Promise<void> {
  for (const start of await Promise.allSettled(starts)) if (start.status === 'rejected') throw start.reason;
}

type UrlOf = (service: ServiceName) => string;

async function openDatabase({ DATABASE_URL: url }: StandaloneConfiguration, dataDir: string, closers: Closer[], logger: Logger): Promise<UrlOf> {
  if (url) {
    await checkSessions(url, serviceTable.reduce((sum, { sessions: { beside, pool } }) => sum + pool + beside, 0), 'standalone');
    return () => url;
  }
  const server = await startEmbeddedPostgres({
    dataDir,
    onFailure: (output) => {
      // Everything needs it, and a restart brings it back.
      logger.fatal({ output }, 'the embedded PostgreSQL ended');
      process.exit(1);
    },
  });
  closers.push(() => server.stop());
  return (service) => server.url(serviceNamed(service).schema);
}

function transports({ AMQP_NAME_PREFIX: namePrefix, AMQP_URL: url }: StandaloneConfiguration, instance: string, logger: Logger): (name: string) => Transport {
  if (url) return (name) => new RabbitMqTransport({ url, topology, namePrefix, connectionName: `${instance}-${name}`, logger });
  const broker = new InProcessBroker(topology, { logger });
  return () => new InProcessTransport(broker, { logger });
}
