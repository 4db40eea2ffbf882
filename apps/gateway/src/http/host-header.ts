import type { IncomingMessage } from 'node:http';

/** A name, an address, or an IPv6 address in brackets, and perhaps a port (RFC 3986). */
const host = /^(?:\[[0-9a-z:.%_~!$&'()*+,;=-]+\]|[0-9a-z.%_~!$&'()*+,;=-]*)(?::\d*)?$/i;

/** Whether a request says by one Host header whom it means. Before HTTP/1.1 it need not. */
export function hasValidHost({ httpVersion, rawHeaders }: Pick<IncomingMessage, 'httpVersion' | 'rawHeaders'>): boolean {
  // Node keeps the first of several.
  const [first, ...more] = rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host');
  return first === undefined ? Number(httpVersion) < 1.1 : more.length === 0 && host.test(first);
}
