import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The account a server runs as; `ids` go straight into the options of a spawned process. */
export interface Account {
  readonly name: string;
  readonly ids: { readonly uid: number; readonly gid: number };
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * PostgreSQL refuses to run as root: then it gets the account `postgres`, or `nobody` where that is missing. Undefined for ordinary users.
 * @throws EmbeddedPostgresError when root's machine has neither
 */
export function serverAccount(): Account | undefined {
  if (!isRoot()) return undefined;
  const account = unprivilegedAccount(readFileSync('/etc/passwd', 'utf8'));
  if (!account) throw new EmbeddedPostgresError('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as: create one, or set DATABASE_URL');
  return account;
}

/** Chooses from the text of `/etc/passwd`. */
export function unprivilegedAccount(passwd: string): Account | undefined {
  const accounts = passwd.split('\n').map((line) => line.split(':')).map(([name = '', , uid, gid]) => ({ name, ids: { uid: Number(uid), gid: Number(gid) } }));
  return ['postgres', 'nobody'].map((wanted) => accounts.find(({ name, ids }) => name === wanted && ids.uid > 0)).find((account) => account !== undefined);
}

/** Asks the system itself, because only it knows all that grants or denies access. */
export function canEnter(folder: string, account: Account | undefined): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { stdio: 'ignore', cwd: '/', ...account?.ids }).status === 0;
}
