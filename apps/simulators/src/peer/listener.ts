import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const reopenAttempts = 200;

export interface ListenerOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
}

/** A port that can be closed and opened again at run time. */
export class Listener {
  private readonly reasons = new Set<string>();
  private fixedPort: number;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly server: Server, private readonly options: ListenerOptions) {
    this.fixedPort = options.port;
  }

  /** The port listened on, also while it is closed. */
  get port(): number {
    return this.fixedPort;
  }

  async start(): Promise<void> {
    this.server.listen(this.fixedPort, this.options.host);
    await once(this.server, 'listening');
    this.fixedPort = (this.server.address() as AddressInfo).port;
  }

  /** Closed as long as one reason says so. Closing ends all connections with a reset. */
  close(reason: string, isClosed: boolean): void {
    if (isClosed) this.reasons.add(reason);
    else this.reasons.delete(reason);
    this.work = this.work.then(() => this.reconcile()).catch(this.options.onError);
  }

  settled(): Promise<void> {
    return this.work;
  }

  private async reconcile(): Promise<void> {
    if ((this.reasons.size > 0) === !this.server.listening) return;
    if (this.server.listening) {
      const closed = once(this.server, 'close');
      this.server.close();
      this.server.closeAllConnections();
      await closed;
      return;
    }
    for (let attempt = 1; ; attempt += 1) {
      this.server.listen(this.fixedPort, this.options.host);
      try {
        await once(this.server, 'listening');
        return;
      } catch (error) {
        // A connection of some other program may have taken the port as its own end for a moment.
        if (this.reasons.size > 0) return;
        if (attempt === reopenAttempts) throw error;
        await wait(25);
      }
    }
  }
}
