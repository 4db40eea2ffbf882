import { type Database, GroupCommit, heard, locked, type LockWait, RefusedRowError, type Transaction } from '@trunkline/persistence';
import type { Logger } from '@trunkline/runtime';
import { type EndingJob, type EndingOptions, type JobResult, type JobStore, type LaneFence, type LaneJob, LaneJobs, lockCustomers } from '@trunkline/steps';

import type { Lease } from '../lease/lease.js';
import { type Announced, type Announcement, heldForJobs, heldHere, type LeaseEnd, type LeaseStore, type Silence } from '../lease/lease-store.js';
import { type NewNote, sealedNote, type UndoNotes } from '../site/undo-notes.js';

export interface DeviceCommitsParts {
  readonly database: Database;
  readonly leases: LeaseStore;
  readonly jobs: JobStore;
  readonly notes: UndoNotes;
  readonly logger: Logger;
  /** Most jobs of a device that are claimed at a time. */
  readonly batchSize: number;
}

/** A lease, and the jobs that come with it where nothing comes before them: each beside the sealed note of its customer. */
export interface Taken {
  readonly lease: Lease;
  readonly jobs: readonly LaneJob[];
}

/** What a visit has done so far, and what comes next: more jobs, nothing yet, or the end. */
interface Turn {
  readonly lease: Lease;
  readonly results: readonly JobResult[];
  readonly next: 'jobs' | 'nothing' | LeaseEnd;
}

/** `isHeld`: nobody has taken the device meanwhile; else nothing is stored. `stored`: of each result, whether it is. */
export interface TurnTaken {
  readonly isHeld: boolean;
  readonly stored: readonly boolean[];
  /** Of a visit that goes on. */
  readonly next: readonly LaneJob[];
  /** Of one that is over: jobs of the device are due. */
  readonly leavesWork: boolean;
}

interface FirstScript {
  readonly lease: Lease;
  readonly script: Announcement;
  readonly notes: readonly NewNote[];
}

