import { Client, type ClientConfig } from 'pg';

/**
 * A session whose loss is never an event that nobody hears, which would end the process: a server can say good-bye in the same breath in which it
 * lets a session in, before anybody who asked for it could listen. Whoever uses the session is told by its next statement.
 */
export class GuardedClient extends Client {
  constructor(options?: string | ClientConfig) {
    super(options);
    this.on('error', () => undefined);
  }
}
