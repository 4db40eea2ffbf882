import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SbcAccess } from '@trunkline/inventory';
import { OutcomeUnknownError, PermanentError, TransientError } from '@trunkline/steps';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunOptions, SbcDevice } from './sbc-device.js';
import type { SbcDevicesOptions } from './sbc-devices.rest.js';
import { SbcDevicesRest } from './sbc-devices.rest.js';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const never = new AbortController().signal;
const script = 'configure voip\n ip-group new\n  name "Café Ltd"\n  activate\n exit\nexit\n';
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => resolve());
  }));
  return (server.address() as AddressInfo).port;
}

function recording(received: Received[], answer: (request: Received, response: ServerResponse) => void): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(seen);
      answer(seen, response);
    });
  };
}

function devices(baseUrl: string, over: Partial<SbcDevicesOptions & SbcAccess> = {}): SbcDevicesRest {
  const { caFile, insecure = false, ...options } = over;
  const access: SbcAccess = { baseUrl, user: 'admin', password: 'pä:ss', insecure, ...caFile !== undefined && { caFile } };
  return new SbcDevicesRest({ access: new Map([[5, access]]), version: '1.2.3', responseTimeoutMs: 2_000, ...options });
}

async function open(baseUrl: string, over: Partial<SbcDevicesOptions & SbcAccess> = {}): Promise<SbcDevice> {
  const device = await devices(baseUrl, over).open(5);
  closing.push(() => device.close());
  return device;
}

async function answering(status: number, body: string | object, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = createServer(recording(received, (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }));
  const port = await listen(server);
  return { received, url: `http://127.0.0.1:${port}`, device: await open(`http://127.0.0.1:${port}`) };
}

const options = (over: Partial<RunOptions> = {}): RunOptions => ({ signal: never, timeoutMs: 2_000, mayStart: () => true, ...over });

async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof Error) return error;
  throw new Error('nothing was thrown');
}

/** The text of a reading, put together again. */
async function read(device: SbcDevice, signal: AbortSignal = never): Promise<string> {
  const taken: Buffer[] = [];
  await device.readConfiguration(signal, (bytes) => { taken.push(bytes); });
  return Buffer.concat(taken).toString('utf8');
}

describe('a call to a device', () => {
  it('carries the script as one file of a form, the account and the flow', async () => {
    const { received, device } = await answering(200, { status: 'success', output: 'fine' });
    await expect(device.runScript(script, options({ deploymentId: '5d0a9d2e-6a3c' }))).resolves.toEqual({ output: 'fine', isConfirmed: true });
    const [request] = received;
    expect(received).toHaveLength(1);
    expect(request).toMatchObject({ method: 'PUT', url: '/api/v1/files/cliScript/incremental' });
    expect(request?.headers['user-agent']).toBe('trunkline/1.2.3 (flow 5d0a9d2e-6a3c)');
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('admin:pä:ss').toString('base64')}`);
    const form = await new Response(request?.body, { headers: { 'content-type': request?.headers['content-type'] ?? '' } }).formData();
    expect([...form.keys()]).toEqual(['file']);
    expect(await (form.get('file') as File).text()).toBe(script);
  });

  it('reads, asks and saves at the documented paths, below a path of its own', async () => {
    const received: Received[] = [];
    const port = await listen(createServer(recording(received, (request, response) => {
      response.end(request.url.endsWith('/status') ? '{"operationalState":"LOCKED","versionID":"7.40"}' : request.method === 'GET' ? 'configure voip\nexit' : '');
    })));
    const device = await open(`http://127.0.0.1:${port}/proxy/sbc5`);
    await expect(device.status(never)).resolves.toEqual({ isUnlocked: false, operationalState: 'LOCKED' });
    await expect(read(device)).resolves.toBe('configure voip\nexit');
    await expect(device.saveConfiguration(never)).resolves.toBeUndefined();
    expect(received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/proxy/sbc5/api/v1/status', ''], ['GET', '/proxy/sbc5/api/v1/files/cliScript', ''], ['POST', '/proxy/sbc5/api/v1/actions/saveConfiguration', ''],
    ]);
    expect(received[0]?.headers['user-agent']).toBe('trunkline/1.2.3');
  });

  it.each([
    [401, PermanentError, 'SBC rejected credentials'], [403, PermanentError, 'SBC rejected credentials'], [409, TransientError, 'SBC busy (HA synchronization)'],
    [307, PermanentError, 'SBC answered with a redirect (HTTP 307)'], [500, OutcomeUnknownError, 'SBC failed (HTTP 500)'], [400, PermanentError, 'SBC rejected script: no reason given'],
  ])('ends for a script answered with HTTP %i as the table says, and is not repeated', async (status, kind, message) => {
    const { received, device } = await answering(status, '', { location: 'http://127.0.0.1:1/' });
    const error = await errorOf(device.runScript(script, options()));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe(message);
    expect(received).toHaveLength(1);
  });

  it('passes on when the device wants to be asked again', async () => {
    const { device } = await answering(503, '', { 'retry-after': '3' });
    expect(await errorOf(device.saveConfiguration(never))).toMatchObject({ retryAfterMs: 3000 });
  });

  it('keeps passwords of the script out of output and error', async () => {
    const secret = 'configure voip\n password "s3cret"\n user "hush"\nexit\n';
    const { device } = await answering(200, { status: 'success', output: 'password "s3cret" user "hush"' });
    expect(await device.runScript(secret, options({ secrets: ['hush'] }))).toEqual({ output: 'password "*****" user "*****"', isConfirmed: true });
  });

  it('refuses a script over 256 KiB without sending it', async () => {
    const { received, device } = await answering(200, '');
    expect(await errorOf(device.runScript('x'.repeat(256 * 1024 + 1), options()))).toMatchObject({ code: 'SBC_SCRIPT_TOO_LARGE' });
    expect(received).toHaveLength(0);
  });

  it('stops reading an answer that is too large', async () => {
    const { device } = await answering(200, 'x'.repeat(5 * 1024 * 1024));
    expect(await errorOf(device.status(never))).toMatchObject({ name: 'PermanentError', code: 'SBC_ANSWER_TOO_LARGE' });
    expect(await errorOf(device.runScript(script, options()))).toMatchObject({ name: 'OutcomeUnknownError' });
  });

  it('reads a configuration that is larger than other answers may be', async () => {
    const text = `configure voip\n${' ip-group 1\n exit\n'.repeat(300_000)}exit\n`;
    const { device } = await answering(200, text);
    expect((await read(device)).length).toBe(text.length);
  });
});

