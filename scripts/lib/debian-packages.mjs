import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { succeeds } from './processes.mjs';

// What rabbitmq-server 3.10 and the parts of Erlang it boots with need; nothing that a system service would need besides.
const rabbitMqPackages = [
  'rabbitmq-server', 'erlang-base', 'erlang-asn1', 'erlang-crypto', 'erlang-eldap', 'erlang-inets', 'erlang-mnesia', 'erlang-os-mon',
  'erlang-parsetools', 'erlang-public-key', 'erlang-runtime-tools', 'erlang-ssl', 'erlang-syntax-tools', 'erlang-tools', 'erlang-xmerl',
];

/** True on Debian, Ubuntu and their like. */
export function hasApt() {
  return ['apt-get', 'dpkg'].every((command) => succeeds(command, ['--version']));
}

/** RabbitMQ and Erlang, runnable where they lie. */
export async function unpackRabbitMq(folder, log) {
  log('Downloading RabbitMQ and Erlang (apt-get download)');
  await unpackPackages(rabbitMqPackages, folder, (root) => relocateErlang(root, folder));
}

/**
 * Downloads packages and unpacks them into `folder`, whole or not at all; `complete` may change what is unpacked before it appears there. Any
 * user may: nothing is installed, and apt keeps its lists and its cache in a draft beside the folder, so the machine stays as it is.
 */
export async function unpackPackages(names, folder, complete = async (_root) => {}) {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-draft-`);
  try {
    const [packages, root] = [join(draft, 'packages'), join(draft, 'root')];
    const configuration = await writeAptConfiguration(draft);
    for (const path of [packages, root]) await mkdir(path);
    await apt(['-c', configuration, 'update'], packages);
    await apt(['-c', configuration, 'download', ...names], packages);
    for (const name of readdirSync(packages)) await run('dpkg', ['-x', join(packages, name), root], packages);
    await complete(root);
    await rm(folder, { recursive: true, force: true });
    await rename(root, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function writeAptConfiguration(draft) {
  const [lists, cache] = [join(draft, 'lists'), join(draft, 'cache')];
  for (const path of [join(lists, 'partial'), join(cache, 'archives/partial')]) await mkdir(path, { recursive: true });
  const path = join(draft, 'apt.conf');
  await writeFile(path, [
    // Programs that the machine runs after an update work on its own lists and cache.
    ...['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map((hook) => `#clear APT::Update::${hook};`),
    `Dir::State::lists "${lists}";`,
    `Dir::Cache "${cache}";`,
    // The account apt changes to for downloads can't enter the draft.
    'APT::Sandbox::User "root";',
    '',
  ].join('\n'));
  return path;
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

function apt(args, cwd) {
  return run('apt-get', ['-q', ...args], cwd);
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output = (output + chunk.toString()).slice(-3_000); });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.find((word) => ['update', 'download', '-x'].includes(word))} failed:\n${output.trim()}`));
    });
  });
}
