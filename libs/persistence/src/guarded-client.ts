import type { Socket } from 'node:net';

import { Client, type ClientConfig } from 'pg';

/**
 * A session whose loss is never an event that nobody hears, which would end the process: a server can say good-bye in the same breath in which it
 * lets a session in, before anybody who asked for it could listen. Whoever uses the session is told by its next statement.
 */
export class GuardedClient extends Client {
  private isCorked = false;

  constructor(options?: string | ClientConfig) {
    super(options);
    this.on('error', () => undefined);
    // `query` of the base class has many signatures; none of them is changed.
    const query = super.query.bind(this) as (...given: unknown[]) => unknown;
    this.query = ((...given: unknown[]) => {
      this.cork();
      return query(...given);
    }) as typeof this.query;
  }

  /** What is sent in one turn goes to the socket in one write. */
  private cork(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    const { stream } = (this as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }
}
