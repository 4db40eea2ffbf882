import { Agent, request } from 'undici';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body read as JSON; undefined when it is none. */
  readonly json: unknown;
  readonly tookMs: number;
}

export interface HttpCall {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; wins over `body`. */
  readonly raw?: string | Buffer;
}

const answerWithinMs = 100_000;

/** Speaks HTTP with one server, as a caller from outside does. Connection errors reject. */
export class HttpClient {
  private readonly agent = new Agent({ headersTimeout: answerWithinMs, bodyTimeout: answerWithinMs, connections: 64 });

  constructor(private readonly baseUrl: () => string) {}

  get(path: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    return this.send('GET', path, headers ? { headers } : {});
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.send('POST', path, { body, headers });
  }

  delete(path: string): Promise<HttpAnswer> {
    return this.send('DELETE', path);
  }

  async send(method: string, path: string, { body, headers = {}, raw }: HttpCall = {}): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await request(new URL(path, this.baseUrl()), {
      // undici knows methods by a list of its own; tests send others too.
      method: method as 'GET', dispatcher: this.agent, body: content ?? null,
      headers: { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: jsonOf(text), tookMs: performance.now() - startedAt };
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
