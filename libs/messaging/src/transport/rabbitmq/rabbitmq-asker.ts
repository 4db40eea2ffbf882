import { type Channel } from 'amqplib';
import { NotConnectedError, RequestTimeoutError, UnroutableError } from '../transport.js';
import { type BrokerNames } from './broker-names.js';

const REPLIES = 'amq.rabbitmq.reply-to';
const MAX_OPEN = 10_000;

interface Question {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** Questions and their replies on one channel: the broker's direct replies go only to the channel that asked. */
export class RabbitMqAsker {
  private channel: Channel | undefined;
  private reasonDown = 'not started';
  private blockedBecause: string | undefined;
  private nextId = 0;
  private readonly open = new Map<string, Question>();

  constructor(private readonly names: BrokerNames) {}

  async attach(channel: Channel, lost: (reason: string) => void): Promise<void> {
    channel.on('return', ({ properties }) => {
      this.take(properties.correlationId)?.reject(new UnroutableError('no such query queue'));
    });
    await channel.consume(REPLIES, (reply) => {
      if (reply) this.take(reply.properties.correlationId)?.resolve(reply.content);
      else lost('consumer of replies was cancelled by the broker');
    }, { noAck: true });
    this.channel = channel;
  }

  /** Replies can't arrive any more. What was asked may have been heard, so it counts as unanswered, not as never sent. */
  detach(reason: string): void {
    this.channel = undefined;
    this.reasonDown = reason;
    this.blockedBecause = undefined;
    for (const question of [...this.open.values()]) question.reject(new RequestTimeoutError(`no reply: ${reason}`));
  }

  block(reason: string): void {
    this.blockedBecause = reason;
  }

  unblock(): void {
    this.blockedBecause = undefined;
  }

  ask(queue: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
    const { channel } = this;
    if (!channel || this.blockedBecause !== undefined) return Promise.reject(new NotConnectedError(this.blockedBecause ?? this.reasonDown));
    if (this.open.size >= MAX_OPEN) return Promise.reject(new NotConnectedError('too many questions are open'));
    this.nextId += 1;
    const correlationId = String(this.nextId);
    return new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.take(correlationId)?.reject(new RequestTimeoutError(`no reply from "${queue}" within ${timeoutMs} ms`));
      }, timeoutMs);
      this.open.set(correlationId, {
        resolve: (reply) => { clearTimeout(timer); resolve(reply); },
        reject: (error) => { clearTimeout(timer); this.open.delete(correlationId); reject(error); },
      });
      this.send(channel, queue, body, correlationId, timeoutMs);
    });
  }

  /** Sent without a guarantee: an asker that is gone gets nothing, one that hears nothing times out. */
  reply(replyTo: string, correlationId: string, body: Buffer): void {
    if (!this.channel || this.blockedBecause !== undefined) return;
    try {
      this.channel.publish('', replyTo, body, { correlationId });
    } catch {
      // The channel ended a moment ago; the asker times out.
    }
  }

  private send(channel: Channel, queue: string, body: Buffer, correlationId: string, timeoutMs: number): void {
    try {
      channel.publish('', this.names.queue(queue), body, { mandatory: true, replyTo: REPLIES, correlationId, expiration: Math.ceil(timeoutMs) });
    } catch {
      this.take(correlationId)?.reject(new NotConnectedError('the channel is closing'));
    }
  }

  private take(correlationId: unknown): Question | undefined {
    if (typeof correlationId !== 'string') return undefined;
    const question = this.open.get(correlationId);
    this.open.delete(correlationId);
    return question;
  }
}
