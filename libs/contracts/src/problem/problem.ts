import type { FieldProblem } from './field-problem.js';
import type { ProblemStatus } from './error-codes.js';

export const problemContentType = 'application/problem+json';

/** The body of every refusal, as `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  readonly errorCode: string;
  /** Unique per answer; the log line of the refusal has it too. */
  readonly errorTicket: string;
  readonly traceId: string;
  /** All that is wrong with the body; absent when nothing in it is. */
  readonly errors?: readonly FieldProblem[];
}

export interface ProblemFacts {
  readonly status: ProblemStatus;
  readonly errorCode: string;
  readonly detail: string;
  readonly instance: string;
  readonly traceId: string;
  readonly errorTicket: string;
  readonly errors?: readonly FieldProblem[];
}

const kinds: Readonly<Record<ProblemStatus, { readonly slug: string; readonly title: string }>> = {
  400: { slug: 'validation', title: 'Bad Request' },
  401: { slug: 'unauthorized', title: 'Unauthorized' },
  403: { slug: 'forbidden', title: 'Forbidden' },
  404: { slug: 'not-found', title: 'Not Found' },
  405: { slug: 'method-not-allowed', title: 'Method Not Allowed' },
  408: { slug: 'request-timeout', title: 'Request Timeout' },
  409: { slug: 'conflict', title: 'Conflict' },
  413: { slug: 'content-too-large', title: 'Content Too Large' },
  415: { slug: 'unsupported-media-type', title: 'Unsupported Media Type' },
  417: { slug: 'expectation-failed', title: 'Expectation Failed' },
  422: { slug: 'unprocessable-content', title: 'Unprocessable Content' },
  429: { slug: 'too-many-requests', title: 'Too Many Requests' },
  431: { slug: 'headers-too-large', title: 'Request Header Fields Too Large' },
  500: { slug: 'internal-error', title: 'Internal Server Error' },
  503: { slug: 'unavailable', title: 'Service Unavailable' },
};

/** The body for a refusal; `title` and `type` follow from the status. */
export function problem({ status, errorCode, detail, instance, traceId, errorTicket, errors = [] }: ProblemFacts): Problem {
  const { slug, title } = kinds[status];
  return {
    type: `https://errors.example/${slug}`, title, status, detail, instance, errorCode, errorTicket, traceId,
    ...(errors.length > 0 ? { errors } : {}),
  };
}
