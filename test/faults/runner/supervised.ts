import { faultPointVariable } from '@trunkline/runtime';
import { eventually, type Exit, ServiceProcess, type Settings } from '@trunkline/testing';

import { type InstanceName, serviceOf } from './instances.js';

const startsWithinMs = 120_000;

export interface Watchers {
  /** It ended and nobody here had asked for it, after it had started. */
  readonly died: (text: string) => void;
  /** The address of a gateway. */
  readonly listens: (name: InstanceName, url: string) => void;
}

/** One instance over all its processes, as whatever supervises services would run it: what ends by itself is noted, and started again. */
export class Supervised {
  /** The dead ones included, oldest first. */
  readonly processes: ServiceProcess[] = [];
  /** What was done to it, oldest first. */
  readonly signals: NodeJS.Signals[] = [];
  /** Under which it holds leases. */
  leaseName: string | undefined;
  private starting: Promise<void> | undefined;
  /** Processes that somebody here ended, or is about to. */
  private readonly asked = new WeakSet<ServiceProcess>();
  private isRetired = false;

  constructor(readonly name: InstanceName, private settings: Settings, private readonly watchers: Watchers) {}

  /** Whether it runs and has said so. */
  get isUp(): boolean {
    return this.current?.isRunning === true && this.starting === undefined && !this.asked.has(this.current);
  }

  async launch(extra: Settings = {}): Promise<void> {
    const process = this.spawn(extra);
    await this.adopt(process);
    this.watch(process).catch((error: unknown) => { this.watchers.died(`${this.name} could not be started again: ${String(error)}`); });
  }

  /**
   * Starts it after its process has ended, or ends it before. Its start may meet other faults: a process that gives up because the broker or
   * the database is away is started again.
   */
  async restart(extra: Settings = {}): Promise<void> {
    if (this.starting) return this.starting;
    const starting = this.launchUntilItStays(extra).finally(() => { this.starting = undefined; });
    this.starting = starting;
    return starting;
  }

  /** Of all processes from the next one on. */
  change(settings: Settings): void {
    this.settings = { ...this.settings, ...settings };
  }

  async kill(): Promise<void> {
    if (this.current) await this.end(this.current, 'SIGKILL');
  }

  /** SIGTERM, and how it ended. */
  async ask(): Promise<Exit> {
    if (!this.current) throw new Error(`${this.name} was never started`);
    return this.end(this.current, 'SIGTERM');
  }

  /** Stops its clockwork in mid-air; the function returned lets it go on. */
  freeze(): () => void {
    const process = this.current;
    this.signals.push('SIGSTOP');
    process?.signal('SIGSTOP');
    return () => { process?.signal('SIGCONT'); };
  }

  /**
   * Kills it and starts one that dies, or with `:stop` stands still, at a point of the product; resolves when it has started, or has met the point
   * before. To be followed by `restart`.
   */
  async arm(point: string): Promise<ServiceProcess> {
    await this.kill();
    const process = this.spawn({ [faultPointVariable]: point });
    this.asked.add(process);
    // It may be dead before it has started, or stand still.
    const isMet = eventually(`${this.name} to stand still`, () => process.isStandingStill || !process.isRunning, startsWithinMs);
    await Promise.race([this.adopt(process), isMet]).catch(() => undefined);
    isMet.catch(() => undefined);
    return process;
  }

  /** No more processes from now on. */
  async retire(): Promise<void> {
    this.isRetired = true;
    await Promise.all(this.processes.map((process) => this.end(process, 'SIGKILL')));
  }

  private get current(): ServiceProcess | undefined {
    return this.processes.at(-1);
  }

  private spawn(extra: Settings): ServiceProcess {
    if (this.isRetired) throw new Error(`${this.name} is not to run any more`);
    const process = ServiceProcess.start(serviceOf(this.name), { ...this.settings, ...extra }, this.name);
    this.processes.push(process);
    return process;
  }

  private async adopt(process: ServiceProcess): Promise<void> {
    this.leaseName = await process.logged('that it has started', ({ instance, msg }) => (
      typeof msg === 'string' && msg.startsWith('service started') && typeof instance === 'string' ? instance : undefined
    ));
    if (serviceOf(this.name) !== 'gateway') return;
    this.watchers.listens(this.name, await process.logged('its address', ({ url }) => (typeof url === 'string' && url.startsWith('http') ? url : undefined)));
  }

  private async end(process: ServiceProcess, signal: NodeJS.Signals): Promise<Exit> {
    this.asked.add(process);
    if (process.isRunning) this.signals.push(signal);
    return process.stop(signal);
  }

  private async watch(process: ServiceProcess): Promise<void> {
    const { code, signal } = await process.ended;
    if (this.asked.has(process)) return;
    this.watchers.died(`${this.name} ended by itself (${code ?? signal ?? 'nothing'}): ${process.lines.slice(-15).join(' | ').slice(-1_500)}`);
    await this.restart();
  }

  private async launchUntilItStays(extra: Settings): Promise<void> {
    let [tries, said] = [0, ''];
    await eventually(`${this.name} to start`, async () => {
      tries += 1;
      // One that takes too long to start may still do so.
      await this.kill();
      try {
        await this.launch(extra);
        return true;
      } catch (error) {
        said = error instanceof Error ? error.message : String(error);
        return false;
      }
    }, startsWithinMs).catch(() => { throw new Error(`${this.name} did not start in ${tries} tries within ${startsWithinMs} ms: ${said.slice(-1_500)}`); });
  }
}
