import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RunningService } from '@trunkline/hosting';
import { type Clock, Health, InFlight, NestLogger, SystemClock } from '@trunkline/runtime';

import { CallerGuard } from './auth/caller.guard.js';
import { isLoopback } from './gateway.config.js';
import { GatewayModule, type GatewayModuleOptions } from './gateway.module.js';
import { ProvisionerStanding } from './health/provisioner-standing.js';
import { httpServer } from './http/http-server.js';
import { ProblemFilter } from './http/problem.filter.js';
import { WaitingRoom } from './waiting/waiting-room.js';

/** `health` is for processes that hold more services: `/health/ready` tells the reasons of all. */
export type GatewayParts = Omit<GatewayModuleOptions, 'clock' | 'health' | 'standing'> & { readonly clock?: Clock; readonly health?: Health };

export interface RunningGateway extends RunningService {
  /** Where it listens, without a path: `http://127.0.0.1:8080`. */
  readonly url: string;
}

/** Callers who still wait at the end of the drain get their answer after a last question; reads are shorter. */
const lastAnswersMs = 5_000;

/**
 * Starts the gateway: listens as soon as copies of events arrive, or at once while there is no connection, and says 503 until there is. Its
 * transport must have been told to start, and is left open by `stop`.
 */
export async function createGateway({ clock = new SystemClock(), health = new Health(), ...options }: GatewayParts): Promise<RunningGateway> {
  const { configuration: { DRAIN_MS, HTTP_HOST, HTTP_PORT, SHUTDOWN_DELAY_MS }, logger, transport } = options;
  const open = new InFlight();
  let isStopping = false;
  let isClosing = false;
  const standing = new ProvisionerStanding(transport, clock, logger);
  const reasons = (): readonly string[] => [
    ...(transport.state.kind === 'connected' ? [] : [`transport (${transport.kind}) is ${transport.state.kind}`]),
    ...standing.reasons().map((reason) => `provisioner: ${reason}`),
    ...(isStopping ? ['stopping'] : []),
  ];
  health.register(reasons);

  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.register({ ...options, clock, health, standing }), httpServer(logger, open, () => isClosing),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  app.useGlobalGuards(new CallerGuard());
  app.useGlobalFilters(new ProblemFilter(logger));
  await app.init();
  const room = app.get(WaitingRoom);
  const listensToCopies = room.start();
  if (transport.state.kind === 'connected') await listensToCopies;
  else listensToCopies.catch((err: unknown) => { if (!isStopping) logger.error({ err }, 'no copies of events arrive: answers come from the log alone'); });
  standing.start();
  try {
    await app.listen(HTTP_PORT, HTTP_HOST);
  } catch (error) {
    await standing.stop();
    await room.stop();
    await app.close();
    throw error;
  }
  if (!isLoopback(HTTP_HOST)) logger.warn({ host: HTTP_HOST }, 'nobody is asked who he is: the gateway can be reached from other machines and has no authentication');
  const url = urlOf(app.getHttpServer().address() as AddressInfo);
  logger.info({ url }, 'listening');

  return {
    name: 'gateway', url, reasons,
    stop: async (cutOff) => {
      isStopping = true;
      const hurry = (): void => { room.hurry(); };
      if (cutOff.aborted) hurry();
      else cutOff.addEventListener('abort', hurry, { once: true });
      await delay(/* safeguard: shutdown-delay */ SHUTDOWN_DELAY_MS, undefined, { signal: cutOff }).catch(() => undefined);
      isClosing = true;
      const closed = app.close();
      const lastAnswers = new Promise((resolve) => {
        const begin = (): void => { setTimeout(resolve, lastAnswersMs).unref(); };
        if (cutOff.aborted) begin();
        else cutOff.addEventListener('abort', begin, { once: true });
      });
      await Promise.race([open.empty(DRAIN_MS + lastAnswersMs), /* safeguard: last-answers */ lastAnswers]);
      // Those on which nobody asked anything would keep the server open.
      app.getHttpServer().closeAllConnections();
      await closed;
      await standing.stop();
      await room.stop();
    },
  };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
