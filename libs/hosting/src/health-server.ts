import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What a service says of itself. */
export interface HealthPages {
  /** Why it can't do its work right now; empty when it can. */
  readonly reasons: () => readonly string[];
  /** How far it is with its end. */
  readonly drain: () => object;
}

type Answer = readonly [status: number, body: object];

/**
 * `/health/live`, `/health/ready` (200, or 503 with the reasons) and `/drain` of a service that has no other HTTP. On all interfaces: it tells nothing secret.
 */
export async function startHealthServer(port: number, { drain, reasons }: HealthPages): Promise<HealthServer> {
  const pages: ReadonlyMap<string | undefined, () => Answer> = new Map<string, () => Answer>([
    ['/health/live', () => [200, { status: 'live' }]],
    ['/health/ready', () => {
      const found = reasons();
      return found.length === 0 ? [200, { status: 'ready' }] : [503, { status: 'not ready', reasons: found }];
    }],
    ['/drain', () => [200, drain()]],
  ]);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const page = pages.get(request.url?.split('?')[0]);
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    const [status, body] = page();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}
