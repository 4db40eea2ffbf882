import type { FastifyReply } from 'fastify';

/** What a caller gets. A body that is a text is a JSON text too. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const contentType = 'application/json; charset=utf-8';

export function send(reply: FastifyReply, { body, headers, status }: Answer): void {
  void reply.code(status).headers({ ...headers }).type(contentType).send(JSON.stringify(body));
}
