import { type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { decode } from '@trunkline/contracts';
import { type Transport, TrunklineStrategy } from '@trunkline/messaging';
import { type Logger, NestLogger } from '@trunkline/runtime';

export interface WorkerParts {
  readonly transport: Transport;
  readonly logger: Logger;
  /** Its work queue, and the prefix of its query queue. */
  readonly queue: string;
  readonly answersQueries: boolean;
  readonly module: DynamicModule;
}

const prefetch = 512;

/** Joins a service's handlers to the transport. The answer stops reading and waits for the handlers that run. */
export async function startWorker({ answersQueries, logger, module, queue, transport }: WorkerParts): Promise<() => Promise<void>> {
  const strategy = new TrunklineStrategy({
    transport, queue, prefetch, decode, logger, ...(answersQueries ? { queryQueue: `${queue}.queries` } : {}),
  });
  const app = await NestFactory.createMicroservice(module, { strategy, logger: new NestLogger(logger), abortOnError: false });
  await app.listen();
  return () => app.close();
}
