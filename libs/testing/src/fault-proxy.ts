import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What a network does to connections. `refuse`: none are accepted. `delay`: every chunk comes later. `cut-after`: a connection is reset once so
 * many bytes have gone that way. `black-hole`: bytes of both sides vanish. `half-open`: the server's side is gone, the client's stays.
 */
export type Disturbance =
  | { readonly kind: 'none' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'cut-after'; readonly bytes: number; readonly of: 'requests' | 'replies' }
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'half-open' };

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly sent: { requests: number; replies: number };
  /** Something that was said has not arrived, so that this connection can't go on. */
  isSpoiled: boolean;
  /** The client is not told that the server's side has gone. */
  isHalfOpen: boolean;
}

const usualPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'postgres:': 5432, 'http:': 80 };

/** Stands between clients and one server and disturbs what goes between them, one disturbance at a time. */
export class FaultProxy {
  private readonly pairs = new Set<Pair>();
  private disturbance: Disturbance = { kind: 'none' };
  private isHolding = false;
  private misquoted: { readonly from: Buffer; readonly to: Buffer } | undefined;
  /** Bytes that vanished so far. */
  swallowedBytes = 0;

  private constructor(private readonly listener: Server, private readonly target: URL) {
    listener.on('connection', (client) => { this.accept(client); });
  }

  static async start(targetUrl: string): Promise<FaultProxy> {
    const listener = createServer({ pauseOnConnect: true, noDelay: true });
    const proxy = new FaultProxy(listener, new URL(targetUrl));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return proxy;
  }

  /** The target's URL with this proxy's address. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.listener.address() as AddressInfo).port);
    // The standard form ends in a slash that the target's address need not have had.
    return this.target.pathname === '/' ? url.href.replace(/\/$/, '') : url.href;
  }

  get connectionCount(): number {
    return this.pairs.size;
  }

  /** From now on, for connections that stand and new ones. */
  disturb(disturbance: Disturbance): void {
    this.calm();
    this.disturbance = disturbance;
    if (disturbance.kind === 'refuse') this.cut();
    if (disturbance.kind !== 'half-open') return;
    for (const pair of this.pairs) {
      pair.isHalfOpen = true;
      pair.isSpoiled = true;
      pair.server.destroy();
    }
  }

  /** Nothing is disturbed any more; connections that missed something are reset. */
  calm(): void {
    this.disturbance = { kind: 'none' };
    for (const pair of [...this.pairs].filter(({ isSpoiled }) => isSpoiled)) this.reset(pair);
  }

  /** Nobody has a connection any more, and nobody gets one until it is allowed again. */
  refuse(): void {
    this.disturb({ kind: 'refuse' });
  }

  allow(): void {
    this.calm();
  }

  /** Says something in the server's name; only between two of its messages, that is while it is quiet. */
  say(bytes: Buffer): void {
    for (const { client } of this.pairs) client.write(bytes);
  }

  /** Clients say `to`, of the same length, where they mean `from`. */
  misquote(from: string, to: string): void {
    if (from.length !== to.length) throw new Error('what is misquoted keeps its length');
    this.misquoted = { from: Buffer.from(from), to: Buffer.from(to) };
  }

  /** Resets all connections; new ones are let through unless refused. */
  cut(): void {
    for (const pair of [...this.pairs]) this.reset(pair);
  }

  /** What the server says is kept back; what the clients say still arrives there. */
  holdReplies(): void {
    this.isHolding = true;
    for (const { server } of this.pairs) server.pause();
  }

  releaseReplies(): void {
    this.isHolding = false;
    for (const { server } of this.pairs) server.resume();
  }

  async close(): Promise<void> {
    this.disturb({ kind: 'refuse' });
    this.listener.close();
    await once(this.listener, 'close');
  }

  private accept(client: Socket): void {
    if (this.disturbance.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: this.target.hostname, port: Number(this.target.port) || (usualPorts[this.target.protocol] ?? 80), noDelay: true });
    const isHalfOpen = this.disturbance.kind === 'half-open';
    const pair: Pair = { client, server, sent: { requests: 0, replies: 0 }, isSpoiled: isHalfOpen, isHalfOpen };
    this.pairs.add(pair);
    client.on('error', () => undefined);
    server.on('error', () => undefined);
    client.on('close', () => { this.end(pair); });
    server.on('close', () => { if (!pair.isHalfOpen) this.end(pair); });
    client.on('data', (chunk) => { this.pass(pair, 'requests', this.asHeard(chunk)); });
    server.on('data', (chunk) => { this.pass(pair, 'replies', chunk); });
    client.resume();
    if (isHalfOpen) server.destroy();
    if (this.isHolding) server.pause();
  }

  private pass(pair: Pair, way: 'requests' | 'replies', chunk: Buffer): void {
    const { disturbance } = this;
    const to = way === 'requests' ? pair.server : pair.client;
    switch (disturbance.kind) {
      case 'black-hole':
      case 'half-open':
        pair.isSpoiled = true;
        this.swallowedBytes += chunk.length;
        return;
      case 'delay':
        // Timers of one length fire in the order in which they were set.
        setTimeout(() => { if (!to.destroyed) to.write(chunk); }, disturbance.ms);
        return;
      case 'cut-after': {
        if (way !== disturbance.of) break;
        const left = disturbance.bytes - pair.sent[way];
        pair.sent[way] += chunk.length;
        if (chunk.length < left) break;
        to.write(chunk.subarray(0, Math.max(0, left)), () => { this.reset(pair); });
        return;
      }
      case 'none':
      case 'refuse':
    }
    if (!to.destroyed) to.write(chunk);
  }

  private asHeard(chunk: Buffer): Buffer {
    const at = this.misquoted === undefined ? -1 : chunk.indexOf(this.misquoted.from);
    if (this.misquoted && at >= 0) this.misquoted.to.copy(chunk, at);
    return chunk;
  }

  private reset(pair: Pair): void {
    pair.client.resetAndDestroy();
    this.end(pair);
  }

  private end(pair: Pair): void {
    this.pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }
}
