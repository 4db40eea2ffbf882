import { type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../transport-logger.js';
import { Subscription } from '../subscription.js';

const aMessage = { fields: {}, properties: {}, content: Buffer.alloc(0) } as unknown as ConsumeMessage;
const lost = (): void => undefined;

class FakeChannel extends EventEmitter {
  isClosed = false;
  isConsumed = false;

  /** A message waits whenever somebody begins. */
  async consume(_queue: string, onMessage: (message: ConsumeMessage | null) => void): Promise<{ consumerTag: string }> {
    this.isConsumed = true;
    onMessage(aMessage);
    return Promise.resolve({ consumerTag: 'tag' });
  }

  async cancel(): Promise<void> { return Promise.resolve(); }
  async close(): Promise<void> { this.isClosed = true; return Promise.resolve(); }
}

class FakeConnection {
  readonly channels: FakeChannel[] = [];
  opening: Promise<void> = Promise.resolve();

  async createChannel(): Promise<FakeChannel> {
    await this.opening;
    const channel = new FakeChannel();
    this.channels.push(channel);
    return channel;
  }

  asModel(): ChannelModel {
    return this as unknown as ChannelModel;
  }
}

class Reading extends Subscription {
  readonly got: ConsumeMessage[] = [];
  isFinished = false;
  preparing: Promise<void> = Promise.resolve();

  constructor() {
    super('reading', silentLogger, () => { this.isFinished = true; });
  }

  protected override async prepare(): Promise<string> {
    await this.preparing;
    return 'orders';
  }

  protected override receive(_channel: Channel, message: ConsumeMessage, settled: () => void): void {
    this.got.push(message);
    settled();
  }
}

describe.each(['channel', 'prefetch'])('a subscription whose renewal waits for its %s', (what) => {
  let reading: Reading;
  let connection: FakeConnection;
  let goOn: () => void;
  let renewing: Promise<void>;
  beforeEach(async () => {
    [reading, connection] = [new Reading(), new FakeConnection()];
    await reading.attach(connection.asModel(), lost);
    const held = new Promise<void>((resolve) => { goOn = resolve; });
    if (what === 'channel') connection.opening = held;
    else reading.preparing = held;
    renewing = reading.renew(connection.asModel(), lost);
    // As far as it comes.
    await new Promise((resolve) => { setImmediate(resolve); });
  });

  const states = ({ channels }: FakeConnection) => channels.map(({ isClosed, isConsumed }) => [isConsumed, isClosed]);

  it('is renewed on the next connection when this one is lost meanwhile', async () => {
    reading.detach();
    goOn();
    await renewing;
    expect(states(connection)).toEqual([[true, false], [false, true]]);
    const next = new FakeConnection();
    await reading.attach(next.asModel(), lost);
    await reading.renew(next.asModel(), lost);
    expect(states(next)).toEqual([[true, true], [true, false]]);
  });

  it('hands out nothing more when it is stopped meanwhile', async () => {
    await reading.stop();
    goOn();
    await renewing;
    expect([states(connection), reading.got.length, reading.isFinished]).toEqual([[[true, true], [false, true]], 1, true]);
  });
});