describe('a device that can\'t be reached', () => {
  it('was sent nothing when nothing listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await closing.pop()?.();
    const device = await open(`http://127.0.0.1:${port}`);
    expect(await errorOf(device.runScript(script, options()))).toMatchObject({ name: 'TransientError', code: 'SBC_UNREACHABLE', message: 'SBC unreachable' });
  });

  it.each([
    ['closes the connection before it answers', (socket: Socket) => socket.destroy()],
    ['cuts its answer', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{"status":"succ')],
    ['cuts a chunked answer', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{"status":"succ')],
    ['answers with no HTTP', (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
    ['never answers', () => undefined],
    ['never ends its answer', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{')],
  ])('leaves a script in doubt and a reading to be repeated when it %s', async (_name, act) => {
    const device = await open(`http://127.0.0.1:${await listen(createTcpServer((socket) => {
      socket.once('data', () => act(socket));
    }))}`, { responseTimeoutMs: 300 });
    expect(await errorOf(device.runScript(script, options({ timeoutMs: 300 })))).toMatchObject({ name: 'OutcomeUnknownError', code: 'SBC_ANSWER_LOST', message: 'SBC unreachable' });
    expect(await errorOf(read(device))).toMatchObject({ name: 'TransientError', code: 'SBC_UNREACHABLE' });
  });

  it('does not pass a configuration off as whole that just ended', async () => {
    const device = await open(`http://127.0.0.1:${await listen(createTcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nconfigure voip\n ip-group 0\n  name "Nor'));
    }))}`);
    expect(await errorOf(read(device))).toMatchObject({ name: 'TransientError', code: 'SBC_ANSWER_UNREADABLE' });
  });

  it('cuts a call off at its time-out', async () => {
    let cut: () => void = () => undefined;
    const wasCut = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const device = await open(`http://127.0.0.1:${await listen(createTcpServer((socket) => {
      socket.on('data', () => undefined).on('close', cut);
    }))}`);
    const began = performance.now();
    expect(await errorOf(device.runScript(script, options({ timeoutMs: 150 })))).toMatchObject({ code: 'SBC_ANSWER_LOST' });
    expect(performance.now() - began).toBeLessThan(1_500);
    await wasCut;
  });
});

describe('a call that is given up', () => {
  it('is in doubt once the script was sent', async () => {
    const controller = new AbortController();
    const device = await open(`http://127.0.0.1:${await listen(createTcpServer((socket) => {
      socket.once('data', () => controller.abort());
    }))}`);
    expect(await errorOf(device.runScript(script, options({ signal: controller.signal })))).toMatchObject({ name: 'OutcomeUnknownError' });
  });

  it('was not sent when it was given up before', async () => {
    const { received, device } = await answering(200, '');
    expect(await errorOf(device.runScript(script, options({ signal: AbortSignal.abort() })))).toMatchObject({ name: 'TransientError', code: 'SBC_CALL_ABORTED' });
    expect(received).toHaveLength(0);
  });

  it('is not sent later when it waited for a free connection', async () => {
    const waiting: ServerResponse[] = [];
    const received: Received[] = [];
    const port = await listen(createServer(recording(received, (_request, response) => {
      waiting.push(response);
    })));
    const device = await open(`http://127.0.0.1:${port}`);
    const first = device.runScript(script, options());
    await expect.poll(() => waiting.length).toBe(1);
    const controller = new AbortController();
    const second = errorOf(device.runScript(script, options({ signal: controller.signal })));
    controller.abort();
    expect(await second).toMatchObject({ code: 'SBC_CALL_ABORTED' });
    waiting[0]?.end('{"status":"success"}');
    await first;
    // A later call shows that the one given up is no longer queued before it.
    const last = device.runScript(`${script}show version\n`, options());
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.end('{"status":"success"}');
    await last;
    expect(received.map(({ body }) => body.includes('show version'))).toEqual([false, true]);
  });
});

describe('the last check before a script', () => {
  it('runs on the open connection, in the tick that writes everything at once', async () => {
    const events: string[] = [];
    const port = await listen(createTcpServer((socket) => {
      events.push('connected');
      socket.once('data', (data: Buffer) => {
        events.push(data.includes('configure voip') && data.includes('PUT ') ? 'all in one' : 'in parts');
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"status":"success"}');
      });
    }));
    const device = await open(`http://127.0.0.1:${port}`);
    await device.runScript(script, options({ mayStart: () => {
      events.push('asked');
      return true;
    } }));
    expect(events).toEqual(['connected', 'asked', 'all in one']);
  });

  it('stops the script when the lease has ended: not a byte is sent', async () => {
    let bytes = 0;
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    const port = await listen(createTcpServer((socket) => {
      socket.on('data', (data: Buffer) => {
        bytes += data.length;
      }).on('close', isClosed);
    }));
    const device = await open(`http://127.0.0.1:${port}`);
    expect(await errorOf(device.runScript(script, options({ mayStart: () => false })))).toMatchObject({ name: 'TransientError', code: 'SBC_LEASE_EXPIRED' });
    await closed;
    expect(bytes).toBe(0);
  });

  it('leaves nothing behind that a later call meets', async () => {
    const { received, device } = await answering(200, 'configure voip\nexit');
    await read(device);
    expect(await errorOf(device.runScript(script, options({ mayStart: () => false })))).toMatchObject({ code: 'SBC_LEASE_EXPIRED' });
    await read(device);
    expect(received.map((request) => request.method)).toEqual(['GET', 'GET']);
  });
});

describe('a device that closes its connections without saying so', () => {
  /** Answers call by call with `act`; counts the connections and what came on them. */
  async function closing(act: (socket: Socket, calls: readonly string[], onThis: number) => void) {
    const calls: string[] = [];
    let connections = 0;
    const port = await listen(createTcpServer((socket) => {
      connections += 1;
      let onThis = 0;
      socket.on('data', (data: Buffer) => {
        const method = /^(GET|PUT|POST) /.exec(data.toString('latin1'))?.[1];
        if (method === undefined) return;
        calls.push(method);
        act(socket, calls, onThis += 1);
      });
    }));
    const device = await open(`http://127.0.0.1:${port}`);
    return { device, calls, connections: () => connections };
  }

  const answer = (body: string) => `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const text = 'configure voip\nexit';

  /** Keeps a connection for one call. */
  const idleLost = (socket: Socket, _calls: readonly string[], onThis: number) => {
    if (onThis > 1) socket.destroy();
    else socket.write(answer(text));
  };

  it('as the next call arrives: a script has a connection of its own, and is sent once', async () => {
    const { device, calls, connections } = await closing(idleLost);
    await read(device);
    await device.runScript(script, options());
    await device.runScript(script, options());
    expect([calls, connections(), device.contact.faults]).toEqual([['GET', 'PUT', 'PUT'], 3, 0]);
  });

  it.each([
    ['a reading', ['POST', 'GET', 'GET'], (device: SbcDevice) => read(device), text],
    ['a question for its status', ['POST', 'GET', 'GET'], (device: SbcDevice) => device.status(never), '{"operationalState":"UNLOCKED"}'],
    ['a save', ['POST', 'POST', 'POST'], (device: SbcDevice) => device.saveConfiguration(never), ''],
  ])('as the next call arrives: %s is sent once more, and counts as one call', async (_name, sent, act, body) => {
    const { device, calls, connections } = await closing((socket, _calls, onThis) => {
      if (onThis > 1) socket.destroy();
      else socket.write(answer(body));
    });
    await device.saveConfiguration(never);
    await act(device);
    expect([calls, connections(), device.contact]).toEqual([sent, 2, { hasAnswered: true, faults: 0, lastFault: undefined }]);
  });

  it('right after each answer: each call is sent once', async () => {
    const { device, calls, connections } = await closing((socket) => {
      socket.write(answer(text), () => socket.destroy());
    });
    await read(device);
    await device.runScript(script, options());
    await device.runScript(script, options());
    await device.saveConfiguration(never);
    await read(device);
    expect([calls, connections(), device.contact.faults]).toEqual([['GET', 'PUT', 'PUT', 'POST', 'GET'], 5, 0]);
  });

  it('as the next call arrives, and is gone then: that is one call without an answer', async () => {
    const { device, calls } = await closing((socket, { length }) => {
      if (length > 1) socket.destroy();
      else socket.write(answer(text));
    });
    await read(device);
    expect(await errorOf(device.saveConfiguration(never))).toMatchObject({ code: 'SBC_UNREACHABLE' });
    expect([calls, device.contact.faults]).toEqual([['GET', 'POST', 'POST'], 1]);
  });

  it('in the middle of an answer on a connection used before: nothing is sent again', async () => {
    const { device, calls } = await closing((socket, { length }) => {
      if (length > 1) socket.end(answer(text).slice(0, -4));
      else socket.write(answer(text));
    });
    await read(device);
    expect(await errorOf(device.saveConfiguration(never))).toMatchObject({ code: 'SBC_UNREACHABLE' });
    expect(calls).toEqual(['GET', 'POST']);
  });

  it('right after a long answer: it is read to its end, however long that takes', async () => {
    const long = `configure voip\n${' ip-group 1\n exit\n'.repeat(60_000)}exit\n`;
    const { device } = await closing((socket) => socket.end(answer(long).replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')));
    let bytes = 0;
    await device.readConfiguration(never, (taken) => {
      bytes += taken.length;
      const until = performance.now() + 3;
      while (performance.now() < until);
    });
    expect(bytes).toBe(long.length);
  });

  it('before it answers: a read is sent once more at once, and counts as one call', async () => {
    const { device, calls, connections } = await closing((socket, { length }) => {
      if (length === 1) socket.destroy();
      else socket.write(answer(text));
    });
    await expect(read(device)).resolves.toBe(text);
    expect([calls, connections(), device.contact]).toEqual([['GET', 'GET'], 2, { hasAnswered: true, faults: 0, lastFault: undefined }]);
  });

  it.each([
    ['before it answers, always: a read is sent twice', ['GET', 'GET'], (device: SbcDevice) => read(device), 'SBC_UNREACHABLE'],
    ['before it answers: a question for its status is sent once', ['GET'], (device: SbcDevice) => device.status(never), 'SBC_UNREACHABLE'],
    ['before it answers: a script is sent once', ['PUT'], (device: SbcDevice) => device.runScript(script, options()), 'SBC_ANSWER_LOST'],
    ['before it answers: a save is sent once', ['POST'], (device: SbcDevice) => device.saveConfiguration(never), 'SBC_UNREACHABLE'],
  ])('%s', async (_name, sent, act, code) => {
    const { device, calls } = await closing((socket) => socket.destroy());
    expect(await errorOf(act(device))).toMatchObject({ code });
    expect([calls, device.contact.faults]).toEqual([sent, 1]);
  });

  it('in the middle of an answer: a read is not sent again', async () => {
    const { device, calls } = await closing((socket) => socket.end(`${answer(text).slice(0, -4)}`));
    expect(await errorOf(read(device))).toMatchObject({ code: 'SBC_UNREACHABLE' });
    expect(calls).toEqual(['GET']);
  });
});

describe('the connections to one device', () => {
  it('are one for repeatable calls, also for the next handle, and closed when idle for too long', async () => {
    let connections = 0;
    const open = new Set<Socket>();
    const server = createServer((_request, response) => response.end('configure voip\nexit')).on('connection', (socket: Socket) => {
      connections += 1;
      open.add(socket.on('close', () => open.delete(socket)));
    });
    const all = devices(`http://127.0.0.1:${await listen(server)}`, { longestIdleMs: 300 });
    for (const _visit of [1, 2]) {
      const device = await all.open(5);
      await read(device);
      await device.saveConfiguration(never);
      await read(device);
      await device.close();
    }
    expect(connections).toBe(1);
    await expect.poll(() => open.size).toBe(0);
    const device = await all.open(5);
    await expect(read(device)).resolves.toContain('configure');
    await device.close();
  });

  it('are one for all repeatable calls and one for a script, however many handles and calls', async () => {
    const waiting: ServerResponse[] = [];
    let isHeld = true;
    let connections = 0;
    const server = createServer((_request, response) => {
      if (isHeld) waiting.push(response);
      else response.end('configure voip\nexit');
    }).on('connection', () => {
      connections += 1;
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    const all = devices(url);
    const handles = await Promise.all([all.open(5), all.open(5), all.open(5)]);
    const own = () => new AbortController().signal;
    const calls = handles.flatMap((handle) => [read(handle, own()), handle.runScript(script, options()), read(handle, own())]);
    await expect.poll(() => waiting.length).toBe(2);
    // Connected after all that the others have begun to open: when it is there, so are they.
    const later = read(await open(url));
    await expect.poll(() => waiting.length).toBe(3);
    expect(connections).toBe(3);
    isHeld = false;
    for (const response of waiting) response.end('configure voip\nexit');
    await Promise.all([...calls, later]);
    // Two scripts more.
    expect(connections).toBe(5);
    await handles[0]?.close();
    await handles[0]?.close();
    await expect(read(handles[1])).resolves.toContain('configure');
    expect(connections).toBe(5);
    await Promise.all(handles.map((handle) => handle.close()));
    const again = await all.open(5);
    await expect(read(again)).resolves.toContain('configure');
    await again.close();
  });

  it('are refused for an SBC nobody configured and for a certificate file that is not there', async () => {
    expect(await errorOf(devices('http://127.0.0.1:1').open(6))).toMatchObject({ name: 'PermanentError', code: 'SBC_NOT_CONFIGURED' });
    expect(await errorOf(devices('https://127.0.0.1:1', { caFile: '/none/ca.pem' }).open(5))).toMatchObject({ name: 'PermanentError', code: 'SBC_CA_FILE_UNREADABLE' });
  });
});

describe('a device behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbc-tls-'));
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'cert.pem');
  const certify = (keyFile: string, file: string) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=sbc5', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', file], { stdio: 'pipe' });
  beforeAll(() => { certify(key, certificate); });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(received: Received[]): Promise<string> {
    const server: Server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, recording(received, (_request, response) => response.end('{"status":"success"}')));
    server.on('tlsClientError', () => undefined);
    return `https://127.0.0.1:${await listen(server)}`;
  }

  it('is not told anything while its certificate is not trusted', async () => {
    const received: Received[] = [];
    const device = await open(await start(received));
    expect(await errorOf(device.runScript(script, options()))).toMatchObject({ name: 'TransientError', code: 'SBC_UNREACHABLE', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(received).toHaveLength(0);
  });

  it('is trusted by the certificate file as it is when the device is opened', async () => {
    const caFile = join(folder, 'ca.pem');
    copyFileSync(certificate, caFile);
    const all = devices(await start([]), { caFile });
    const run = async () => {
      const device = await all.open(5);
      await device.runScript(script, options()).finally(() => device.close());
    };
    await run();
    certify(join(folder, 'other-key.pem'), caFile);
    expect(await errorOf(run())).toMatchObject({ code: 'SBC_UNREACHABLE' });
    copyFileSync(certificate, caFile);
    await run();
  });

  it.each([['its own authority', 'caFile'], ['the check switched off', 'insecure']])('is programmed with %s', async (_name, how) => {
    const received: Received[] = [];
    const device = await open(await start(received), how === 'caFile' ? { caFile: certificate } : { insecure: true });
    await device.runScript(script, options());
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(digest(received[0]?.body.split('\r\n\r\n')[1]?.slice(0, script.length) ?? '')).toBe(digest(script));
  });
});
