import { type Database, GroupCommit, heard, locked, type LockWait, type Transaction } from '@trunkline/persistence';
import { type ClaimedJob, type JobResult, type JobStore, type LaneFence, LaneJobs, lockCustomers } from '@trunkline/steps';

import type { Lease } from '../lease/lease.js';
import { type Announced, type Announcement, heldForJobs, heldHere, type LeaseEnd, type LeaseStore } from '../lease/lease-store.js';
import type { NewNote, UndoNotes } from '../site/undo-notes.js';

export interface DeviceCommitsParts {
  readonly database: Database;
  readonly leases: LeaseStore;
  readonly jobs: JobStore;
  readonly notes: UndoNotes;
  /** Most jobs of a device that are claimed at a time. */
  readonly batchSize: number;
}

/** Jobs of a device, and the sealed notes that there are of their customers. */
export interface ClaimedBatch {
  readonly jobs: readonly ClaimedJob[];
  readonly notes: ReadonlyMap<string, string>;
}

/** A lease, and the jobs that come with it where nothing comes before them. */
export interface Taken {
  readonly lease: Lease;
  readonly batch: ClaimedBatch;
}

/** What a visit has done so far; `end` when it is over. */
interface Turn {
  readonly lease: Lease;
  readonly results: readonly JobResult[];
  readonly end?: LeaseEnd;
}

/** `isHeld`: nobody has taken the device meanwhile; else nothing is stored. `stored`: of each result, whether it is. */
export interface TurnTaken {
  readonly isHeld: boolean;
  readonly stored: readonly boolean[];
  /** Of a visit that goes on. */
  readonly next: ClaimedBatch;
  /** Of one that is over: jobs of the device are due. */
  readonly leavesWork: boolean;
}

interface FirstScript {
  readonly lease: Lease;
  readonly script: Announcement;
  readonly notes: readonly NewNote[];
}

const nothing: ClaimedBatch = { jobs: [], notes: new Map() };

/**
 * The commits of visits. Visits of other devices that have come to the same point share one, and its statements travel together. A device whose row somebody
 * else has locked is left out of the common one and gets its own, which waits.
 */
export class DeviceCommits {
  private readonly takes: GroupCommit<number, Taken | undefined>;
  private readonly announcements: GroupCommit<FirstScript, Announced>;
  private readonly turns: GroupCommit<Turn, TurnTaken>;
  private readonly lanes: LaneJobs;

  constructor(private readonly parts: DeviceCommitsParts) {
    this.lanes = new LaneJobs(parts.database);
    this.takes = new GroupCommit((sbcIds, wait) => this.takeAll(sbcIds, wait));
    this.announcements = new GroupCommit((scripts, wait) => this.announceAll(scripts, wait));
    this.turns = new GroupCommit((turns, wait) => this.turnAll(turns, wait));
  }

  /** Takes a device that wants to be visited, with its jobs; undefined when it can't be had now. */
  async take(sbcId: number): Promise<Taken | undefined> {
    await this.parts.leases.ensureAlive();
    return this.takes.add(sbcId);
  }

  /** Names a script that is to be sent next, and stores with it what will be owed for it and for those after it. */
  announce(lease: Lease, script: Announcement, notes: readonly NewNote[] = []): Promise<Announced> {
    return this.announcements.add({ lease, script, notes });
  }

  /** Stores results, prolongs the lease and claims what is next. */
  goOn(lease: Lease, results: readonly JobResult[]): Promise<TurnTaken> {
    return this.turns.add({ lease, results });
  }

  /** Stores results and gives the lease back. */
  end(lease: Lease, results: readonly JobResult[], end: LeaseEnd): Promise<TurnTaken> {
    return this.turns.add({ lease, results, end });
  }

  async idle(): Promise<void> {
    await Promise.all([this.takes.idle(), this.announcements.idle(), this.turns.idle()]);
  }

