import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import { speaksAmqp } from './amqp-probe.mjs';
import { commandOf, endProcess, freePorts, identify, isRunning, succeeds, trySignal, waitUntil } from './processes.mjs';

const supervisor = fileURLToPath(new URL('rabbitmq-supervisor.mjs', import.meta.url));
const user = 'trunkline';
const readyWithinMs = 90_000;
const stopWithinMs = 20_000;
const startTries = 3;
const commandWithinMs = 30_000;
/** What `rabbitmqctl` is told so that the broker blocks publishers, or no longer; `off` is also what its configuration has. */
const alarms = {
  disk: { command: 'set_disk_free_limit', off: '50MB', on: '1000000GB' },
  memory: { command: 'set_vm_memory_high_watermark', off: '0.4', on: '0.000001' },
};

/** Where RabbitMQ and Erlang lie below `root` (`/` for installed packages); undefined when something is missing. */
export function findRabbitMq(root = '/') {
  const erlang = join(root, 'usr/lib/erlang/bin');
  const library = join(root, 'usr/lib/rabbitmq/lib');
  const versions = existsSync(library) ? readdirSync(library).filter((name) => name.startsWith('rabbitmq_server-')).sort() : [];
  const server = versions.map((name) => join(library, name, 'sbin/rabbitmq-server')).filter((path) => existsSync(path)).at(-1);
  return server && existsSync(join(erlang, 'erl')) && existsSync(join(erlang, 'epmd')) ? { erlang, server } : undefined;
}

/**
 * Starts a broker of our own in the background of this process: own node, account, cookie and data, free ports of 127.0.0.1. It stops when
 * this process is gone. One left over from a start that was killed is stopped first; one in use by a running program is an error.
 * Answers `{url, port, pid, ended, stop(), control}`; `ended` resolves to what the broker last said, when it stops and nobody meant it to.
 * `control` is for those who want it to fail: `kill()`, `start({isWiped})` on the same port and data or without them, `restart()`,
 * `alarm('disk' | 'memory', 'on' | 'off')`.
 */
export async function startRabbitMq({ dataDir, programs }) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const home = await realpath(dataDir);
  await clearLeftover(home);
  const password = await passwordIn(home);
  for (let tries = 1; ; tries += 1) {
    const [port, epmdPort, distributionPort] = await freePorts(3);
    const broker = await launch({ home, password, programs, ports: { port, epmdPort, distributionPort } });
    const isReady = await waitUntil(async () => broker.hasEnded() || await speaksAmqp('127.0.0.1', port), readyWithinMs);
    if (isReady && !broker.hasEnded()) return controlled(broker, { home, password, programs, ports: { port, epmdPort, distributionPort } });
    await broker.stop();
    const said = lastWords(home);
    // A port may be taken between our look and the broker's.
    if (tries >= startTries || !/eaddrinuse|port_already_used|address already in use/i.test(said)) throw new Error(`RabbitMQ did not start${isReady ? '' : ` within ${readyWithinMs / 1000} s`}:\n${said}`);
  }
}

/** One broker over all its runs. */
function controlled(first, plan) {
  const { home, password, ports, programs } = plan;
  let [current, isMeant] = [first, false];
  let failed;
  const ended = new Promise((resolve) => { failed = resolve; });
  const watch = (broker) => { void broker.ended.then((said) => { if (broker === current && !isMeant) failed(said); }); };
  watch(first);
  const end = async (how) => {
    isMeant = true;
    await how();
  };
  const start = async ({ isWiped = false } = {}) => {
    if (!isMeant) throw new Error('RabbitMQ is running');
    await clearLeftover(home);
    if (isWiped) await rm(join(home, 'mnesia'), { recursive: true, force: true });
    current = await launch(plan);
    const isReady = await waitUntil(async () => current.hasEnded() || await speaksAmqp('127.0.0.1', ports.port), readyWithinMs);
    if (!isReady || current.hasEnded()) throw new Error(`RabbitMQ did not start again:\n${lastWords(home)}`);
    isMeant = false;
    watch(current);
  };
  const control = {
    kill: () => end(() => current.kill()),
    start,
    restart: async () => {
      await end(() => current.stop());
      await start();
    },
    alarm: async (what, state) => {
      const { command, [state]: limit } = alarms[what];
      const environment = { ...brokerEnvironment(home, programs, ports), RABBITMQ_CTL_ERL_ARGS: '' };
      await promisify(execFile)(join(dirname(programs.server), 'rabbitmqctl'), [command, limit], { cwd: home, env: environment, timeout: commandWithinMs });
    },
  };
  return {
    url: `amqp://${user}:${password}@127.0.0.1:${ports.port}`, port: ports.port, pid: first.pid, ended, control,
    stop: () => end(() => current.stop()),
  };
}

