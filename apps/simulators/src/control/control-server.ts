import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Answer, described } from '../peer/answer.js';
import { readBody } from '../peer/body.js';
import { type ListenerOptions, Listener } from '../peer/listener.js';

export interface ControlRequest {
  readonly query: URLSearchParams;
  /** What the path held in place of `{…}`, in order. */
  readonly names: readonly string[];
  /** The JSON body; undefined when there was none. */
  readonly body: unknown;
}

export type ControlRoutes = Readonly<Record<string, (request: ControlRequest) => Answer | Promise<Answer>>>;

/** A request on the control port that makes no sense; the message is the answer. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  constructor(message: string, readonly status: 400 | 404 = 400) {
    super(message);
  }
}

/** The side port. Routes are `METHOD /path/{name}`. */
export class ControlServer {
  private readonly server: Server;
  private readonly listener: Listener;
  private readonly routes: readonly { method: string; pattern: RegExp; run: ControlRoutes[string] }[];

  constructor(routes: ControlRoutes, private readonly options: ListenerOptions) {
    this.routes = Object.entries(routes).map(([route, run]) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`), run };
    });
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
    });
    this.listener = new Listener(this.server, options);
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  get port(): number {
    return this.listener.port;
  }

  stop(): Promise<void> {
    this.listener.close('stopped', true);
    return this.listener.settled();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    try {
      const url = new URL(`http://control${request.url ?? '/'}`);
      const onPath = this.routes.filter(({ pattern }) => pattern.test(url.pathname));
      const route = onPath.find(({ method }) => method === request.method);
      const raw = await readBody(request);
      if (onPath.length === 0) return described(404, `There is nothing at ${url.pathname}`);
      if (!route) return described(405, 'Method not allowed', { allow: onPath.map(({ method }) => method).join(', ') });
      if (typeof raw === 'string') return described(413, 'The body did not arrive or is too large');
      const names = (route.pattern.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
      return await route.run({ query: url.searchParams, names, body: parse(raw) });
    } catch (error) {
      if (error instanceof BadRequest) return described(error.status, error.message);
      this.options.onError(error);
      return described(500, error instanceof Error ? error.message : 'unknown error');
    }
  }
}

function parse(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch {
    // The parser's message would add nothing to this one.
    throw new BadRequest('The body is not JSON');
  }
}
