import { randomUUID } from 'node:crypto';

import { problem, problemContentType } from '@trunkline/contracts';
import type { FastifyServerOptions } from 'fastify';

import { traceContextOf } from './trace-context.js';

/** Answers what is no HTTP, before there is a request: also as problem+json. */
export const answerBrokenHttp: NonNullable<FastifyServerOptions['clientErrorHandler']> = (error, socket) => {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const body = JSON.stringify(problem({
      status: 400, errorCode: 'BAD_REQUEST', detail: 'The request is not valid HTTP.', instance: '', errorTicket: randomUUID(), traceId: traceContextOf(undefined).traceId,
    }));
    const head = ['HTTP/1.1 400 Bad Request', `content-type: ${problemContentType}`, `content-length: ${Buffer.byteLength(body)}`, 'connection: close'];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
};