async function launch({ home, password, ports, programs }) {
  await writeConfiguration(home, password, ports.port);
  const dies = succeeds('setpriv', ['--pdeathsig', 'TERM', '--', 'true']) ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];
  const plan = {
    epmd: [...dies, join(programs.erlang, 'epmd'), '-port', String(ports.epmdPort), '-address', '127.0.0.1'],
    server: [...dies, programs.server],
    pidFile: join(home, 'broker.pid'),
    stopWithinMs,
  };
  await mkdir(join(home, 'log'), { recursive: true });
  const log = openSync(join(home, 'log', 'console.log'), 'w', 0o600);
  // A session of its own: an interrupt from the keyboard reaches us, and we stop the broker last.
  const child = spawn(process.execPath, [supervisor, JSON.stringify(plan)], { cwd: home, env: brokerEnvironment(home, programs, ports), stdio: ['pipe', log, log], detached: true });
  closeSync(log);
  // The pipe breaks when the supervisor dies first; its end is reported by the exit.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('exit', () => { resolve(lastWords(home)); });
  });
  await writeFile(join(home, 'running.json'), JSON.stringify({ owner: identify(process.pid), supervisor: identify(child.pid) }), { mode: 0o600 });
  return {
    pid: child.pid,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    // The broker dies in the middle of what it does; its supervisor follows.
    kill: async () => {
      trySignal(Number(await readFile(join(home, 'broker.pid'), 'utf8')), 'SIGKILL');
      await ended;
    },
    stop: async () => {
      child.stdin?.end();
      await ended;
      await clearLeftover(home);
    },
  };
}

async function writeConfiguration(home, password, port) {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    `disk_free_limit.absolute = ${alarms.disk.off}`,
  ];
  await writeFile(join(home, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  await writeFile(join(home, 'env.conf'), '');
  await writeFile(join(home, 'enabled_plugins'), '[].\n');
}

/** Nothing of the caller's environment or of the system's RabbitMQ takes part. */
function brokerEnvironment(home, { erlang }, { distributionPort, epmdPort }) {
  return {
    PATH: `${erlang}:${process.env.PATH}`,
    LANG: 'C.UTF-8',
    HOME: home,
    ERL_CRASH_DUMP: '/dev/null',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    // The port mapper is ours alone, so the same name can be used by any number of brokers, and data keep their owner over restarts.
    RABBITMQ_NODENAME: `${user}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONF_ENV_FILE: join(home, 'env.conf'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'generated'),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'broker.pid'),
  };
}

/** Ends what an earlier start left in this folder. */
async function clearLeftover(home) {
  const note = join(home, 'running.json');
  const known = await readNote(note);
  if (isRunning(known.supervisor)) {
    const isForeign = known.owner?.pid !== process.pid && isRunning(known.owner);
    if (isForeign) throw new Error(`the broker in ${home} is in use by process ${known.owner.pid}: stop it, or choose another data folder`);
    await endProcess(known.supervisor, stopWithinMs + 5_000);
  }
  // A supervisor that was killed itself leaves the broker and the port mapper.
  const pidFile = join(home, 'broker.pid');
  const broker = existsSync(pidFile) ? identify(Number(await readFile(pidFile, 'utf8'))) : undefined;
  if (broker && commandOf(broker.pid).includes(home)) await endProcess(broker, stopWithinMs);
  await Promise.all([note, pidFile].map((path) => rm(path, { force: true })));
}

/** What the last start wrote of itself; nothing when it ended before it had. */
async function readNote(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return {};
  }
}

async function passwordIn(home) {
  const path = join(home, 'password');
  if (!existsSync(path)) await writeFile(path, randomBytes(18).toString('hex'), { mode: 0o600 });
  return (await readFile(path, 'utf8')).trim();
}

function lastWords(home) {
  return readFileSync(join(home, 'log', 'console.log'), 'utf8').trim().split('\n').slice(-25).join('\n');
}
