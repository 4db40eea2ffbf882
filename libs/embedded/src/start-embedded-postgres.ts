import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Account } from './account.js';
import { type Binaries, installedBinaries, prepareBinaries } from './binaries.js';
import { accountFor, type Cluster, openCluster, openDataDir, superuser } from './cluster.js';
import { freePort } from './free-port.js';
import { clearLeftover } from './leftover.js';
import { type DatabaseRole, ensureRoles, withClient } from './roles.js';
import { ServerEndedError, ServerProcess } from './server-process.js';

export interface EmbeddedPostgresOptions {
  /** Kept between starts; the cluster lies in its folder `postgres`. */
  readonly dataDir: string;
  /** A free one is chosen when it is not given. */
  readonly port?: number;
  /** The database of the services, made when it is missing. */
  readonly database?: string;
  /** Folder of the PostgreSQL binaries, when they are not to be taken from node_modules. */
  readonly nativeDir?: string;
  /** Called once when the server ends and nobody stopped it, with its last words. */
  readonly onFailure?: (output: string) => void;
}

/** A running server that this process owns: it ends when this process does. */
export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  readonly superuserUrl: string;
  /** For a service: its own role, schema first in its search path. */
  url(role: DatabaseRole): string;
  /** Ends all sessions and stops the server; safe to repeat. */
  stop(): Promise<void>;
}

const unlockWithinMs = 10_000;
const portTries = 5;

/**
 * Starts a PostgreSQL of our own on 127.0.0.1 and makes the roles of the services. As root it runs as an unprivileged user. A server left
 * over from a killed start is stopped first.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await accountFor(options.dataDir);
  await openDataDir(options.dataDir, account);
  const dataDir = await realpath(options.dataDir);
  const binaries = await prepareBinaries(options.nativeDir ?? installedBinaries(), dataDir, account);
  const cluster = await openCluster(dataDir, binaries, account);
  const { port, server } = await startServer(cluster, binaries, account, options.port);
  try {
    const superuserUrl = urlOf(port, cluster.superuserPassword);
    // The other databases of the cluster are nobody's business but the superuser's.
    await withClient(superuserUrl, (client) => client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC'));
    const urls = await ensureRoles(superuserUrl, options.database === undefined ? {} : { database: options.database });
    void server.ended.then(() => { if (server.hasFailed) options.onFailure?.(server.output); });
    return { port, pid: server.pid ?? 0, superuserUrl, url: (role) => urls[role], stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A lock of a server that has just been killed lasts until the system has collected it; a free port may be taken before the server has it. */
async function startServer(cluster: Cluster, binaries: Binaries, account: Account | undefined, wantedPort: number | undefined) {
  const deadline = performance.now() + unlockWithinMs;
  for (let tries = 1; ; tries += 1) {
    await clearLeftover(cluster.dir);
    const port = wantedPort ?? await freePort();
    const server = ServerProcess.start({ binaries, clusterDir: cluster.dir, port, account });
    try {
      await server.ready(urlOf(port, cluster.superuserPassword));
      return { port, server };
    } catch (error) {
      const reason = error instanceof ServerEndedError ? error.reason : 'other';
      const mayPass = (reason === 'locked' && performance.now() < deadline) || (reason === 'port-taken' && wantedPort === undefined && tries < portTries);
      if (!mayPass) throw error;
      await delay(250);
    }
  }
}

function urlOf(port: number, password: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
}
