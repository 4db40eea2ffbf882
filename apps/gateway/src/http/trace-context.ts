import { randomBytes } from 'node:crypto';

export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** For the messages this request causes: same trace, a span of our own. */
  readonly traceparent: string;
}

/** Continues the trace of a W3C `traceparent` header; anything else begins a new one. */
export function traceContextOf(header: unknown): TraceContext {
  const match = typeof header === 'string' ? /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/.exec(header) : null;
  const traceId = match?.[1] ?? randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${match?.[2] ?? '00'}` };
}
