import { type ChannelModel, connect } from 'amqplib';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { backoff, errorMessage, shortPauses } from '@trunkline/runtime';
import { atMost } from '../at-most.js';
import { type TransportLogger } from '../transport-logger.js';

export type LinkStatus = { readonly kind: 'up' } | { readonly kind: 'down'; readonly reason: string };

export interface BrokerLinkOptions {
  /** With account and heartbeat; never logged. */
  readonly url: string;
  /** As the broker's operator sees it. */
  readonly connectionName: string;
  readonly connectTimeoutMs: number;
  readonly logger: TransportLogger;
  /** Builds everything on a new connection. Whatever breaks later calls `lost`: the connection is given up and a new one built. */
  readonly setUp: (connection: ChannelModel, lost: (reason: string) => void) => Promise<void>;
  /** Everything built on the last connection is gone. */
  readonly tearDown: (reason: string) => void;
  readonly onChange: (status: LinkStatus, cause?: unknown) => void;
}

/** A link up for this long was worth the effort: the next pause starts small again. */
const STABLE_MS = 5_000;
const GOODBYE_MS = 1_000;

/** One AMQP connection that comes back: with growing, random pauses, until `close`. */
export class BrokerLink {
  private status: LinkStatus = { kind: 'down', reason: 'not started' };
  private connection: ChannelModel | undefined;
  private running: Promise<void> | undefined;
  private isClosing = false;
  private readonly ending = new AbortController();

  constructor(private readonly options: BrokerLinkOptions) {}

  get current(): LinkStatus {
    return this.status;
  }

  open(): void {
    this.running ??= this.run();
  }

  /** Says goodbye to the broker, at most a second long. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.ending.abort();
    if (this.connection) await farewell(this.connection);
    // A connection that is only being made is given up by itself when it comes.
    if (this.running) await atMost(GOODBYE_MS, this.running);
  }

  private async run(): Promise<void> {
    let failures = 0;
    let wasAnswered = false;
    while (!this.isClosing) {
      const stableAt = performance.now() + STABLE_MS;
      const { connection, reason, cause } = await this.liveOnce();
      const wasStable = this.status.kind === 'up' && performance.now() > stableAt;
      // A broker that is back has nothing to do with the pauses for one that was away.
      failures = wasStable || (connection && !wasAnswered) ? 1 : failures + 1;
      wasAnswered = connection !== undefined;
      this.change({ kind: 'down', reason }, cause);
      this.options.tearDown(reason);
      if (connection) await farewell(connection);
      if (this.isClosing) return;
      const pauseMs = backoff(failures, shortPauses, Math.random());
      this.options.logger.warn({ connection: this.options.connectionName, reason, pauseMs }, 'no connection to RabbitMQ, it is built again');
      await this.pauseOf(pauseMs);
    }
  }

  /** Connects, sets up, stays until something breaks; says what it was. */
  private async liveOnce(): Promise<{ readonly connection?: ChannelModel; readonly reason: string; readonly cause?: unknown }> {
    let connection: ChannelModel;
    try {
      connection = await this.connect();
    } catch (error) {
      return { reason: errorMessage(error), cause: error };
    }
    if (this.isClosing) return { connection, reason: 'closed' };
    const lost = this.watch(connection);
    this.connection = connection;
    try {
      const broken = await Promise.race([this.options.setUp(connection, lost.report).then(() => undefined), lost.reason]);
      if (broken !== undefined) return { connection, reason: broken };
      this.change({ kind: 'up' });
      this.options.logger.info({ connection: this.options.connectionName }, 'connected to RabbitMQ');
      return { connection, reason: await lost.reason };
    } catch (error) {
      return { connection, reason: errorMessage(error), cause: error };
    } finally {
      this.connection = undefined;
    }
  }

  private connect(): Promise<ChannelModel> {
    const { url, connectTimeoutMs, connectionName } = this.options;
    return connect(url, { noDelay: true, timeout: connectTimeoutMs, clientProperties: { connection_name: connectionName } });
  }

  private watch(connection: ChannelModel): { readonly reason: Promise<string>; readonly report: (reason: string) => void } {
    let report: (reason: string) => void = () => undefined;
    const reason = new Promise<string>((resolve) => { report = resolve; });
    connection.on('error', (error) => { report(error.message); });
    connection.on('close', (error) => { report(error ? error.message : 'connection closed'); });
    return { reason, report };
  }

  private change(status: LinkStatus, cause?: unknown): void {
    this.status = status;
    this.options.onChange(status, cause);
  }

  private async pauseOf(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

/** Closes as the protocol wants it, so that answers already written arrive; on a dead network without it, after a second. */
async function farewell(connection: ChannelModel): Promise<void> {
  // amqplib hands over what the channels have buffered in the next turns of the loop; the close would overtake it.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
  // Without the broker's answer amqplib's promise stays open for ever.
  await atMost(GOODBYE_MS, connection.close().catch(() => undefined));
  destroy(connection);
}

/** Ends it at once, without a word to the broker. */
export function destroy(connection: ChannelModel): void {
  const { connection: inner } = connection;
  // amqplib keeps the socket to itself and has no call that destroys it.
  const socket: unknown = 'stream' in inner ? inner.stream : undefined;
  // With an error: amqplib does not hear a silent end, and would keep its channels and timers.
  if (socket instanceof Socket) socket.destroy(new Error('given up'));
}
