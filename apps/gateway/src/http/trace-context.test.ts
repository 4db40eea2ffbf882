import { describe, expect, it } from 'vitest';

import { traceContextOf } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the trace of a request', () => {
  it('goes on with a span of our own when the caller has one', () => {
    const trace = traceContextOf(`00-${traceId}-00f067aa0ba902b7-01`);
    expect(trace.traceId).toBe(traceId);
    expect(trace.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it.each([
    ['no header', undefined],
    ['two headers', [`00-${traceId}-00f067aa0ba902b7-01`, 'x']],
    ['another version', `ff-${traceId}-00f067aa0ba902b7-01`],
    ['an empty trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['an empty span id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`],
    ['a line end behind it', `00-${traceId}-00f067aa0ba902b7-01\n`],
  ])('begins anew with %s', (_name, header) => {
    const trace = traceContextOf(header);
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.traceId).not.toBe(traceId);
    expect(trace.traceparent.startsWith(`00-${trace.traceId}-`)).toBe(true);
  });
});
