import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly broker: Socket;
}

/** Stands between a client and the broker, and does to their connections what networks do. */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private isRefusing = false;
  private isHolding = false;

  private constructor(private readonly server: Server, private readonly target: URL) {
    server.on('connection', (client) => { this.accept(client); });
  }

  static async start(targetUrl: string): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new TcpProxy(server, new URL(targetUrl));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The target's URL with this proxy's address. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  get connectionCount(): number {
    return this.pairs.size;
  }

  /** Cuts all connections; new ones are let through unless refused. */
  cut(): void {
    for (const { client, broker } of this.pairs) {
      client.resetAndDestroy();
      broker.destroy();
    }
    this.pairs.clear();
  }

  refuse(): void {
    this.isRefusing = true;
    this.cut();
  }

  allow(): void {
    this.isRefusing = false;
  }

  /** What the broker says is kept back; what the clients say still arrives there. */
  holdReplies(): void {
    this.isHolding = true;
    for (const { broker } of this.pairs) broker.pause();
  }

  releaseReplies(): void {
    this.isHolding = false;
    for (const { broker } of this.pairs) broker.resume();
  }

  /** Says something in the broker's name; only between two of its frames, that is while it is quiet. */
  say(bytes: Buffer): void {
    for (const { client } of this.pairs) client.write(bytes);
  }

  async close(): Promise<void> {
    this.refuse();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    if (this.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const broker = connect({ host: this.target.hostname, port: Number(this.target.port || 5672), noDelay: true });
    const pair = { client, broker };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (chunk) => broker.write(chunk));
    broker.on('data', (chunk) => client.write(chunk));
    client.resume();
    if (this.isHolding) broker.pause();
  }
}
