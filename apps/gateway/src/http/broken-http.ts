import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';

import { type ErrorCode, problem, problemContentType, statusOf } from '@trunkline/contracts';

import { traceContextOf } from './trace-context.js';

interface Brokenness {
  readonly errorCode: ErrorCode;
  readonly detail: string;
}

const noHttp: Brokenness = { errorCode: 'BAD_REQUEST', detail: 'The request is not valid HTTP.' };
const kinds: ReadonlyMap<string | undefined, Brokenness> = new Map([
  ['HPE_HEADER_OVERFLOW', { errorCode: 'HEADERS_TOO_LARGE', detail: 'The headers are longer than 16 KiB together.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { errorCode: 'REQUEST_TIMEOUT', detail: 'The request did not arrive in time. Nothing has happened: send it again.' }],
]);

/** Answers what is no HTTP, before there is a request: also as problem+json. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code !== 'ECONNRESET') write(socket, kinds.get(error.code) ?? noHttp);
  socket.destroy(error);
}

/** Without an answer Node closes the connection. */
export function answerConnect(socket: Duplex): void {
  write(socket, { errorCode: 'BAD_REQUEST', detail: 'CONNECT is for proxies, and this is none.' });
  socket.destroy();
}

function write(socket: Duplex, { detail, errorCode }: Brokenness): void {
  if (!socket.writable) return;
  const answer = problem({
    status: statusOf(errorCode), errorCode, detail, instance: '', errorTicket: randomUUID(), traceId: traceContextOf(undefined).traceId,
  });
  const body = JSON.stringify(answer);
  const head = [`HTTP/1.1 ${answer.status} ${answer.title}`, `content-type: ${problemContentType}`, `content-length: ${Buffer.byteLength(body)}`, 'connection: close'];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
}
