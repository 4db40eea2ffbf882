import { isConnectionError } from '@trunkline/persistence';
import { BackgroundLoop, idle, reachFaultPoint } from '@trunkline/runtime';

import { isOpenAt } from '../device/breaker.decide.js';
import { ClosedSbcDevice } from '../device/sbc-device.closed.js';
import type { SbcDevices } from '../device/sbc-devices.js';
import type { Lease } from '../lease/lease.js';
import { takeDevice } from './claim-batch.js';
import { DeviceHealthRecord } from './device-health.js';
import { DeviceProber } from './device-prober.js';
import { DeviceSession } from './device-session.js';
import { LostLeases } from './lost-leases.js';
import type { SessionParts } from './session-parts.js';

export interface DispatcherOptions {
  /** Devices served at a time. */
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly drainMs: number;
}

interface Visit {
  readonly lease: Lease;
  session?: DeviceSession;
}

const pollMs = 1_000;

/** Finds devices with work, takes their leases as far as others have not, and holds one session with each. */
export class DeviceDispatcher {
  private readonly sessions = new Map<number, Promise<void>>();
  private readonly visits = new Map<number, Visit>();
  private readonly abort = new AbortController();
  private readonly looking: BackgroundLoop;
  private readonly renewing: BackgroundLoop;
  private readonly health: DeviceHealthRecord;
  private readonly prober: DeviceProber;
  private readonly lostLeases: LostLeases;
  private isStopping = false;
  /** Work has come that may be of a device with a session, or found no room: it is looked for once more when a session has ended. */
  private hasNews = false;

  constructor(private readonly parts: SessionParts, private readonly devices: SbcDevices, private readonly options: DispatcherOptions) {
    this.health = new DeviceHealthRecord(parts.leases, parts.logger);
    this.lostLeases = new LostLeases(parts.debts, parts.logger);
    this.prober = new DeviceProber(parts, devices, this.health, () => { this.looking.wake(); });
    this.looking = new BackgroundLoop('device dispatcher', pollMs, () => this.look(), parts.logger);
    this.renewing = new BackgroundLoop('lease renewal', options.leaseMs / 3, () => this.renew(), parts.logger);
  }

  start(): void {
    this.parts.jobs.onWork(() => {
      this.hasNews = true;
      this.looking.wake();
    });
    this.looking.start();
    this.renewing.start();
    this.prober.start();
  }

  /** Takes no more devices, lets sessions end, cuts off what takes too long. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.looking.stop();
    const timer = setTimeout(() => { this.abort.abort(); }, this.options.drainMs);
    await Promise.all([...this.sessions.values(), this.prober.stop()]);
    clearTimeout(timer);
    await this.renewing.stop();
    await this.parts.jobs.idle();
    await this.parts.liveness.close();
  }

  private async look(): Promise<typeof idle | undefined> {
    await this.parts.liveness.ensureAlive();
    const free = this.options.concurrency - this.sessions.size;
    if (free <= 0 || this.isStopping) return undefined;
    this.hasNews &&= this.sessions.size > 0;
    const waiting = await this.parts.leases.waitingDevices(free, [...this.sessions.keys()]);
    this.hasNews ||= waiting.length === free;
    for (const sbcId of waiting) {
      const session = this.hold(sbcId)
        .finally(() => { this.sessions.delete(sbcId); })
        .then((leavesWork) => { if (leavesWork || this.hasNews) this.looking.wake(); }, (err: unknown) => {
          // A database that is away comes back; anything else is for a person.
          this.parts.logger[isConnectionError(err) ? 'warn' : 'error']({ err, sbcId }, 'device session ended with an error');
        });
      this.sessions.set(sbcId, session);
    }
    return this.sessions.size === 0 ? idle : undefined;
  }

  /** True: more is waiting for the device than was done. */
  private async hold(sbcId: number): Promise<boolean> {
    const { found, lease } = await takeDevice(this.parts, sbcId);
    if (!lease) return false;
    reachFaultPoint('sbc-agent.after-lease');
    const visit: Visit = { lease };
    this.visits.set(sbcId, visit);
    const device = await this.devices.open(sbcId).catch((error: unknown) => new ClosedSbcDevice(error instanceof Error ? error : new Error(String(error))));
    const session = new DeviceSession(this.parts, lease, { jobs: await found.jobs, notes: await found.notes }, device, this.abort.signal, () => this.hasNews);
    visit.session = session;
    let isSettled = false;
    try {
      // The breaker may have opened since this device was found.
      if (!isOpenAt(lease.grant.health)) await session.run();
      isSettled = !session.visit.owesSave;
    } finally {
      await device.close();
      await this.end(lease, session, isSettled);
    }
    return session.leavesWork;
  }

  private async end(lease: Lease, { visit }: DeviceSession, isSettled: boolean): Promise<void> {
    let isMine = false;
    try {
      ({ isMine } = await this.health.endVisit(lease, { contact: visit.contact, isQuiet: visit.endedQuietly, isSaved: !visit.owesSave, isSettled }));
    } finally {
      this.visits.delete(lease.grant.sbcId);
      // What this agent has sent may have come late, behind the back of the next holder.
      if (!isMine && visit.hasSent) await this.lostLeases.oweAfter(lease);
    }
  }

  private async renew(): Promise<void> {
    // Also while the last sessions end and no devices are looked for any more.
    await Promise.all([this.parts.liveness.ensureAlive(), ...[...this.visits.values()].map(async ({ lease, session }) => {
      if (await this.parts.leases.renew(lease)) return;
      // Noted at once, for a process that ends before its call does.
      if (session?.visit.hasSent) await this.lostLeases.oweDuring(lease, this.parts.settings.responseTimeoutMs);
    })]);
    await this.lostLeases.retry();
  }
}
