import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { BusyDevices } from '@trunkline/hosting';
import { isConnectionError } from '@trunkline/persistence';
import { BackgroundLoop, idle, reachFaultPoint } from '@trunkline/runtime';

import type { Taken } from '../commits/device-commits.js';
import { ClosedSbcDevice } from '../device/sbc-device.closed.js';
import type { SbcDevices } from '../device/sbc-devices.js';
import type { Lease } from '../lease/lease.js';
import { type Crowd, roomInShare } from '../lease/share.decide.js';
import { DeviceHealthRecord } from './device-health.js';
import { DeviceProber } from './device-prober.js';
import { DeviceSession } from './device-session.js';
import { LostLeases } from './lost-leases.js';
import type { SessionParts } from './session-parts.js';

export interface DispatcherOptions {
  /** Devices served at a time. */
  readonly concurrency: number;
  readonly leaseMs: number;
}

interface Visit {
  readonly lease: Lease;
  readonly begunAtMs: number;
  readonly session: DeviceSession;
}

/** Between two searches, while there is something to do. */
const searchMs = 500;
/** So long an agent with more than its share leaves devices to the others: two of their searches. */
const yieldMs = 2 * searchMs;
/** Between two log lines of a device that is still waited for at the end. */
const tellEveryMs = 10_000;

/** Finds devices with work, takes their leases as far as others have not, and holds one session with each. */
export class DeviceDispatcher {
  private readonly sessions = new Map<number, Promise<void>>();
  private readonly visits = new Map<number, Visit>();
  private readonly leaving = new AbortController();
  private readonly abort = new AbortController();
  private readonly looking: BackgroundLoop;
  private readonly renewing: BackgroundLoop;
  private readonly health: DeviceHealthRecord;
  private readonly prober: DeviceProber;
  private readonly lostLeases: LostLeases;
  /** Devices for which work has come to this process that none of its sessions has looked for yet. */
  private readonly news = new Set<number>();
  private searchedAtMs = -Infinity;
  /** As the last search has seen it. */
  private crowd: Crowd = { busy: 0, agents: 1 };
  /** More devices wait, in the database, than there was room for. */
  private isCrowded = false;

  constructor(private readonly parts: SessionParts, private readonly devices: SbcDevices, private readonly options: DispatcherOptions) {
    // Every call to a device hears of them.
    setMaxListeners(0, this.leaving.signal, this.abort.signal);
    this.health = new DeviceHealthRecord(parts.commits, parts.logger);
    this.lostLeases = new LostLeases(parts.debts, parts.logger);
    this.prober = new DeviceProber(parts, devices, this.health, () => {
      this.searchedAtMs = -Infinity;
      this.looking.wake();
    });
    this.looking = new BackgroundLoop('device dispatcher', searchMs, (signal) => this.look(signal), parts.logger);
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

  busyDevices(): BusyDevices {
    const begun = [...this.visits.values()].map(({ begunAtMs }) => begunAtMs);
    return { busyDevices: begun.length, longestMs: begun.length === 0 ? 0 : this.ageOf(Math.min(...begun)) };
  }

  /** Begins no visit and no script, ends each visit as soon as its script has ended, and cuts off what has not by `cutOff`. */
  async stop(cutOff: AbortSignal): Promise<void> {
    this.leaving.abort();
    const cut = (): void => { this.abort.abort(); };
    if (cutOff.aborted) cut();
    else cutOff.addEventListener('abort', cut, { once: true });
    this.tellWhoIsWaitedFor();
    const telling = setInterval(() => { this.tellWhoIsWaitedFor(); }, tellEveryMs);
    await Promise.all([this.looking.stop(), this.prober.stop(), this.parts.liveness.leave()]);
    await Promise.all(this.sessions.values());
    clearInterval(telling);
    await this.renewing.stop();
    await this.parts.commits.idle();
    await this.parts.jobs.idle();
    await this.parts.liveness.close();
  }

  private async look(signal: AbortSignal): Promise<typeof idle | undefined> {
    // Without it no lease can be had: then after the pause of a failed run, not at once and for each device.
    await this.parts.liveness.ensureAlive();
    const found = await this.nextDevices();
    const share = /* safeguard: devices-spread */ found.slice(0, this.room);
    this.visitAll(share);
    if (share.length < found.length) {
      // Others that have fewer find the rest meanwhile.
      await delay(yieldMs, undefined, { signal }).catch(() => undefined);
      this.searchedAtMs = -Infinity;
      this.visitAll(await this.nextDevices());
    }
    // While the others have work an agent without is there for its share of it.
    return this.sessions.size === 0 && this.crowd.busy === 0 ? idle : undefined;
  }

  private visitAll(sbcIds: readonly number[]): void {
    for (const sbcId of sbcIds) {
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
  }

  /** Devices that news names need no search, unless others may have waited longer; those that time, or another agent, makes ready are searched for. */
  private async nextDevices(): Promise<readonly number[]> {
    const free = this.options.concurrency - this.sessions.size;
    if (free <= 0 || this.leaving.signal.aborted) return [];
    const named = [...this.news].filter((sbcId) => !this.sessions.has(sbcId));
    const nowMs = this.parts.clock.monotonicMs();
    const isSearchDue = this.isCrowded || /* safeguard: search-in-time */ nowMs - this.searchedAtMs >= searchMs;
    if (!isSearchDue && named.length <= this.room) return named;
    this.searchedAtMs = nowMs;
    const { sbcIds, ...crowd } = await this.parts.leases.waitingDevices(free, [...this.sessions.keys()]);
    this.crowd = crowd;
    this.isCrowded = sbcIds.length === free;
    return sbcIds;
  }

  /** By what the last search has seen. */
  private get room(): number {
    return Math.min(this.options.concurrency - this.sessions.size, roomInShare(this.sessions.size, this.crowd));
  }

  /** False when the device can't be had now. */
  private async hold(sbcId: number): Promise<boolean> {
    // What comes from now on may come too late to be claimed with the lease.
    this.news.delete(sbcId);
    const taken = await this.parts.commits.take(sbcId);
    if (!taken) return false;
    reachFaultPoint('sbc-agent.after-lease');
    const device = await this.devices.open(sbcId).catch((error: unknown) => new ClosedSbcDevice(error instanceof Error ? error : new Error(String(error))));
    const ending = { leaving: this.leaving.signal, cutOff: this.abort.signal };
    const session = new DeviceSession(this.parts, taken, device, ending, () => /* safeguard: visit-goes-on */ this.news.delete(sbcId));
    this.visits.set(sbcId, { lease: taken.lease, begunAtMs: this.parts.clock.monotonicMs(), session });
    let isSettled = false;
    try {
      await session.run();
      isSettled = /* safeguard: left-without-rest */ session.visit.isLeaving || !session.visit.owesSave;
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
      else this.lostLeases.forget(lease);
    }
  }

  private tellWhoIsWaitedFor(): void {
    for (const [sbcId, { begunAtMs }] of this.visits) this.parts.logger.info({ sbcId, busyMs: this.ageOf(begunAtMs) }, 'stopping: waiting for the SBC');
  }

  private ageOf(beganAtMs: number): number {
    return Math.round(this.parts.clock.monotonicMs() - beganAtMs);
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
