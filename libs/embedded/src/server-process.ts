import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { serverEnvironment } from './cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { ownerArgument } from './leftover.decide.js';
import { diesWithParent, identify } from './processes.js';

const readyWithinMs = 60_000;
const stopWithinMs = 30_000;
const keptLines = 40;
const wrongPassword = '28P01';
/** The most services there may be, eight agents with nine sessions each among them, and room to look at them. */
const maxConnections = 120;

type Refusal = Error & { readonly code?: string };

/** Why a server ended before it answered. */
export type EarlyEnd = 'locked' | 'port-taken' | 'other';

export class ServerEndedError extends EmbeddedPostgresError {
  constructor(readonly reason: EarlyEnd, output: string) {
    super(`PostgreSQL did not start: ${output || 'it said nothing'}`);
  }
}

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly clusterDir: string;
  readonly port: number;
  readonly account: Account | undefined;
}

/** One run of a server as a child process. It stops when this process is gone, however that happens. */
export class ServerProcess {
  private readonly lines: string[] = [];
  private isStopping = false;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcessByStdio<null, null, Readable>) {
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      this.lines.push(...text.split('\n').filter((line) => line !== ''));
      this.lines.splice(0, this.lines.length - keptLines);
    });
    this.ended = new Promise((resolve) => {
      child.once('close', () => { resolve(); });
      child.once('error', (error) => { this.lines.push(error.message); resolve(); });
    });
    process.once('exit', this.stopAtExit);
    void this.ended.then(() => process.removeListener('exit', this.stopAtExit));
  }

  static start({ account, binaries, clusterDir, port }: ServerOptions): ServerProcess {
    const self = identify(process.pid);
    if (!self) throw new EmbeddedPostgresError('this process cannot find itself in the process list');
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `max_connections=${maxConnections}`, 'fsync=on', 'logging_collector=off', ownerArgument(self)];
    const command = [...diesWithParent('INT', account), binaries.postgres, '-D', clusterDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const [program = binaries.postgres, ...args] = command;
    // A session of its own: an interrupt from the keyboard reaches us, and we stop the server last.
    return new ServerProcess(spawn(program, args, { cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...account?.ids }));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The last lines the server wrote. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** True between the end of a server that nobody stopped and for ever after. */
  get hasFailed(): boolean {
    return !this.isStopping && this.hasEnded;
  }

  /**
   * Resolves when the server answers.
   * @throws ServerEndedError
   */
  async ready(url: string): Promise<void> {
    const deadline = performance.now() + readyWithinMs;
    for (;;) {
      if (this.hasEnded) {
        await this.ended;
        throw new ServerEndedError(whyEnded(this.output), this.output);
      }
      // Whoever else has the port may never answer, so the end of our server must interrupt the question.
      const refusal = await Promise.race([whyNoAnswer(url), this.ended.then(() => new Error('ended'))]) as Refusal | undefined;
      if (this.hasEnded) continue;
      if (!refusal) return;
      if (performance.now() > deadline || refusal.code === wrongPassword) {
        await this.stop();
        throw new EmbeddedPostgresError(`PostgreSQL runs but does not answer us: ${refusal.message}\n${this.output}`, { cause: refusal });
      }
      await Promise.race([this.ended, delay(25)]);
    }
  }

  /** Ends sessions and stops; safe to repeat. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const [signal, waitMs] of [['SIGINT', stopWithinMs], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const) {
      if (this.hasEnded) break;
      this.child.kill(signal);
      const waiting = new AbortController();
      await Promise.race([this.ended, delay(waitMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
      waiting.abort();
    }
    await this.ended;
  }

  private get hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  // Where the kernel cannot tell the server that we are gone, this covers every end but kill -9.
  private readonly stopAtExit = () => { this.child.kill('SIGINT'); };
}

/** Read from what the server wrote; its messages are in English because its locale is C. */
export function whyEnded(output: string): EarlyEnd {
  if (/lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(output)) return 'locked';
  if (/could not bind|Address already in use|could not create any TCP\/IP sockets/.test(output)) return 'port-taken';
  return 'other';
}

async function whyNoAnswer(url: string): Promise<Refusal | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while it is being closed is no failure of the server.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}
