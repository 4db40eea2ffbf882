import { Catch, type DynamicModule, type RpcExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RpcException } from '@nestjs/microservices';
import { decode } from '@trunkline/contracts';
import { type DeadLetters, DeadLettersController, DeadLetterStore } from '@trunkline/dead-letters';
import { type Transport, TrunklineStrategy } from '@trunkline/messaging';
import { type Logger, NestLogger } from '@trunkline/runtime';
import { type Observable, throwError } from 'rxjs';

export interface WorkerParts {
  readonly transport: Transport;
  readonly logger: Logger;
  /** Its work queue. */
  readonly queue: string;
  readonly queryQueues: readonly string[];
  readonly module: DynamicModule;
  /** What is done with messages it can't take in, and asked about them on its query queue; without it they wait in the transport. */
  readonly deadLetters?: DeadLetters;
}

const prefetch = 512;

/** Errors of handlers reach the strategy as they were thrown: it knows which of them are news, and logs those. */
@Catch()
class AsThrown implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => (error instanceof RpcException ? error.getError() : error));
  }
}

/** Joins a service's handlers to the transport. The answer stops reading and waits for the handlers that run. */
export async function startWorker({ deadLetters, logger, module, queryQueues, queue, transport }: WorkerParts): Promise<() => Promise<void>> {
  const strategy = new TrunklineStrategy({
    transport, queue, queryQueues, prefetch, decode, logger, ...(deadLetters ? { failures: deadLetters.failures } : {}),
  });
  const served = deadLetters ? withDeadLetters(module, deadLetters) : module;
  const app = await NestFactory.createMicroservice(served, { strategy, logger: new NestLogger(logger), abortOnError: false });
  app.useGlobalFilters(new AsThrown());
  await app.listen();
  await deadLetters?.reader.start();
  return async () => {
    await app.close();
    await deadLetters?.reader.stop();
  };
}

function withDeadLetters(module: DynamicModule, { store }: DeadLetters): DynamicModule {
  return {
    ...module,
    controllers: [...module.controllers ?? [], DeadLettersController],
    providers: [...module.providers ?? [], { provide: DeadLetterStore, useValue: store }],
  };
}
