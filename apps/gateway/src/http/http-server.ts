import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';

import { HttpException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { jsonMediaType } from '@trunkline/contracts';
import type { InFlight, Logger } from '@trunkline/runtime';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { answerProblem } from './answer-problem.js';
import { refused, retryAfter } from '../problem/refused.js';
import { hasValidHost } from './host-header.js';
import { nodeServer } from './node-server.js';
import { OfferedMethods } from './offered-methods.js';
import { notesOf, pathOf } from './request-notes.js';

const mostBodyBytes = 256 * 1024;
const stoppedSeconds = 5;
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The HTTP server below Nest: what it refuses, it refuses in the order host, expectation, path, method, media type, size, before a body is parsed. */
export function httpServer(logger: Logger, open: InFlight, isClosing: () => boolean): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: mostBodyBytes,
    genReqId: () => randomUUID(),
    serverFactory: (handler: RequestListener) => nodeServer(handler),
    // Ours is set on each server; Fastify would set one on the first of two, which it has for `localhost`.
    clientErrorHandler: () => undefined,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // Nothing but this sees these requests, no hook either.
      answerProblem(new HttpException(error.message, error.statusCode ?? 400), request, reply, logger);
      logRequest(logger, request, reply);
    },
    // Our own answer is a problem.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
  });
  const server = adapter.getInstance<FastifyInstance>();
  const offered = new OfferedMethods();
  server.addHook('onRoute', ({ method, url }) => { offered.add(url, [method].flat()); });
  server.addHook('onRequest', async (request, reply) => {
    open.begin();
    // Comes after an answer and after a lost connection alike.
    reply.raw.once('close', () => { open.end(); });
    if (isClosing()) throw refused('SERVICE_UNAVAILABLE', 'The service is stopping; nothing has happened. Send the request again.', retryAfter(stoppedSeconds));
    refuseEarly(request, offered);
  });
  server.addHook('onSend', async (_request, reply) => {
    // An idle connection would hold up the end of the process.
    if (isClosing()) reply.header('connection', 'close');
  });
  server.addHook('onResponse', async (request, reply) => { logRequest(logger, request, reply); });
  server.addHook('onRequestAbort', async (request) => {
    logger.info({ ...fieldsOf(request), deploymentId: notesOf(request).deploymentId }, 'caller went away');
  });
  server.removeAllContentTypeParsers();
  // Bytes only: who wants JSON parses it after looking at its depth; other bodies are read and left.
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body); });
  return adapter;
}

function refuseEarly(request: FastifyRequest, offered: OfferedMethods): void {
  if (!hasValidHost(request.raw)) throw refused('BAD_REQUEST', 'The request must have one Host header, with a host and perhaps a port in it.');
  const expectation = request.headers.expect?.toLowerCase() ?? '100-continue';
  if (expectation !== '100-continue') throw refused('EXPECTATION_FAILED', 'The only expectation that can be met is 100-continue.');
  if (request.is404) {
    const methods = offered.of(pathOf(request));
    if (methods.length === 0) throw refused('NOT_FOUND', 'There is nothing at this path.');
    throw refused('METHOD_NOT_ALLOWED', `This path takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });
  }
  if (methodsWithBody.has(request.method) && !(jsonMediaType.test(request.headers['content-type'] ?? '') && isPlain(request.headers['content-encoding']))) {
    throw refused('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON: send it as application/json in UTF-8, not compressed.');
  }
}

/** Whether a `Content-Encoding` header names no coding but `identity`. */
const isPlain = (codings = ''): boolean => codings.split(',').every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase()));

const fieldsOf = (request: FastifyRequest): { readonly method: string; readonly route: string | undefined; readonly traceId: string } => (
  { method: request.method, route: request.routeOptions.url, traceId: notesOf(request).trace.traceId }
);

function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { deploymentId, errorCode, errorTicket } = notesOf(request);
  const fields = { ...fieldsOf(request), status: reply.statusCode, durationMs: Math.round(reply.elapsedTime), deploymentId, errorCode, errorTicket };
  const isProbe = request.routeOptions.url?.startsWith('/health/') === true;
  logger[isProbe ? 'debug' : reply.statusCode >= 500 ? 'warn' : 'info'](fields, 'request answered');
}
