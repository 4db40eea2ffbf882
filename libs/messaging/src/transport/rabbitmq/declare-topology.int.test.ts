import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterQueue, topology } from '../../topology/topology.js';
import { anOutgoing, collect, WAIT } from '../conformance/stage.conformance.js';
import { TopologyMismatchError } from './declare-topology.js';
import { RabbitMqHarness, testBrokerUrl, withChannel } from './rabbitmq.testing.js';
import { FaultProxy } from '@trunkline/testing';

describe('the topology of the product on RabbitMQ', () => {
  let harness: RabbitMqHarness;

  beforeEach(() => {
    harness = new RabbitMqHarness(topology);
  });

  afterEach(async () => {
    await harness.dispose();
  });

  it('is declared by whoever comes first, and by all others again', async () => {
    const transports = [1, 2, 3, 4].map(() => harness.open());
    await Promise.all(transports.map((each) => each.start()));
    for (const { name, bindings } of topology.queues) {
      for (const { exchange, routingKey } of bindings) {
        await transports[0]?.publish(anOutgoing({ exchange, routingKey, messageId: `${name} ${routingKey}`, mandatory: true }));
      }
    }
    const work = topology.queues.filter(({ kind }) => kind === 'work');
    const got = await Promise.all(work.map(({ name }) => collect(transports[1]!, name, 50, (delivery) => { delivery.ack(); })));
    const wanted = work.map(({ name, bindings }) => bindings.map(({ routingKey }) => `${name} ${routingKey}`));
    await expect.poll(() => wanted.map((ids, index) => ids.filter((id) => !got[index]?.ids().includes(id))), WAIT).toEqual(work.map(() => []));
  });

  it('moves what is rejected without a reason to the dead letters as well', async () => {
    const transport = harness.open();
    await transport.start();
    await transport.publish(anOutgoing({ exchange: '', routingKey: 'sbc-agent' }));
    await withChannel(async (channel) => {
      const message = await channel.get(`${harness.prefix}sbc-agent`);
      if (message) channel.nack(message, false, false);
    });
    const dead = await collect(transport, deadLetterQueue('sbc-agent'), 1, (delivery) => { delivery.ack(); });
    await expect.poll(() => dead.ids(), WAIT).toEqual(['m-1']);
  });

  it('ends the start when a queue exists with other properties, and names it', async () => {
    const taken = `${harness.prefix}ovoc-sync`;
    await withChannel((channel) => channel.assertQueue(taken, { durable: true }));
    const transport = harness.open();
    const error: unknown = await transport.start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TopologyMismatchError);
    expect((error as Error).message).toContain(taken);
    await expect.poll(() => transport.state.kind, WAIT).toBe('closed');
  });

  it('that is changed under a running transport is named in its state until it is put right', async () => {
    const proxy = await FaultProxy.start(testBrokerUrl());
    const transport = harness.open({ url: proxy.url });
    await transport.start();
    proxy.refuse();
    const changed = `${harness.prefix}sbc-agent`;
    await withChannel(async (channel) => {
      await channel.deleteQueue(changed);
      await channel.assertQueue(changed, { durable: true });
    });
    proxy.allow();
    await expect.poll(() => (transport.state.kind === 'connecting' ? transport.state.reason : ''), WAIT).toContain(changed);
    await withChannel((channel) => channel.deleteQueue(changed));
    await expect.poll(() => transport.state.kind, WAIT).toBe('connected');
    await transport.publish(anOutgoing({ exchange: '', routingKey: 'sbc-agent' }));
    await transport.close();
    await proxy.close();
  });
});
