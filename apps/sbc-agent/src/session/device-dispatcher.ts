import { BackgroundLoop } from '@trunkline/runtime';

import { ClosedSbcDevice } from '../device/sbc-device.closed.js';
import type { SbcDevices } from '../device/sbc-devices.js';
import { DeviceSession, type SessionParts } from './device-session.js';
import type { Lease } from './lease.js';

export interface DispatcherOptions {
  /** Devices served at a time. */
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly drainMs: number;
}

const pollMs = 1_000;
/** New jobs of a resting device wait as long, so it is short. */
const longestRestMs = 5_000;

/** Finds devices with work, takes their leases as far as others have not, and holds one session with each. */
export class DeviceDispatcher {
  private readonly sessions = new Map<number, Promise<void>>();
  private readonly leases = new Map<number, Lease>();
  private readonly abort = new AbortController();
  private readonly looking: BackgroundLoop;
  private readonly renewing: BackgroundLoop;
  /** Devices that are left alone for a while after a session that went wrong. */
  private readonly resting = new Map<number, { readonly untilMs: number; readonly times: number }>();
  private isStopping = false;

  constructor(private readonly parts: SessionParts, private readonly devices: SbcDevices, private readonly options: DispatcherOptions) {
    this.looking = new BackgroundLoop('device dispatcher', pollMs, () => this.look(), parts.logger);
    this.renewing = new BackgroundLoop('lease renewal', options.leaseMs / 3, () => this.renew(), parts.logger);
  }

  start(): void {
    this.parts.jobs.onWork(() => { this.looking.wake(); });
    this.looking.start();
    this.renewing.start();
  }

  /** Takes no more devices, lets sessions end, cuts off what takes too long. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.looking.stop();
    const timer = setTimeout(() => { this.abort.abort(); }, this.options.drainMs);
    await Promise.all(this.sessions.values());
    clearTimeout(timer);
    await this.renewing.stop();
    await this.parts.jobs.idle();
    await this.parts.leases.close();
  }

  private async look(): Promise<void> {
    await this.parts.leases.ensureAlive();
    const free = this.options.concurrency - this.sessions.size;
    if (free <= 0 || this.isStopping) return;
    const waiting = await this.parts.leases.waitingDevices(free);
    for (const sbcId of waiting) {
      if (this.sessions.has(sbcId) || this.isResting(sbcId)) continue;
      const session = this.hold(sbcId).then((isGood) => {
        if (isGood) this.resting.delete(sbcId);
        else this.rest(sbcId);
      }, (err: unknown) => {
        this.rest(sbcId);
        this.parts.logger.error({ err, sbcId }, 'device session ended with an error');
      }).finally(() => {
        this.sessions.delete(sbcId);
        this.looking.wake();
      });
      this.sessions.set(sbcId, session);
    }
  }

  private isResting(sbcId: number): boolean {
    return (this.resting.get(sbcId)?.untilMs ?? 0) > this.parts.clock.monotonicMs();
  }

  private rest(sbcId: number): void {
    const times = (this.resting.get(sbcId)?.times ?? 0) + 1;
    const pauseMs = Math.min(longestRestMs, pollMs * 2 ** Math.min(times - 1, 10));
    this.resting.set(sbcId, { times, untilMs: this.parts.clock.monotonicMs() + pauseMs });
  }

  /** Whether nothing is left that a further session at once could only try in vain. */
  private async hold(sbcId: number): Promise<boolean> {
    const lease = await this.parts.leases.acquire(sbcId);
    if (!lease) return true;
    this.leases.set(sbcId, lease);
    let isQuiet = true;
    try {
      const device = await this.devices.open(sbcId).catch((error: unknown) => new ClosedSbcDevice(error instanceof Error ? error : new Error(String(error))));
      try {
        const session = new DeviceSession(this.parts, lease, device, this.abort.signal);
        try {
          await session.run();
          return !session.owesSave;
        } finally {
          isQuiet = session.endedQuietly;
        }
      } finally {
        await device.close();
      }
    } finally {
      this.leases.delete(sbcId);
      await this.parts.leases.release(lease, isQuiet);
    }
  }

  private async renew(): Promise<void> {
    await Promise.all([...this.leases.values()].map((lease) => this.parts.leases.renew(lease, undefined)));
  }
}
