import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { succeeds } from './processes.mjs';

// What rabbitmq-server 3.10 and the parts of Erlang it boots with need; nothing that a system service would need besides.
const unpackedPackages = [
  'rabbitmq-server', 'erlang-base', 'erlang-asn1', 'erlang-crypto', 'erlang-eldap', 'erlang-inets', 'erlang-mnesia', 'erlang-os-mon',
  'erlang-parsetools', 'erlang-public-key', 'erlang-runtime-tools', 'erlang-ssl', 'erlang-syntax-tools', 'erlang-tools', 'erlang-xmerl',
];
const policyPath = '/usr/sbin/policy-rc.d';
const policyMark = '# trunkline: keeps RabbitMQ from starting as a system service';

/** True on Debian, Ubuntu and their like. */
export function hasApt() {
  return ['apt-get', 'dpkg'].every((command) => succeeds(command, ['--version']));
}

/** Root only: installs the RabbitMQ package. No system service is started, neither now nor with the machine. */
export async function installRabbitMq(log) {
  await withoutServiceStart(async () => {
    log('Updating the package lists (apt-get update)');
    await apt(['update']);
    log('Installing RabbitMQ (apt-get install rabbitmq-server)');
    await apt(['install', '-y', '--no-install-recommends', 'rabbitmq-server']);
  });
  if (existsSync('/run/systemd/system')) spawnSync('systemctl', ['disable', 'rabbitmq-server'], { stdio: 'ignore' });
}

/** Any user: downloads the packages and unpacks them into `folder`, whole or not at all. Touches nothing else. */
export async function unpackRabbitMq(folder, log) {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-draft-`);
  try {
    log('Downloading RabbitMQ and Erlang (apt-get download)');
    await downloadInto(join(draft, 'packages'));
    const root = join(draft, 'root');
    await mkdir(root);
    for (const name of readdirSync(join(draft, 'packages')).filter((file) => file.endsWith('.deb'))) await run('dpkg', ['-x', join(draft, 'packages', name), root]);
    await relocateErlang(root, folder);
    await rm(folder, { recursive: true, force: true });
    await rename(root, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function downloadInto(folder) {
  await mkdir(folder);
  const asIs = await apt(['download', ...unpackedPackages], { cwd: folder }).catch((error) => error);
  if (!(asIs instanceof Error)) return;
  // The machine's lists are missing or old, and only root may renew those: use lists of our own.
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  for (const place of [lists, cache]) await mkdir(join(place, 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'APT::Sandbox::User='];
  await apt([...own, 'update'], { cwd: folder });
  await apt([...own, 'download', ...unpackedPackages], { cwd: folder });
}

/** Debian's Erlang has its place written into its start scripts. */
async function relocateErlang(root, finalRoot) {
  const erlang = join(root, 'usr/lib/erlang');
  const binFolders = [join(erlang, 'bin'), ...readdirSync(erlang).filter((name) => name.startsWith('erts-')).map((name) => join(erlang, name, 'bin'))];
  for (const path of binFolders.flatMap((folder) => ['erl', 'start'].map((name) => join(folder, name)))) {
    if (!existsSync(path)) continue;
    const script = await readFile(path, 'utf8');
    await writeFile(path, script.replaceAll('/usr/lib/erlang', join(finalRoot, 'usr/lib/erlang')));
  }
}

/** Forbids service starts by the means Debian has for it, for as long as this process works; a policy that is there already and forbids them stays. */
export async function withoutServiceStart(work, path = policyPath) {
  const isLeftover = existsSync(path) && (await readFile(path, 'utf8')).includes(policyMark);
  if (existsSync(path) && !isLeftover) {
    if (spawnSync(path, ['rabbitmq-server', 'start']).status !== 101) throw new Error(`${path} allows service starts: install rabbitmq-server by hand, or set AMQP_URL`);
    return work();
  }
  await writeFile(path, servicePolicy(process.pid), { mode: 0o755 });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Says no to RabbitMQ and its port mapper while process `pid` lives: should the file be left behind, it forbids nothing. */
export function servicePolicy(pid) {
  return `#!/bin/sh\n${policyMark}\ncase "$1" in *rabbitmq*|*epmd*) kill -0 ${pid} 2>/dev/null && exit 101 ;; esac\nexit 0\n`;
}

function apt(args, options = {}) {
  return run('apt-get', ['-q', ...args], { ...options, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' } });
}

function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output = (output + chunk.toString()).slice(-3_000); });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args[0] === '-q' ? args[1] : args[0]} failed:\n${output.trim()}`));
    });
  });
}
