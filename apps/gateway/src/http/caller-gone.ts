import type { FastifyReply } from 'fastify';

/** Aborted when the connection closes before the answer was written. */
export function callerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => { if (!reply.raw.writableFinished) gone.abort(); });
  return gone.signal;
}
