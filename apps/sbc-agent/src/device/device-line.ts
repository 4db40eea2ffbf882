import { type buildConnector, Client } from 'undici';

/** One connection at a time to a device, opened when it is needed: kept for further calls until it is idle for too long, or opened for each. */
export class DeviceLine {
  readonly client: Client;
  private isUsed = false;

  constructor(origin: string, connect: buildConnector.connector, private readonly keep: number | 'per-call') {
    const idleMs = keep === 'per-call' ? {} : { keepAliveTimeout: keep, keepAliveMaxTimeout: keep };
    this.client = new Client(origin, { connect, pipelining: 1, ...idleMs });
    this.client.on('connect', () => { this.isUsed = false; });
  }

  get isPerCall(): boolean {
    return this.keep === 'per-call';
  }

  /** Notes that a call is written on the connection; whether one was before. */
  use(): boolean {
    const wasUsed = this.isUsed;
    this.isUsed = true;
    return wasUsed;
  }

  /** Resolves when the calls under way have ended. */
  close(): Promise<void> {
    return this.client.close();
  }
}
