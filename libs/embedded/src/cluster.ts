import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Account, canEnter, isRoot, serverAccount } from './account.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

export interface Cluster {
  readonly dir: string;
  readonly superuserPassword: string;
}

export const superuser = 'postgres';

/** Makes the data folder when it is missing, and checks that the account of the server can enter it. */
export async function openDataDir(dataDir: string, account?: Account): Promise<void> {
  // Others may pass through, not look: the server of root runs as another account, and what is secret inside has its own mode.
  const mode = isRoot() ? 0o711 : 0o700;
  const firstMade = await mkdir(dataDir, { recursive: true, mode });
  // The umask of the caller may have taken rights away.
  if (firstMade !== undefined) for (let dir = dataDir; dir.length >= firstMade.length; dir = dirname(dir)) await chmod(dir, mode);
  if (account && !canEnter(dataDir, account)) {
    const who = `user ${account.name}, who runs PostgreSQL for root,`;
    throw new EmbeddedPostgresError(`${who} cannot enter ${dataDir}: make it and the folders above passable (chmod o+x), or set DATA_DIR to another place`);
  }
}

/**
 * The account to run the server as. A cluster that exists is run by whoever owns it: PostgreSQL accepts nobody else.
 * @throws EmbeddedPostgresError
 */
export async function accountFor(dataDir: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const owner = await stat(join(clusterHome(dataDir), 'cluster')).catch(() => undefined);
  return owner && owner.uid !== 0 ? { name: `number ${owner.uid}`, ids: { uid: owner.uid, gid: owner.gid } } : serverAccount();
}

/** The database cluster of a data folder, made on first use: whole or not at all. */
export async function openCluster(dataDir: string, binaries: Binaries, account?: Account): Promise<Cluster> {
  const home = clusterHome(dataDir);
  if (!existsSync(home)) await createCluster(home, binaries, account);
  try {
    return { dir: join(home, 'cluster'), superuserPassword: (await readFile(join(home, 'superuser.password'), 'utf8')).trim() };
  } catch (cause) {
    const isForeign = (cause as NodeJS.ErrnoException).code === 'EACCES';
    throw new EmbeddedPostgresError(isForeign
      ? `the database in ${home} belongs to another user: start as that user, or choose another data folder`
      : `${home} holds no complete database: restore it, or move it away to begin anew`, { cause });
  }
}

function clusterHome(dataDir: string): string {
  return join(dataDir, 'postgres');
}

async function createCluster(home: string, binaries: Binaries, account?: Account): Promise<void> {
  const draft = await mkdtemp(join(dirname(home), 'postgres-draft-'));
  try {
    if (account) await chmod(draft, 0o711);
    const cluster = join(draft, 'cluster');
    const passwordFile = join(draft, 'superuser.password');
    await mkdir(cluster, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (account) await giveTo(account, cluster, passwordFile);
    await run(binaries.initdb, ['-D', cluster, '-U', superuser, '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'], account);
    if (account) await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    await rename(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process that began at the same time was faster: its cluster is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function giveTo({ ids }: Account, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) await chown(path, ids.uid, ids.gid);
}

function run(program: string, args: readonly string[], account?: Account): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], ...account?.ids });
    let output = '';
    const collect = (chunk: Buffer) => { output = (output + chunk.toString()).slice(-4_000); };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (cause) => { reject(new EmbeddedPostgresError(`cannot run ${program}: ${cause.message}`, { cause })); });
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new EmbeddedPostgresError(`PostgreSQL could not make its data folder: ${output.trim()}`));
    });
  });
}

/** Nothing of the caller's environment (PGDATA, PGPORT, LC_*) may change what the server does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
