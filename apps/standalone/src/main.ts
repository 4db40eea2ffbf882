import 'reflect-metadata';

import { Drain, exitWith, newInstanceName, readAllOrExit } from '@trunkline/hosting';
import { inventoryProblems } from '@trunkline/inventory';
import { ConfigurationError, createLogger, defaultInventoryFile, type Logger, productFolder } from '@trunkline/runtime';

import { createStandalone } from './create-standalone.js';
import { readStandaloneConfiguration } from './standalone.config.js';

/** The command that started this process is gone, however it ended. */
function untilInputEnds(): Promise<void> {
  return new Promise((resolveEnded) => {
    process.stdin.on('end', resolveEnded).on('error', () => { resolveEnded(); }).resume();
  });
}

const configuration = await readAllOrExit(
  () => readStandaloneConfiguration(process.env), (environment) => inventoryProblems(environment.INVENTORY_FILE || defaultInventoryFile, environment),
);
const loggerOf = (service: string): Logger => createLogger({ service, level: configuration.LOG_LEVEL });
const logger = loggerOf('standalone');
const drain = new Drain(configuration.DRAIN_MS, logger);
drain.listen();
if (configuration.EXIT_WITH_STDIN) void untilInputEnds().then(() => { drain.ask('end of standard input'); });
try {
  const standalone = await createStandalone({
    configuration, loggerOf, instance: newInstanceName('standalone'), environment: process.env,
    checkoutDir: productFolder(),
  });
  const { database, dataDir, transport, url } = standalone;
  logger.info({ url, transport, database, dataDir }, transport === 'in-process'
    ? 'standalone started: one process, no high availability; queued messages are rebuilt from the database after a restart'
    : 'standalone started over RabbitMQ');
  await drain.asked;
  await standalone.stop(drain.cutOff);
  logger.info('standalone stopped');
  process.exit(0);
} catch (error) {
  if (error instanceof ConfigurationError) exitWith(error);
  logger.fatal({ err: error }, 'standalone could not start');
  process.exit(1);
}
