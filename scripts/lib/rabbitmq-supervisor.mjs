// Runs a broker and its port mapper until standard input ends, which it does however our starter ends, kill -9 included.
// Argument: JSON {epmd: [command, ...args], server: [command, ...args], pidFile, stopWithinMs}. Exit code 0 after a wish to stop, else 1.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { epmd, pidFile, server, stopWithinMs } = JSON.parse(process.argv[2]);
const start = ([command, ...args]) => spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const portMapper = start(epmd);
const broker = start(server);
let isWished = false;

for (const child of [portMapper, broker]) child.once('error', (error) => { process.stderr.write(`${error.message}\n`); end(); });
broker.once('exit', end);
process.stdin.resume().once('end', stop).once('error', stop);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);

function stop() {
  if (isWished) return;
  isWished = true;
  broker.kill('SIGTERM');
  setTimeout(() => {
    killBrokerItself();
    broker.kill('SIGKILL');
  }, stopWithinMs).unref();
}

function end() {
  portMapper.kill('SIGTERM');
  process.exit(isWished ? 0 : 1);
}

/** The start script stands between us and the Erlang machine. */
function killBrokerItself() {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }
}
