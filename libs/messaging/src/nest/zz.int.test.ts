import { it } from 'vitest';
import { RabbitMqHarness } from '../transport/rabbitmq/rabbitmq.testing.js';
import { anOutgoing, collect, conformanceTopology } from '../transport/transport.conformance.js';
it('x', async () => {
  const h = new RabbitMqHarness(conformanceTopology);
  const t = h.open(); 
  await t.start();
  const c = await collect(t, 'orders', 1);
  await t.publish(anOutgoing());
  while (c.deliveries.length === 0) await new Promise((r) => setTimeout(r, 5));
  await c.stop();
  c.deliveries[0]?.ack();
  console.time('close'); await t.close(); console.timeEnd('close');
  const u = h.open(); await u.start();
  await (u as any).respond('questions', { prefetch: 1 }, async (b: Buffer) => b);
  console.time('close2'); await u.close(); console.timeEnd('close2');
  console.time('dispose'); await h.dispose(); console.timeEnd('dispose');
});
