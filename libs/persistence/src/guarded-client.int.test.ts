import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { Pool } from 'pg';
import { describe, expect, it } from 'vitest';

import { GuardedClient } from './guarded-client.js';

/** Messages of PostgreSQL's protocol: a type, the length of itself and what follows, and that. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}
const letIn = message('R', Buffer.alloc(4));
const ready = message('Z', Buffer.from('I'));
const goodBye = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

describe('a session', () => {
  it('that is ended in the same breath in which it was let in ends nothing else', async () => {
    const server = createServer((socket) => { socket.once('data', () => { socket.end(Buffer.concat([letIn, ready, goodBye])); }); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const pool = new Pool({ Client: GuardedClient, host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'somebody', database: 'something' });
    pool.on('error', () => undefined);
    const session = await pool.connect();
    await expect(session.query('SELECT 1')).rejects.toThrow(/not queryable|terminat|ended/);
    session.release(true);
    await pool.end();
    server.close();
  });
});
