import { type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../transport-logger.js';
import { Subscription } from './subscription.js';

const aMessage = { fields: {}, properties: {}, content: Buffer.alloc(0) } as unknown as ConsumeMessage;
const lost = (): void => undefined;

class FakeChannel extends EventEmitter {
  readonly givenBack: ConsumeMessage[] = [];
  isClosed = false;

  async cancel(): Promise<void> { return Promise.resolve(); }
  async close(): Promise<void> { this.isClosed = true; return Promise.resolve(); }
  nack(message: ConsumeMessage): void { this.givenBack.push(message); }
}

/** Opens its channels when it is let. */
class FakeConnection {
  readonly channels: FakeChannel[] = [];
  opening: Promise<void> = Promise.resolve();

  async createChannel(): Promise<FakeChannel> {
    await this.opening;
    const channel = new FakeChannel();
    this.channels.push(channel);
    return channel;
  }

  hold(): () => void {
    let open: () => void = () => undefined;
    this.opening = new Promise((resolve) => { open = resolve; });
    return () => { open(); };
  }

  asModel(): ChannelModel {
    return this as unknown as ChannelModel;
  }
}

class Reading extends Subscription {
  readonly got: ConsumeMessage[] = [];
  isFinished = false;
  consumed = 0;

  constructor() {
    super('reading', silentLogger, () => { this.isFinished = true; });
  }

  /** A message waits whenever it begins. */
  protected override async consume(_channel: Channel, onMessage: (message: ConsumeMessage | null) => void): Promise<string> {
    this.consumed += 1;
    onMessage(aMessage);
    return Promise.resolve(`tag-${this.consumed}`);
  }

  protected override receive(_channel: Channel, message: ConsumeMessage, settled: () => void): void {
    this.got.push(message);
    settled();
  }
}

describe('a subscription whose renewal waits for its channel', () => {
  let reading: Reading;
  let connection: FakeConnection;
  beforeEach(async () => {
    [reading, connection] = [new Reading(), new FakeConnection()];
    await reading.attach(connection.asModel(), lost);
  });

  it('is renewed on the next connection when this one is lost meanwhile', async () => {
    const open = connection.hold();
    const renewing = reading.renew(connection.asModel(), lost);
    reading.detach();
    open();
    await renewing;
    expect([connection.channels[1]?.isClosed, reading.consumed]).toEqual([true, 1]);
    const next = new FakeConnection();
    await reading.attach(next.asModel(), lost);
    await reading.renew(next.asModel(), lost);
    expect(next.channels.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('hands out nothing more when it is stopped meanwhile', async () => {
    const open = connection.hold();
    const renewing = reading.renew(connection.asModel(), lost);
    await reading.stop();
    open();
    await renewing;
    expect([reading.consumed, reading.got.length, connection.channels.map(({ isClosed }) => isClosed), reading.isFinished]).toEqual([1, 1, [true, true], true]);
  });
});
