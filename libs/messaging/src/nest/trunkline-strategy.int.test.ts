import { Catch, Controller, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { concat, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterQueue } from '../topology/topology.js';
import { InProcessBroker } from '../transport/in-process/in-process-broker.js';
import { InProcessTransport } from '../transport/in-process/in-process-transport.js';
import { RabbitMqHarness } from '../transport/rabbitmq/rabbitmq.testing.js';
import { type Responder, type Transport } from '../transport/transport.js';
import { anOutgoing, collect, conformanceTopology, type TransportHarness } from '../transport/conformance/stage.conformance.js';
import { MessageContext, QueryContext } from './message-context.js';
import { MessageRefusedError } from './message-refused-error.js';
import { acting } from './query-protocol.js';
import { QueryClient, QueryFailedError, QueryUnavailableError } from './query-client.js';
import { type Decoded, TrunklineStrategy, type TrunklineStrategyOptions } from './trunkline-strategy.js';

const WAIT = { timeout: 10_000, interval: 5 };

interface Note {
  readonly type: string;
  readonly text: string;
}

function decode(body: Buffer): Decoded {
  const note = JSON.parse(body.toString()) as Partial<Note>;
  if (typeof note.type !== 'string') return { ok: false, reason: 'a note without a type' };
  return { ok: true, type: note.type, message: note };
}

/** What the handlers below do is decided by the test. */
class Desk {
  readonly seen: string[] = [];
  readonly contexts: unknown[] = [];
  onOrder: (text: string) => Promise<void> = async () => undefined;
  onSecondOrder: (text: string) => Promise<void> = async () => undefined;
}

@Controller()
class NoteHandlers {
  constructor(private readonly desk: Desk) {}

  @EventPattern('order')
  async order(@Payload() note: Note, @Ctx() context: unknown): Promise<void> {
    this.desk.seen.push(note.text);
    this.desk.contexts.push(context);
    await this.desk.onOrder(note.text);
  }

  @EventPattern('twice')
  async first(@Payload() note: Note): Promise<void> {
    this.desk.seen.push(`first ${note.text}`);
    await this.desk.onOrder(note.text);
  }

  @EventPattern('twice')
  async second(@Payload() note: Note): Promise<void> {
    await this.desk.onSecondOrder(note.text);
    this.desk.seen.push(`second ${note.text}`);
  }

  @EventPattern('stream')
  stream(@Payload() note: Note): unknown {
    this.desk.seen.push(note.text);
    return note.text === 'bad' && this.desk.seen.length < 2 ? concat(of(1), throwError(() => new Error('late'))) : of(1, 2);
  }

  @MessagePattern('state.read')
  read(@Payload() data: { id: string } | undefined, @Ctx() context: unknown): unknown {
    this.desk.contexts.push(context);
    return data && { id: data.id, state: 'Deployed' };
  }

  @MessagePattern('state.change', acting)
  change(): unknown {
    this.desk.seen.push('changed');
    return 'done';
  }

  @MessagePattern('state.stream')
  readStream(): unknown {
    return of(1, 2);
  }

  @MessagePattern('state.refuse')
  refuse(): never {
    throw new RpcException({ code: 'NOT_FOUND', message: 'no such deployment' });
  }

  @MessagePattern('state.break')
  break(): never {
    throw new TypeError('cannot read properties of the password');
  }

  @MessagePattern('state.no-json')
  noJson(): unknown {
    return { id: 1n };
  }
}

/** Services hand errors on as they were thrown. */
@Catch(MessageRefusedError)
class AsThrown implements RpcExceptionFilter<MessageRefusedError> {
  catch(error: MessageRefusedError) {
    return throwError(() => error);
  }
}

const harnesses: [string, () => TransportHarness][] = [
  ['in process', () => {
    const broker = new InProcessBroker(conformanceTopology);
    const opened: Transport[] = [];
    return {
      open: () => {
        const transport = new InProcessTransport(broker);
        opened.push(transport);
        return transport;
      },
      dispose: async () => { await Promise.all(opened.map((each) => each.close({ drainMs: 0 }))); },
    };
  }],
  ['over RabbitMQ', () => new RabbitMqHarness(conformanceTopology)],
];

describe.each(harnesses)('a Nest microservice %s', (_name, makeHarness) => {
  let harness: TransportHarness;
  let transport: Transport;
  let other: Transport;
  let desk: Desk;
  const closings: (() => Promise<void>)[] = [];

  async function serve(over: Partial<TrunklineStrategyOptions> = {}): Promise<{ readonly strategy: TrunklineStrategy; readonly close: () => Promise<void> }> {
    const strategy = new TrunklineStrategy({ transport, queue: 'orders', queryQueues: ['questions'], prefetch: 10, decode, chance: () => 0, ...over });
    const module = await Test.createTestingModule({ controllers: [NoteHandlers], providers: [{ provide: Desk, useValue: desk }] }).compile();
    const app = module.createNestMicroservice({ strategy, logger: false });
    app.useGlobalFilters(new AsThrown());
    closings.push(() => app.close());
    await app.listen();
    return { strategy, close: () => app.close() };
  }

  const send = (type: string, text: string): Promise<void> => other.publish(anOutgoing({ messageId: text, body: Buffer.from(JSON.stringify({ type, text })) }));

  beforeEach(async () => {
    harness = makeHarness();
    transport = harness.open();
    other = harness.open();
    desk = new Desk();
    await other.start();
  });

  afterEach(async () => {
    await Promise.all(closings.splice(0).map((close) => close()));
    await harness.dispose();
  });

  describe('with event handlers', () => {
    it('gives the handler the decoded message and the circumstances', async () => {
      await serve();
      await send('order', 'hello');
      await expect.poll(() => desk.seen, WAIT).toEqual(['hello']);
      const context = desk.contexts[0];
      expect(context).toBeInstanceOf(MessageContext);
      expect(context).toMatchObject({ messageId: 'hello', type: 'order', routingKey: 'order.requested', redelivered: false });
    });

    it('acknowledges when the handler has resolved, not before', async () => {
      await serve({ prefetch: 1 });
      const open: (() => void)[] = [];
      desk.onOrder = () => new Promise((resolve) => open.push(resolve));
      await send('order', 'one');
      await send('order', 'two');
      await expect.poll(() => open.length, WAIT).toBe(1);
      const client = new QueryClient(other);
      await client.ask('questions', 'state.read', { id: 'x' }, 5_000);
      expect(desk.seen).toEqual(['one']);
      open[0]?.();
      await expect.poll(() => desk.seen, WAIT).toEqual(['one', 'two']);
      open[1]?.();
    });

    it('hands a message out again until its handler succeeds, and the others pass it', async () => {
      await serve();
      let failures = 3;
      desk.onOrder = async (text) => {
        if (text === 'stubborn' && failures-- > 0) throw new Error('database is away');
      };
      await send('order', 'stubborn');
      await send('order', 'easy');
      await expect.poll(() => desk.seen.filter((text) => text === 'stubborn').length, WAIT).toBe(4);
      expect(desk.seen).toContain('easy');
      expect(transport.state.kind).toBe('connected');
    });

    it('asks about each failure, acknowledges what is given up, and reports a success after them', async () => {
      const failed: string[] = [];
      const succeeded: string[] = [];
      await serve({
        failures: {
          after: async ({ decoded, incoming, type }) => {
            failed.push(`${incoming.messageId} ${type} ${(decoded as Note).text}`);
            return failed.length < 3 ? { kind: 'again' } : { kind: 'given-up', attempts: 3 };
          },
          succeeded: async ({ messageId }) => { succeeded.push(messageId); },
        },
      });
      desk.onOrder = async (text) => { if (text === 'poison') throw new Error('never'); };
      await send('order', 'poison');
      await expect.poll(() => failed, WAIT).toEqual(Array(3).fill('poison order poison'));
      let failures = 1;
      desk.onOrder = async () => { if (failures-- > 0) throw new Error('not yet'); };
      failed.length = 0;
      await send('order', 'stubborn');
      await expect.poll(() => succeeded, WAIT).toEqual(['stubborn']);
      expect(failed).toHaveLength(1);
      expect(desk.seen).toEqual(['poison', 'poison', 'poison', 'stubborn', 'stubborn']);
    });

    it('hands a message out again while its failures can not be counted', async () => {
      await serve({ failures: { after: async () => { throw new Error('database is away'); }, succeeded: async () => undefined } });
      let failures = 3;
      desk.onOrder = async () => { if (failures-- > 0) throw new Error('not yet'); };
      await send('order', 'x');
      await expect.poll(() => desk.seen, WAIT).toEqual(['x', 'x', 'x', 'x']);
    });

    it('waits for both handlers of one type, and repeats both when one fails', async () => {
      await serve();
      let failures = 1;
      desk.onSecondOrder = async () => { if (failures-- > 0) throw new Error('not yet'); };
      await send('twice', 'x');
      await expect.poll(() => desk.seen, WAIT).toEqual(['first x', 'first x', 'second x']);
    });

    it('waits for the end of a stream and sees its error', async () => {
      await serve();
      await send('stream', 'bad');
      await expect.poll(() => desk.seen, WAIT).toEqual(['bad', 'bad']);
    });

    it.each([
      ['of a type without a handler', { type: 'unknown' }, 'no handler for "unknown"'],
      ['that its decoder refuses', { text: 'x' }, 'a note without a type'],
      ['that makes its decoder throw', 'no JSON', 'undecodable: Unexpected token'],
    ])('makes a dead letter of a message %s', async (_case, content, reason) => {
      await serve();
      const dead = await collect(other, deadLetterQueue('orders'), 1, (delivery) => { delivery.ack(); });
      await other.publish(anOutgoing({ body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) }));
      await expect.poll(() => dead.deliveries[0]?.message.headers['x-trunkline-reason'], WAIT).toEqual(expect.stringContaining(reason));
      await send('order', 'next');
      await expect.poll(() => desk.seen, WAIT).toEqual(['next']);
    });

    it('makes a dead letter of a message that its handler refuses, at once and with its reason', async () => {
      const failed: string[] = [];
      await serve({ failures: { after: async ({ type }) => { failed.push(type); return { kind: 'again' }; }, succeeded: async () => undefined } });
      const dead = await collect(other, deadLetterQueue('orders'), 1, (delivery) => { delivery.ack(); });
      desk.onOrder = async (text) => { if (text === 'twice') throw new MessageRefusedError('REUSED: it came before'); };
      await send('order', 'twice');
      await expect.poll(() => dead.deliveries[0]?.message.headers['x-trunkline-reason'], WAIT).toBe('REUSED: it came before');
      await send('order', 'next');
      await expect.poll(() => desk.seen, WAIT).toEqual(['twice', 'next']);
      expect(failed).toEqual([]);
    });

    it('fails to listen to a queue that is not there', async () => {
      await expect(serve({ queue: 'nowhere' })).rejects.toThrow('nowhere');
    });
  });

  describe('with query handlers', () => {
    const ask = (pattern: string, data?: unknown, queue = 'questions', timeoutMs = 5_000): Promise<unknown> => new QueryClient(other).ask(queue, pattern, data, timeoutMs);

    it.each([
      ['an object', 'state.read', { id: 'd-1' }, { id: 'd-1', state: 'Deployed' }],
      ['nothing', 'state.read', undefined, undefined],
      ['the last value of a stream', 'state.stream', null, 2],
    ])('answers with %s', async (_case, pattern, data, expected) => {
      await serve();
      expect(await ask(pattern, data)).toEqual(expected);
    });

    it('tells the handler the pattern', async () => {
      await serve();
      await ask('state.read', { id: 'd-1' });
      expect(desk.contexts[0]).toEqual(new QueryContext('state.read'));
    });

    it.each([
      ['its refusal', 'state.refuse', 'NOT_FOUND', 'no such deployment'],
      ['nothing of a bug', 'state.break', 'INTERNAL', 'The question could not be answered because of an internal error'],
      ['nothing of an answer that is no JSON', 'state.no-json', 'INTERNAL', 'The question could not be answered because of an internal error'],
      ['that nobody knows the pattern', 'state.dream', 'UNKNOWN_PATTERN', 'Nobody here answers "state.dream"'],
      ['that an event is no question', 'order', 'UNKNOWN_PATTERN', 'Nobody here answers "order"'],
    ])('tells the asker %s', async (_case, pattern, code, message) => {
      await serve();
      const error: unknown = await ask(pattern).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(QueryFailedError);
      expect(error).toMatchObject({ code, message });
    });

    it.each(['no JSON', '[]', '{"pattern": 5}', 'null', '{"pattern": "state.read", "data": "\u00fc"}'])('refuses %s, with one byte a character, as a question', async (text) => {
      await serve();
      const reply = await other.request('questions', Buffer.from(text, 'latin1'), { timeoutMs: 5_000 });
      expect(JSON.parse(reply.toString())).toMatchObject({ ok: false, error: { code: 'BAD_QUESTION' } });
    });

    it.each([
      ['timeout', 'questions'],
      ['unroutable', 'nowhere'],
    ])('says %s when nobody answers on %s', async (reason, queue) => {
      const error: unknown = await ask('state.read', {}, queue, 50).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(QueryUnavailableError);
      expect(error).toMatchObject({ reason });
    });

    it('says not-connected when the asker is', async () => {
      await other.close();
      await expect(ask('state.read')).rejects.toMatchObject({ name: 'QueryUnavailableError', reason: 'not-connected' });
    });

    it('calls an answer that breaks the protocol a failure', async () => {
      await transport.start();
      await transport.respond('questions', { prefetch: 1 }, async () => Buffer.from('{"ok": "yes"}'));
      await expect(ask('state.read')).rejects.toMatchObject({ name: 'QueryFailedError', code: 'INTERNAL' });
    });
  });

  describe('closing', () => {
    it('lets running handlers end, acknowledges them, and leaves the rest to others', async () => {
      const { close } = await serve({ prefetch: 1 });
      let finish: () => void = () => undefined;
      desk.onOrder = (text) => (text === 'one' ? new Promise((resolve) => { finish = resolve; }) : Promise.resolve());
      await send('order', 'one');
      await expect.poll(() => desk.seen, WAIT).toEqual(['one']);
      await send('order', 'two');
      const closing = close();
      finish();
      await closing;
      await transport.close();
      const rest = await collect(other, 'orders', 5);
      // The second may have been handed out in the moment before the end, then it was finished too.
      await expect.poll(() => [...desk.seen, ...rest.ids()], WAIT).toEqual(['one', 'two']);
    });

    it('does not wait for ever for a handler, whose message is handed out again', async () => {
      const { close } = await serve({ drainMs: 30 });
      desk.onOrder = () => new Promise(() => undefined);
      await send('order', 'stuck');
      await expect.poll(() => desk.seen, WAIT).toEqual(['stuck']);
      await close();
      await transport.close({ drainMs: 0 });
      const rest = await collect(other, 'orders', 5);
      await expect.poll(() => rest.deliveries.map(({ message }) => [message.messageId, message.redelivered]), WAIT).toEqual([['stuck', true]]);
    });

    it('gives back at once what waits for another attempt', async () => {
      const { close } = await serve({ chance: () => 0.999 });
      desk.onOrder = async () => { throw new Error('database is away'); };
      await send('order', 'failing');
      await expect.poll(() => desk.seen, WAIT).toEqual(['failing']);
      await close();
      const rest = await collect(other, 'orders', 5);
      await expect.poll(() => rest.ids(), WAIT).toEqual(['failing']);
    });
  });

  it('says its state as the transport does', async () => {
    const { strategy } = await serve();
    const heard: string[] = [];
    strategy.status.subscribe((status) => heard.push(status));
    expect(heard).toEqual(['connected']);
    expect(strategy.unwrap()).toBe(transport);
  });
});