/** When a job is done again whose result was refused: soon enough for one that is not refused then, and not all the time. */
const afterRefusalMs = 60_000;

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

  /** Takes a device that wants to be visited, with its jobs; undefined when it can't be had now. The process must be alive, as for `takeForProbe`. */
  take(sbcId: number): Promise<Taken | undefined> {
    return this.takes.add(sbcId);
  }

  /** Takes a device whose breaker is open, to be asked whether it answers. What others have left running there is given back. */
  async takeForProbe(sbcId: number): Promise<Lease | undefined> {
    const { leases } = await this.parts.database.transaction((transaction) => {
      const acquired = this.parts.leases.acquireIn(transaction, [sbcId], { isProbe: true });
      this.lanes.returnLane(transaction, String(sbcId), heldHere);
      return { leases: acquired };
    });
    const lease = (await leases).get(sbcId);
    return lease === locked ? undefined : lease;
  }

  /**
   * Ends jobs of silent SBCs that nobody holds; they are claimed and end in one transaction, so that no claim of one is ever seen. Answers the results, and
   * which of them are stored.
   */
  async endSilent(
    sbcIds: readonly number[], options: EndingOptions, resultOf: (ending: EndingJob, silence: Silence) => JobResult,
  ): Promise<{ readonly results: readonly JobResult[]; readonly stored: readonly boolean[] }> {
    const { database, jobs, leases } = this.parts;
    const written = await database.transaction(async (transaction) => {
      const silent = new Map((await leases.lockSilentIn(transaction, sbcIds)).map((silence) => [String(silence.sbcId), silence]));
      const ending = await this.lanes.claimEnding(transaction, [...silent].map(([lane, { since }]) => ({ lane, since })), options);
      const results = ending.flatMap((one) => {
        const silence = silent.get(one.job.lane);
        return silence ? [resultOf(one, silence)] : [];
      });
      return results.length > 0 ? jobs.writeResults(transaction, results) : undefined;
    }, { beforeCommit: 'results.before-commit' });
    if (!written) return { results: [], stored: [] };
    return { results: written.results, stored: (await jobs.resultsCommitted(written)).map(({ isMine }) => isMine) };
  }

  /** Names a script that is to be sent next, and stores with it what will be owed for it and for those after it. */
  announce(lease: Lease, script: Announcement, notes: readonly NewNote[] = []): Promise<Announced> {
    return this.announcements.add({ lease, script, notes });
  }

  /** Stores results, prolongs the lease and claims what is next. */
  goOn(lease: Lease, results: readonly JobResult[]): Promise<TurnTaken> {
    return this.turn({ lease, results, next: 'jobs' });
  }

  /** Stores results and gives the lease back. */
  end(lease: Lease, results: readonly JobResult[], end: LeaseEnd): Promise<TurnTaken> {
    return this.turn({ lease, results, next: end });
  }

  async idle(): Promise<void> {
    await Promise.all([this.takes.idle(), this.announcements.idle(), this.turns.idle()]);
  }

  /** A result that PostgreSQL refuses keeps neither the others from being stored nor the device from being given back. */
  private async turn(turn: Turn): Promise<TurnTaken> {
    try {
      return await this.turns.add(turn);
    } catch (error) {
      if (!(/* safeguard: refused-result */ error instanceof RefusedRowError) || turn.results.length === 0) throw error;
      const stored: boolean[] = [];
      for (const result of turn.results) stored.push(await this.storeAlone(turn.lease, result));
      return { ...await this.turns.add({ ...turn, results: [] }), stored };
    }
  }

  private async storeAlone(lease: Lease, result: JobResult): Promise<boolean> {
    const store = async (one: JobResult) => (await this.turns.add({ lease, results: [one], next: 'nothing' })).stored[0] ?? false;
    try {
      return await store(result);
    } catch (err) {
      if (!(err instanceof RefusedRowError)) throw err;
      const { job } = result;
      this.parts.logger.error({ err, deploymentId: job.deploymentId, step: job.kind, outcome: result.kind }, 'PostgreSQL refuses a result: its job is tried again');
      await store({ kind: 'again', job, afterMs: afterRefusalMs, note: 'INTERNAL: its result could not be stored' });
      return false;
    }
  }

  private async takeAll(sbcIds: readonly number[], wait: LockWait): Promise<(Taken | typeof locked | undefined)[]> {
    const { jobs, leases } = await this.parts.database.transaction((transaction) => ({
      leases: this.parts.leases.acquireIn(transaction, sbcIds, wait), jobs: this.claimIn(transaction, sbcIds, heldForJobs),
    }), wait);
    const [granted, jobsOf] = await Promise.all([leases, jobs]);
    return sbcIds.map((sbcId) => {
      const lease = granted.get(sbcId);
      return lease && lease !== locked ? { lease, jobs: jobsOf(sbcId) } : lease;
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
    const announced = (await answers.announced)();
    return scripts.map(({ lease }) => announced.get(lease) ?? locked);
  }

  private async turnAll(turns: readonly Turn[], wait: LockWait): Promise<(TurnTaken | typeof locked)[]> {
    const { jobs, leases } = this.parts;
    const ended = turns.flatMap(({ lease, next }) => (typeof next === 'object' ? [{ lease, end: next }] : []));
    const goingOn = turns.filter(({ next }) => typeof next === 'string').map(({ lease }) => lease);
    const wanting = turns.filter(({ next }) => next === 'jobs').map(({ lease }) => lease.grant.sbcId);
    const results = turns.flatMap((turn) => turn.results);
    const answers = await this.parts.database.transaction((transaction) => ({
      released: ended.length > 0 ? heard(leases.releaseIn(transaction, ended, wait)) : undefined,
      renewed: goingOn.length > 0 ? heard(leases.renewIn(transaction, goingOn, wait)) : undefined,
      written: results.length > 0 ? jobs.writeResults(transaction, results, heldHere) : undefined,
      claimed: wanting.length > 0 ? this.claimIn(transaction, wanting, heldHere) : undefined,
    }), { ...wait, beforeCommit: 'results.before-commit' });
    const stored = answers.written ? await jobs.resultsCommitted(answers.written) : [];
    const [released, renewed, jobsOf] = await Promise.all([answers.released, answers.renewed, answers.claimed]);
    const held = new Set([...released?.keys() ?? [], ...renewed?.() ?? []]);
    let at = 0;
    return turns.map(({ lease, next, results: own }) => {
      const storedOwn = stored.slice(at, at += own.length).map(({ isMine }) => isMine);
      // Lost, or its row could not be had at once: which of them is asked alone.
      if (!held.has(lease)) return wait.isAlone ? { isHeld: false, stored: storedOwn, next: [], leavesWork: false } : locked;
      const claimed = next === 'jobs' ? jobsOf?.(lease.grant.sbcId) ?? [] : [];
      return { isHeld: true, stored: storedOwn, next: claimed, leavesWork: released?.get(lease)?.leavesWork ?? false };
    });
  }

  private claimIn(transaction: Transaction, sbcIds: readonly number[], fence: LaneFence): Promise<(sbcId: number) => readonly LaneJob[]> {
    const claimed = this.lanes.claim(transaction, sbcIds.map(String), { limit: this.parts.batchSize, fence, beside: sealedNote });
    return heard(claimed.then((jobs) => (sbcId) => jobs.filter(({ lane }) => lane === String(sbcId))));
  }
}
