import { problem, problemContentType } from '@trunkline/contracts';
import type { Logger } from '@trunkline/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { notesOf, pathOf } from './request-notes.js';
import { refused } from '../problem/refused.js';
import { refusalOf } from '../problem/refusal-of.js';

/** Answers an error as problem+json. What is no refusal is a bug: 500, with nothing of it in the answer and all of it in the log. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const notes = notesOf(request);
  const known = refusalOf(error);
  if (!known) logger.error({ err: error, errorTicket: request.id, traceId: notes.trace.traceId }, 'request ended in an error of ours');
  const { detail, errorCode, options, status } = known ?? refused('INTERNAL_ERROR', 'Something went wrong here. The errorTicket finds it in our logs.');
  notes.errorCode = errorCode;
  notes.errorTicket = request.id;
  const facts = { status, errorCode, detail, instance: pathOf(request), traceId: notes.trace.traceId, errorTicket: request.id, errors: options.errors ?? [] };
  // As bytes: of a text, the server would say a charset, which this media type doesn't have.
  const body = Buffer.from(JSON.stringify({ ...problem(facts), ...options.extensions }));
  void reply.code(status).headers({ ...options.headers, 'content-type': problemContentType }).send(body);
}