/** As a broker does whose consumer was gone before it had acknowledged. */
class RedeliveringTransport extends InProcessTransport {
  override respond(queue: string, options: { readonly prefetch: number }, responder: Responder): ReturnType<Transport['respond']> {
    return super.respond(queue, options, (body) => responder(body, true));
  }
}

describe('a question that is delivered again', () => {
  it('is answered when it only looks, and left alone when it acts: its asker may have been heard', async () => {
    const transport = new RedeliveringTransport(new InProcessBroker(conformanceTopology));
    const desk = new Desk();
    const strategy = new TrunklineStrategy({ transport, queryQueues: ['questions'], prefetch: 10, decode });
    const module = await Test.createTestingModule({ controllers: [NoteHandlers], providers: [{ provide: Desk, useValue: desk }] }).compile();
    const app = module.createNestMicroservice({ strategy, logger: false });
    await app.listen();
    const client = new QueryClient(transport);
    expect(await client.ask('questions', 'state.read', { id: 'x' }, 5_000)).toEqual({ id: 'x', state: 'Deployed' });
    await expect(client.ask('questions', 'state.change', {}, 200)).rejects.toMatchObject({ reason: 'timeout' });
    expect(desk.seen).toEqual([]);
    await app.close();
    await transport.close({ drainMs: 0 });
  });
});
