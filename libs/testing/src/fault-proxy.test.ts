import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from './eventually.js';
import { type Disturbance, FaultProxy } from './fault-proxy.js';

/** A client that keeps what it hears and how its connection ended. */
class Caller {
  heard = '';
  isGone = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => { this.heard += chunk.toString(); }).on('error', () => undefined).on('close', () => { this.isGone = true; });
  }

  static async at(url: string): Promise<Caller> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true });
    const caller = new Caller(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
    return caller;
  }
}

describe('a proxy that disturbs', () => {
  let server: Server;
  let proxy: FaultProxy;
  let taken: string;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    taken = '';
    server = createServer((socket) => {
      sockets.add(socket);
      // Says everything back.
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => {
        taken += chunk.toString();
        socket.write(chunk);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await FaultProxy.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('lets everything through while nothing is disturbed', async () => {
    const caller = await Caller.at(proxy.url);
    caller.socket.write('hello');
    await eventually('the echo', () => caller.heard === 'hello');
  });

  it('refuses, and lets through again', async () => {
    proxy.disturb({ kind: 'refuse' });
    const refused = await Caller.at(proxy.url);
    await eventually('the reset', () => refused.isGone);
    proxy.calm();
    const caller = await Caller.at(proxy.url);
    caller.socket.write('again');
    await eventually('the echo', () => caller.heard === 'again');
  });

  it('delays, and keeps the order', async () => {
    proxy.disturb({ kind: 'delay', ms: 60 });
    const caller = await Caller.at(proxy.url);
    const startedAt = performance.now();
    for (const word of ['one ', 'two ', 'three']) caller.socket.write(word);
    await eventually('the echo', () => caller.heard === 'one two three');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
  });

  it.each([
    ['of a request', 'requests', { taken: 'abc', heard: 'abc' }],
    ['of a reply', 'replies', { taken: 'abcdef', heard: 'abc' }],
  ] as const)('cuts after so many bytes %s', async (_what, of, seen) => {
    proxy.disturb({ kind: 'cut-after', bytes: 3, of });
    const caller = await Caller.at(proxy.url);
    caller.socket.write('abcdef');
    await eventually('the reset', () => caller.isGone);
    expect(taken).toBe(seen.taken);
    expect(seen.heard.startsWith(caller.heard)).toBe(true);
  });

  it.each<[string, Disturbance]>([
    ['swallows everything in a black hole', { kind: 'black-hole' }],
    ['leaves the client connected to nobody when half open', { kind: 'half-open' }],
  ])('%s, and resets who missed something afterwards', async (_what, disturbance) => {
    const caller = await Caller.at(proxy.url);
    await eventually('the pair', () => proxy.connectionCount === 1);
    proxy.disturb(disturbance);
    const late = await Caller.at(proxy.url);
    for (const each of [caller, late]) each.socket.write('lost');
    await eventually('the bytes to be gone', () => proxy.swallowedBytes === 'lost'.length * 2);
    expect([caller.isGone, late.isGone, taken]).toEqual([false, false, '']);
    proxy.calm();
    await eventually('the reset', () => caller.isGone);
  });

  it('leaves a connection alone that missed nothing', async () => {
    const caller = await Caller.at(proxy.url);
    caller.socket.write('x');
    await eventually('the echo', () => caller.heard === 'x');
    proxy.disturb({ kind: 'black-hole' });
    proxy.calm();
    caller.socket.write('y');
    await eventually('the echo', () => caller.heard === 'xy');
  });
});
