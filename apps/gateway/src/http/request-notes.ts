import type { FastifyRequest } from 'fastify';

import { type TraceContext, traceContextOf } from './trace-context.js';

/** What is known of a request beside what the caller sent; the log line of the request is made of it. */
export interface RequestNotes {
  readonly trace: TraceContext;
  deploymentId?: string;
  errorCode?: string;
  errorTicket?: string;
}

const notes = new WeakMap<FastifyRequest, RequestNotes>();

/** The notes of this request, begun at the first question: errors can come before any hook has run. */
export function notesOf(request: FastifyRequest): RequestNotes {
  const known = notes.get(request);
  if (known) return known;
  const begun: RequestNotes = { trace: traceContextOf(request.headers.traceparent) };
  notes.set(request, begun);
  return begun;
}

/** Path of the request without its query, as the caller wrote it. */
export function pathOf(request: FastifyRequest): string {
  return (request.originalUrl.split('?', 1)[0] ?? '').slice(0, 512);
}

/** What stands before `/api` in the path: links we give lead back through the same door. */
export function doorOf(request: FastifyRequest): string {
  const path = pathOf(request);
  return path.slice(0, Math.max(0, path.indexOf('/api/')));
}
