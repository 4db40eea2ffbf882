import { createServer, type RequestListener, type Server } from 'node:http';

import { answerBrokenHttp, answerConnect } from './broken-http.js';

const receiveWithinMs = 60_000;
const checkEveryMs = 30_000;
/** Longer than proxies in front keep theirs, as Fastify has it. */
const keepAliveMs = 72_000;

/** Node's server without the answers it gives by itself, which have no body: such requests go to the handler, or are answered as problems here. */
export function nodeServer(handler: RequestListener, times = { receiveWithinMs, checkEveryMs }): Server {
  const server = createServer({
    requestTimeout: times.receiveWithinMs, connectionsCheckingInterval: times.checkEveryMs, keepAliveTimeout: keepAliveMs, requireHostHeader: false,
  }, handler);
  server.on('checkExpectation', handler);
  server.on('clientError', answerBrokenHttp);
  server.on('connect', (_request, socket) => { answerConnect(socket); });
  return server;
}
