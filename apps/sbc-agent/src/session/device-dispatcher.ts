import { isConnectionError } from '@trunkline/persistence';
import { BackgroundLoop, idle, reachFaultPoint } from '@trunkline/runtime';

import type { Taken } from '../commits/device-commits.js';
import { ClosedSbcDevice } from '../device/sbc-device.closed.js';
import type { SbcDevices } from '../device/sbc-devices.js';
import type { Lease } from '../lease/lease.js';
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
  readonly session: DeviceSession;
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
  /** Devices for which work has come to this process that none of its sessions has looked for yet. */
  private readonly news = new Set<number>();
  private searchedAtMs = -Infinity;
  /** More devices wait, in the database, than there was room for. */
  private isCrowded = false;

  constructor(private readonly parts: SessionParts, private readonly devices: SbcDevices, private readonly options: DispatcherOptions) {
    this.health = new DeviceHealthRecord(parts.commits, parts.logger);
    this.lostLeases = new LostLeases(parts.debts, parts.logger);
    this.prober = new DeviceProber(parts, devices, this.health, () => {
      this.searchedAtMs = -Infinity;
      this.looking.wake();
    });
    this.looking = new BackgroundLoop('device dispatcher', pollMs, () => this.look(), parts.logger);
    this.renewing = new BackgroundLoop('lease renewal', options.leaseMs / 3, () => this.renew(), parts.logger);
  }

  start(): void {
    this.parts.jobs.onWork((lane) => {
      this.news.add(Number(lane));
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
    await this.parts.commits.idle();
    await this.parts.jobs.idle();
    await this.parts.liveness.close();
  }

  private async look(): Promise<typeof idle | undefined> {
    // Without it no lease can be had: then after the pause of a failed run, not at once and for each device.
    await this.parts.liveness.ensureAlive();
    const free = this.options.concurrency - this.sessions.size;
    if (free <= 0 || this.isStopping) return undefined;
    for (const sbcId of await this.nextDevices(free)) {
      const session = this.hold(sbcId)
        .finally(() => { this.sessions.delete(sbcId); })
        .then((wasVisited) => {
          // A device that could not be had is looked for again in time.
          if (this.news.size > 0 || (wasVisited && this.isCrowded)) this.looking.wake();
        }, (err: unknown) => {
          // A database that is away comes back; anything else is for a person.
          this.parts.logger[isConnectionError(err) ? 'warn' : 'error']({ err, sbcId }, 'device session ended with an error');
        });
      this.sessions.set(sbcId, session);
    }
    return this.sessions.size === 0 ? idle : undefined;
  }

  /** Devices that news names need no search, unless others may have waited longer; those that time, or another agent, makes ready are searched for. */
  private async nextDevices(free: number): Promise<readonly number[]> {
    const named = [...this.news].filter((sbcId) => !this.sessions.has(sbcId));
    const nowMs = this.parts.clock.monotonicMs();
    const isSearchDue = this.isCrowded || /* safeguard: search-in-time */ nowMs - this.searchedAtMs >= pollMs / 2;
    if (!isSearchDue && named.length <= free) return named;
    this.searchedAtMs = nowMs;
    const found = await this.parts.leases.waitingDevices(free, [...this.sessions.keys()]);
    this.isCrowded = found.length === free;
    return found;
  }

  /** False when the device can't be had now. */
  private async hold(sbcId: number): Promise<boolean> {
    // What comes from now on may come too late to be claimed with the lease.
    this.news.delete(sbcId);
    const taken = await this.parts.commits.take(sbcId);
    if (!taken) return false;
    reachFaultPoint('sbc-agent.after-lease');
    const device = await this.devices.open(sbcId).catch((error: unknown) => new ClosedSbcDevice(error instanceof Error ? error : new Error(String(error))));
    const session = new DeviceSession(this.parts, taken, device, this.abort.signal, () => /* safeguard: visit-goes-on */ this.news.delete(sbcId));
    this.visits.set(sbcId, { lease: taken.lease, session });
    let isSettled = false;
    try {
      await session.run();
      isSettled = !session.visit.owesSave;
    } finally {
      await device.close();
      await this.end(taken, session, isSettled);
    }
    return true;
  }

  private async end({ jobs, lease }: Taken, session: DeviceSession, isSettled: boolean): Promise<void> {
    const { visit } = session;
    const results = session.takeResults();
    let isHeld = false;
    try {
      const ended = await this.health.endVisit(lease, { contact: visit.contact, isQuiet: visit.endedQuietly, isSaved: !visit.owesSave, isSettled, results });
      ({ isHeld } = ended);
      session.ended(results, ended.stored);
      // Due jobs that could not be claimed are somebody else's for the moment.
      if (ended.leavesWork && /* safeguard: work-that-can-be-claimed */ jobs.length > 0) this.news.add(lease.grant.sbcId);
    } finally {
      this.visits.delete(lease.grant.sbcId);
      // What this agent has sent may have come late, behind the back of the next holder.
      if (!isHeld && visit.hasSent) await this.lostLeases.oweAfter(lease);
    }
  }

  private async renew(): Promise<void> {
    // Also while the last sessions end and no devices are looked for any more.
    const renewed = await Promise.allSettled([this.parts.liveness.ensureAlive(), this.parts.leases.renew([...this.visits.values()].map(({ lease }) => lease))]);
    // Noted at once, for a process that ends before its call does.
    await Promise.all([...this.visits.values()].map(async ({ lease, session }) => {
      if (!lease.isValid && session.visit.hasSent) await this.lostLeases.oweDuring(lease, this.parts.settings.responseTimeoutMs);
    }));
    await this.lostLeases.retry();
    for (const end of renewed) if (end.status === 'rejected') throw end.reason;
  }
}
