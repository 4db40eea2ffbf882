import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';

import { eventually } from './eventually.js';

/** Top of the checkout. */
export const checkoutDir = resolve(import.meta.dirname, '../../..');

/** One line a program wrote, when it is a JSON object. */
export type LogRecord = Readonly<Record<string, unknown>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type Settings = Readonly<Record<string, string>>;

const keptLines = 20_000;
const startWithinMs = 40_000;

/** They end with us, however we end. */
const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();
process.once('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** One of our programs, built, in a process of its own. It sees only the settings it is given. */
export class ServiceProcess {
  /** Everything written so far, both streams, oldest first. */
  readonly lines: string[] = [];
  readonly ended: Promise<Exit>;
  private readonly records: LogRecord[] = [];
  private exit: Exit | undefined;

  private constructor(readonly name: string, private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => { this.take(line); });
    // `close` comes after the last line has been read, `exit` may come before.
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        running.delete(child);
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
    this.ended.catch(() => undefined);
  }

  /** Starts `dist/programs/<app>.js`. @throws when it has not been built */
  static start(app: string, settings: Settings, name = app): ServiceProcess {
    return ServiceProcess.run(`programs/${app}.js`, [], settings, name);
  }

  /** Starts `dist/<file>`. @throws when it has not been built */
  static run(file: string, args: readonly string[], settings: Settings, name: string): ServiceProcess {
    const main = resolve(checkoutDir, 'dist', file);
    if (!existsSync(main)) throw new Error(`${main} is missing: "npm test" builds it, or "npm run build"`);
    const { HOME = '/', PATH = '' } = process.env;
    return new ServiceProcess(name, spawn(process.execPath, [main, ...args], { cwd: checkoutDir, env: { HOME, PATH, ...settings }, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  get isRunning(): boolean {
    return this.exit === undefined;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** What `probe` finds in the log, lines of the past included; fails at once when the process ends without it. */
  async logged<T>(what: string, probe: (record: LogRecord) => T | undefined, deadlineMs = startWithinMs): Promise<T> {
    const look = (): T | undefined => {
      for (const record of this.records) {
        const found = probe(record);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    try {
      return await eventually(`${this.name} to log ${what}`, () => {
        const found = look();
        if (found === undefined && this.exit) throw new Error(`${this.name} ended (${this.exit.code ?? this.exit.signal}) before it logged ${what}`);
        return found;
      }, deadlineMs);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${this.lastLines(20)}`, { cause: error });
    }
  }

  /** Whether it has been stopped by SIGSTOP and not been woken (Linux). */
  get isStandingStill(): boolean {
    try {
      return /^\d+ \(.*\) T/s.test(readFileSync(`/proc/${this.child.pid}/stat`, 'utf8'));
    } catch {
      // Gone.
      return false;
    }
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  lastLines(count: number): string {
    return this.lines.slice(-count).map((line) => `  [${this.name}] ${line.slice(0, 1_000)}`).join('\n');
  }

  /** Sends the signal and waits for the end; a process that does not obey is killed after `withinMs`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', withinMs = 30_000): Promise<Exit> {
    if (this.exit) return this.exit;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), withinMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  private take(line: string): void {
    this.lines.push(line);
    if (this.lines.length > keptLines) this.lines.splice(0, keptLines / 10);
    try {
      const record: unknown = JSON.parse(line);
      if (typeof record === 'object' && record !== null) this.records.push(record as LogRecord);
    } catch {
      // Not every line is JSON: usage errors and crashes are plain text, and stay in `lines`.
    }
  }
}
