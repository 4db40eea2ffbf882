import type { Database, Statement } from '@trunkline/persistence';
import { createLogger } from '@trunkline/runtime';
import { expect, it } from 'vitest';

import type { Transport } from '../transport/transport.js';
import { Outbox } from './outbox.js';

it('an outbox that stops waits for what is on its way, and removes it', async () => {
  const removed: unknown[] = [];
  const database = {
    run: ({ name, values }: Statement) => {
      if (name === 'outbox-remove') removed.push(values[0]);
      return Promise.resolve([]);
    },
  } as unknown as Database;
  let begun = (): void => undefined;
  let confirm = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => { begun = resolve; });
  const publish = (): Promise<void> => {
    begun();
    return new Promise((resolve) => { confirm = resolve; });
  };
  const transport = { state: { kind: 'connected' }, publish } as unknown as Transport;
  const outbox = new Outbox(database, transport, createLogger({ service: 'test', level: 'silent' }));
  outbox.start();
  const message = { exchange: 'events', routingKey: 'key', messageId: 'id', body: '{}', bcc: [], isRedrive: false } as const;
  outbox.publish({ messages: [message], rows: Promise.resolve([{ id: '1', place: 1 }]) });
  await isBegun;
  const stopped = outbox.stop();
  await new Promise((resolve) => { setImmediate(resolve); });
  confirm();
  await stopped;
  expect(removed).toEqual([['1']]);
});
