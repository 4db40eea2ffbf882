// Child processes of a command: their JSON log lines, and an end for all of them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const keptLines = 500;
/** A service ends by itself 10 s after its drain. */
const patienceMs = Number(process.env.DRAIN_MS || 15_000) + 11_000;

/** Services of the build that one command starts together. When one ends unasked, `onUnexpectedEnd` hears its name and last lines. */
export class Children {
  #running = new Set();
  #isStopping = false;

  constructor({ onUnexpectedEnd, root }) {
    this.root = root;
    this.onUnexpectedEnd = onUnexpectedEnd;
  }

  /** `echo`: its output is also written to ours. `isUnbundled`: runs the compiled files as they are, with the lines of their sources in stack traces. */
  start(app, environment, { echo = false, isUnbundled = false } = {}) {
    const program = isUnbundled ? ['--enable-source-maps', join(this.root, `dist/apps/${app}/src/main.js`)] : [join(this.root, `dist/programs/${app}.js`)];
    const child = spawn(process.execPath, ['--max-semi-space-size=32', ...program], {
      // They end with us, also when we are killed.
      cwd: this.root, env: { ...process.env, EXIT_WITH_STDIN: '1', SIM_EXIT_WITH_STDIN: '1', ...environment }, stdio: ['pipe', 'pipe', 'pipe'],
    });
    const service = { app, child, lines: /** @type {string[]} */ ([]), listeners: new Set(), ended: Promise.resolve(), isEnding: false };
    for (const { stream, target } of [{ stream: child.stdout, target: process.stdout }, { stream: child.stderr, target: process.stderr }]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (echo) target.write(`${line}\n`);
        service.lines.push(line);
        if (service.lines.length > keptLines) service.lines.shift();
        const parsed = parseLine(line);
        if (parsed) for (const listener of service.listeners) listener(parsed);
      });
    }
    service.ended = new Promise((/** @type {(value: void) => void} */ resolve) => {
      // `close` comes after the last line of output, `exit` may come before it.
      child.on('close', (code, signal) => {
        this.#running.delete(service);
        if (!this.#isStopping && !service.isEnding) this.onUnexpectedEnd(service, code ?? signal);
        resolve();
      });
    });
    this.#running.add(service);
    return service;
  }

  /** Ends one of them. */
  async end(service) {
    service.isEnding = true;
    const insist = setTimeout(() => { service.child.kill('SIGKILL'); }, patienceMs);
    service.child.kill('SIGTERM');
    await service.ended;
    clearTimeout(insist);
  }

  signalAll(signal) {
    for (const { child } of this.#running) child.kill(signal);
  }

  /** Asks the later ones first: what was started last leans on what was started first. */
  async stop() {
    this.#isStopping = true;
    const insist = setTimeout(() => { this.signalAll('SIGKILL'); }, patienceMs);
    for (const { child, ended } of [...this.#running].reverse()) {
      child.kill('SIGTERM');
      await ended;
    }
    clearTimeout(insist);
  }
}

/** The first log line of a service that `isWanted`. Does not end when the service ends: that is `onUnexpectedEnd`'s business. */
export function lineOf(service, isWanted) {
  return new Promise((resolve) => {
    const listener = (line) => {
      if (!isWanted(line)) return;
      service.listeners.delete(listener);
      resolve(line);
    };
    service.listeners.add(listener);
  });
}

export function parseLine(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
