// Commands for servers of our own, so that a test can make them fail: one line each on a Unix socket, one line of JSON for an answer.
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** What may be asked, in words. A server that is not ours has no control, and its commands are refused. */
export function commandsOf({ broker, database }) {
  return {
    ...(broker
      ? {
          'broker kill': () => broker.kill(),
          'broker start': () => broker.start(),
          'broker wipe-and-start': () => broker.start({ isWiped: true }),
          'broker restart': () => broker.restart(),
          'broker disk-alarm on': () => broker.alarm('disk', 'on'),
          'broker disk-alarm off': () => broker.alarm('disk', 'off'),
          'broker memory-alarm on': () => broker.alarm('memory', 'on'),
          'broker memory-alarm off': () => broker.alarm('memory', 'off'),
        }
      : {}),
    ...(database
      ? {
          'database stop-at-once': () => database.stopAtOnce(),
          'database kill': () => database.kill(),
          'database start': () => database.start(),
        }
      : {}),
  };
}

/**
 * Listens on the socket. Answers `{ok: true, tookMs}` or `{ok: false, error}`; `commands` lists what there is. Commands run in their order,
 * whoever sends them.
 */
export async function openServerControl(path, servers) {
  const commands = commandsOf(servers);
  let last = Promise.resolve();
  const obey = async (line) => {
    const startedAt = performance.now();
    if (line === 'commands') return { ok: true, commands: Object.keys(commands) };
    const command = commands[line];
    if (!command) return { ok: false, error: `no such command: ${line}` };
    try {
      await command();
      return { ok: true, tookMs: Math.round(performance.now() - startedAt) };
    } catch (error) {
      return { ok: false, error: error.message };
    }
  };
  const server = createServer((socket) => {
    // Whoever asked may be gone before the answer.
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      last = last.then(async () => { socket.write(`${JSON.stringify(await obey(line.trim()))}\n`); });
    }).on('error', () => undefined);
  });
  await rm(path, { force: true });
  await new Promise((resolve, reject) => { server.once('error', reject).listen(path, () => { resolve(undefined); }); });
  return { stop: async () => { server.close(); await rm(path, { force: true }); } };
}
