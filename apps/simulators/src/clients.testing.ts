import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import type { CallEntry } from './calls/call-log.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body read as JSON; undefined when it is none. */
  readonly body: Record<string, unknown> | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export async function call(url: string, method: Method = 'GET', { headers = {}, body, signal }: Sent = {}): Promise<Reply> {
  const { statusCode, headers: received, body: stream } = await request(url, { method, headers, body: body ?? null, ...signal && { signal }, reset: true });
  const text = await stream.text();
  return { status: statusCode, headers: received, text, body: parsed(text) };
}

function parsed(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

export const admin = basic('admin', 'admin-pw');
export const operator = basic('ovoc', 'ovoc-pw');

/** Sends a script as an administrator. */
export function sendScript(sbc: string, script: string, sent: Sent = {}): Promise<Reply> {
  const boundary = 'edge-of-form';
  return call(`${sbc}/api/v1/files/cliScript/incremental`, 'PUT', {
    ...sent,
    headers: { ...admin, 'content-type': `multipart/form-data; boundary=${boundary}`, ...sent.headers },
    body: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="cli.txt"\r\nContent-Type: application/octet-stream\r\n\r\n${script}\r\n--${boundary}--\r\n`,
  });
}

export function sendJson(url: string, method: Method, value: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return call(url, method, { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) });
}

type Rows = readonly (Readonly<Record<string, unknown>> & { readonly index: number })[];

export interface Tables {
  readonly running: Readonly<Record<string, Rows>>;
  readonly saved: Readonly<Record<string, Rows>>;
  readonly boot: number;
}

/** The control port, for tests. */
export class ControlClient {
  constructor(private readonly url: string) {}

  async fault(rule: object): Promise<string> {
    const reply = await sendJson(`${this.url}/faults`, 'POST', rule);
    if (reply.status !== 201) throw new Error(reply.text);
    return String(reply.body?.['id']);
  }

  async tables(sbc: number): Promise<Tables> {
    return (await call(`${this.url}/tables?sbc=${sbc}`)).body as unknown as Tables; // the control port's own form
  }

  async log(query = ''): Promise<readonly CallEntry[]> {
    return (await call(`${this.url}/log${query}`)).body as unknown as CallEntry[]; // the control port's own form
  }

  post(path: string, value: unknown = {}): Promise<Reply> {
    return sendJson(`${this.url}${path}`, 'POST', value);
  }

  get(path: string): Promise<Reply> {
    return call(`${this.url}${path}`);
  }

  remove(path: string): Promise<Reply> {
    return call(`${this.url}${path}`, 'DELETE');
  }

  /** The first log entry that fits, as soon as there is one. */
  async arrived(fits: (entry: CallEntry) => boolean): Promise<CallEntry> {
    return until(async () => (await this.log()).find(fits));
  }
}

/** Asks until there is an answer; fails after 5 s. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not seen within 5 s: ${ask.toString()}`);
    await wait(5);
  }
}

export const names = (rows: Rows | undefined, parameter = 'name') => (rows ?? []).map((row) => row[parameter]);
