import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';

import { expect, it } from 'vitest';

import { nodeServer } from './node-server.js';

it.each([
  ['headers', 'POST / HTTP/1.1\r\nHost: x\r\n'],
  ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'],
])('a server that waits for %s in vain answers 408 as a problem', async (_what, half) => {
  const server = nodeServer(() => undefined, { receiveWithinMs: 50, checkEveryMs: 10 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(half);
  await once(socket, 'close');
  server.close();
  const [head, body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\ncontent-type: application\/problem\+json\r\n/);
  expect(JSON.parse(body)).toMatchObject({ status: 408, errorCode: 'REQUEST_TIMEOUT' });
});
