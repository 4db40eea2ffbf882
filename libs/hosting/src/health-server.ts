import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/health/live` and `/health/ready` of a service that has no other HTTP: 200, or 503 with the reasons. On all interfaces: it tells nothing secret. */
export async function startHealthServer(port: number, reasons: () => readonly string[]): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const found = path === '/health/ready' ? reasons() : path === '/health/live' ? [] : undefined;
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    const isFine = found.length === 0;
    response.writeHead(isFine ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(isFine ? { status: path === '/health/live' ? 'live' : 'ready' } : { status: 'not ready', reasons: found }));
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
