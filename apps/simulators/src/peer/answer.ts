import type { IncomingHttpHeaders } from 'node:http';
import type { ActiveFaults } from '../faults/active-faults.js';
import type { CallEntry, PeerName } from '../calls/call-log.js';

/** A call whose body has arrived whole. */
export interface Call {
  readonly method: string;
  /** Decoded as it came: escapes are left in place. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly entry: CallEntry;
  readonly faults: ActiveFaults;
  /** Address the caller used, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Runs when the answer is out, or can't go out any more. */
  readonly afterwards?: () => void;
}

/** What stands behind one listening port. */
export interface Peer {
  readonly name: PeerName;
  readonly id?: number;
  /** Told before anything holds the call back; the function returned is called when the call can change nothing any more. */
  begin?(call: Call): () => void;
  /** Carries the call out. May return undefined when the connection is to be cut instead of answered. */
  answer(call: Call): Promise<Answer | undefined>;
  /** The body this peer sends with a status that a fault asked for. */
  faultBody(status: number): Pick<Answer, 'headers' | 'body'>;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The error form of the SBC and of OVOC. */
export function described(status: number, description: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return json(status, { description }, headers);
}
