import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FaultEngine } from '../faults/fault-engine.js';
import type { HeldCalls } from '../calls/held-calls.js';
import { readBasic } from './accounts.js';
import type { Answer, Peer } from './answer.js';
import { readBody } from './body.js';
import { type CallEntry, type CallLog, now } from '../calls/call-log.js';
import { type Ending, serve } from './exchange.js';
import { Listener } from './listener.js';

export interface PeerServerOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly log: CallLog;
  readonly faults: FaultEngine;
  readonly held: HeldCalls;
  /** Told of errors that are the simulator's own. */
  readonly onError: (error: unknown) => void;
}

/** One peer on one port: logs every call, lets the faults at it, answers. */
export class PeerServer {
  private readonly server: Server;
  private readonly listener: Listener;
  /** Connections that have carried a call. */
  private readonly used = new WeakSet<Socket>();

  constructor(private readonly peer: Peer, private readonly options: PeerServerOptions) {
    this.server = createServer((request, response) => {
      this.take(request, response).catch((error: unknown) => {
        this.options.onError(error);
        response.destroy();
      });
    });
    this.server.on('clientError', (_error, socket) => socket.destroy());
    this.listener = new Listener(this.server, options);
    options.faults.onChange(() => this.listener.close('fault', options.faults.isClosed(peer.name, peer.id)));
  }

  /** Begins to listen; the port stays the same from then on. */
  start(): Promise<void> {
    return this.listener.start();
  }

  get port(): number {
    return this.listener.port;
  }

  /** Nobody can connect while the peer is away; connections there are end. */
  setAway(isAway: boolean): void {
    this.listener.close('away', isAway);
  }

  /** Resolves when the port is as open or closed as it should be. */
  settled(): Promise<void> {
    return this.listener.settled();
  }

  stop(): Promise<void> {
    this.listener.close('stopped', true);
    return this.listener.settled();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { peer, options: { log, faults: engine, held } } = this;
    const method = request.method ?? 'GET';
    const url = new URL(`http://peer${request.url ?? '/'}`);
    const user = readBasic(request.headers.authorization)?.user;
    const userAgent = request.headers['user-agent'];
    const entry = log.arrive({
      peer: peer.name, method, path: url.pathname,
      ...peer.id !== undefined && { id: peer.id },
      ...url.search !== '' && { query: url.search.slice(1) },
      ...user !== undefined && { user },
      ...userAgent !== undefined && { userAgent },
    });
    response.on('close', () => {
      if (entry.answeredAt === undefined) entry.goneAt = now();
    });
    const faults = engine.meet({ peer: peer.name, id: peer.id, method, path: url.pathname });
    if (faults.all.length > 0) entry.faults = faults.all.map(({ ruleId }) => ruleId);
    if (faults.has('refuse') || (faults.has('lost-on-idle') && this.used.has(request.socket))) return void request.socket.resetAndDestroy();
    this.used.add(request.socket);

    const body = await readBody(request);
    if (body === 'incomplete') return;
    if (body === 'too-large') return finish({ kind: 'answer', answer: { status: 413, headers: { connection: 'close' } } }, entry, response);
    const origin = `http://${request.headers.host ?? `${this.options.host}:${this.port}`}`;
    const call = { method, path: url.pathname, query: url.searchParams, headers: request.headers, body, entry, faults, origin };
    const ending = await serve(peer, call, held);
    if (ending.kind === 'answer' && faults.has('close-after')) closeAfter(faults.number('close-after', 'ms') ?? 0, response);
    finish(ending, entry, response);
  }
}

function closeAfter(ms: number, response: ServerResponse): void {
  const { socket } = response;
  response.once('finish', () => {
    setTimeout(() => socket?.destroy(), ms).unref();
  });
}

function finish(ending: Ending, entry: CallEntry, response: ServerResponse): void {
  switch (ending.kind) {
    case 'stalled': return;
    case 'lost':
      response.destroy();
      ending.afterwards?.();
      return;
    case 'cut': {
      const body = Buffer.from(ending.answer.body ?? '');
      writeHead(ending.answer, entry, response);
      response.flushHeaders();
      // Never the whole body: the caller must miss something.
      response.write(body.subarray(0, Math.min(ending.bytes, Math.max(body.length - 1, 0))), () => {
        response.destroy();
        ending.answer.afterwards?.();
      });
      return;
    }
    case 'answer':
      if (!response.destroyed) {
        writeHead(ending.answer, entry, response);
        entry.answeredAt = now();
        response.end(ending.answer.body);
      }
      whenClosed(response, ending.answer.afterwards);
  }
}

function whenClosed(response: ServerResponse, then: (() => void) | undefined): void {
  if (!then) return;
  if (response.destroyed || response.writableFinished) then();
  else response.once('close', then);
}

function writeHead(answer: Answer, entry: CallEntry, response: ServerResponse): void {
  entry.status = answer.status;
  const hasBody = answer.body !== undefined && answer.status !== 204;
  response.writeHead(answer.status, { ...answer.headers, ...hasBody && { 'content-length': String(Buffer.byteLength(answer.body ?? '')) } });
}
