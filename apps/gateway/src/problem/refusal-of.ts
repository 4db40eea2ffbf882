import { HttpException } from '@nestjs/common';
import { NotConnectedError, QueryFailedError, QueryUnavailableError, UnroutableError } from '@trunkline/messaging';

import { Refused, refused, retryAfter } from './refused.js';

const unavailableSeconds = 5;

/** What a caller is told of an error; undefined for what must not happen. */
export function refusalOf(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  if (error instanceof QueryUnavailableError || error instanceof QueryFailedError) {
    return refused('SERVICE_UNAVAILABLE', 'The question could not be answered right now. Ask again later.', retryAfter(unavailableSeconds));
  }
  if (error instanceof NotConnectedError || error instanceof UnroutableError) {
    return refused('SERVICE_UNAVAILABLE', 'The request could not be passed on; nothing has happened. Send it again later.', retryAfter(unavailableSeconds));
  }
  return error instanceof HttpException ? byStatus(error.getStatus()) : undefined;
}

// What the HTTP server finds before a controller is reached.
function byStatus(status: number): Refused | undefined {
  switch (status) {
    // A parameter too long for the router leads nowhere either.
    case 404: case 414: return refused('NOT_FOUND', 'There is nothing at this path.');
    case 413: return refused('BODY_TOO_LARGE', 'The body is longer than 256 KiB.');
    case 415: return refused('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON: send it as application/json in UTF-8.');
    default: return status >= 400 && status < 500 ? refused('BAD_REQUEST', 'The request is not valid HTTP.') : undefined;
  }
}