  private async takeAll(sbcIds: readonly number[], wait: LockWait): Promise<(Taken | typeof locked | undefined)[]> {
    const { batches, leases } = await this.parts.database.transaction((transaction) => ({
      leases: this.parts.leases.acquireIn(transaction, sbcIds, wait), batches: this.claimIn(transaction, sbcIds, heldForJobs),
    }), wait);
    const [granted, batchOf] = await Promise.all([leases, batches]);
    return sbcIds.map((sbcId) => {
      const lease = granted.get(sbcId);
      return lease && lease !== locked ? { lease, batch: batchOf(sbcId) } : lease;
    });
  }

  private async announceAll(scripts: readonly FirstScript[], wait: LockWait): Promise<(Announced | typeof locked)[]> {
    const { leases, notes } = this.parts;
    const answers = await this.parts.database.transaction((transaction) => {
      // Before it is asked whether the work was closed: else it could be closed between that and its note.
      /* safeguard: undo-note-lock */
      lockCustomers(transaction, scripts.flatMap((each) => each.notes.map(({ customerGuid }) => customerGuid)));
      const announced = heard(leases.announceIn(transaction, scripts, wait));
      /* safeguard: undo-note */
      notes.add(transaction, scripts.flatMap((each) => each.notes.map((note) => ({ ...note, lease: each.lease.grant }))));
      return { announced };
    }, wait);
    const announced = await answers.announced;
    return scripts.map(({ lease }) => announced.get(lease) ?? locked);
  }

  private async turnAll(turns: readonly Turn[], wait: LockWait): Promise<(TurnTaken | typeof locked)[]> {
    const { jobs, leases } = this.parts;
    const ended = turns.flatMap(({ end, lease }) => (end ? [{ lease, end }] : []));
    const goingOn = turns.flatMap(({ end, lease }) => (end ? [] : [lease]));
    const results = turns.flatMap((turn) => turn.results);
    const answers = await this.parts.database.transaction((transaction) => ({
      released: ended.length > 0 ? heard(leases.releaseIn(transaction, ended, wait)) : undefined,
      renewed: goingOn.length > 0 ? heard(leases.renewIn(transaction, goingOn, wait)) : undefined,
      written: results.length > 0 ? jobs.writeResults(transaction, results, heldHere) : undefined,
      batches: goingOn.length > 0 ? this.claimIn(transaction, goingOn.map(({ grant }) => grant.sbcId), heldHere) : undefined,
    }), { ...wait, beforeCommit: 'results.before-commit' });
    const stored = answers.written ? await jobs.resultsCommitted(answers.written) : [];
    const [released, renewed, batchOf] = await Promise.all([answers.released, answers.renewed, answers.batches]);
    let at = 0;
    return turns.map(({ end, lease, results: own }) => {
      const storedOwn = stored.slice(at, at += own.length).map(({ isMine }) => isMine);
      const isHeld = end ? released?.has(lease) : renewed?.has(lease);
      // Lost, or its row could not be had at once: which of them is asked alone.
      if (!isHeld) return wait.isAlone ? { isHeld: false, stored: storedOwn, next: nothing, leavesWork: false } : locked;
      const next = end ? nothing : batchOf?.(lease.grant.sbcId) ?? nothing;
      return { isHeld: true, stored: storedOwn, next, leavesWork: released?.get(lease)?.leavesWork ?? false };
    });
  }

  private claimIn(transaction: Transaction, sbcIds: readonly number[], fence: LaneFence): Promise<(sbcId: number) => ClaimedBatch> {
    const lanes = sbcIds.map(String);
    const claimed = this.lanes.claim(transaction, lanes, this.parts.batchSize, fence);
    const noted = this.parts.notes.atWork(lanes, transaction);
    return heard(Promise.all([claimed, noted]).then(([jobs, notes]) =>
      (sbcId) => ({ jobs: jobs.filter(({ lane }) => lane === String(sbcId)), notes })));
  }
}
