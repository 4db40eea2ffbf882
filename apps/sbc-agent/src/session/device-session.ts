import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '@trunkline/persistence';
import type { Clock, Logger } from '@trunkline/runtime';
import { type Configuration, parseConfiguration, tablesOf } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import {
  type ClaimedJob, decideAfterFailure, doneWith, type JobResult, type JobStore, OutcomeUnknownError, type StepLimits, TransientError,
} from '@trunkline/steps';

import type { SbcDevice } from '../device/sbc-device.js';
import { seeSite, withoutSharedNames } from '../onboarding/site.decide.js';
import { requestOf, SiteOutcomes } from '../onboarding/site-outcomes.js';
import type { UndoNotes } from '../onboarding/undo-notes.js';
import { isOver, lastScriptOf } from './last-script.js';
import type { Lease } from './lease.js';
import type { LeaseStore } from './lease-store.js';
import { type PlannedSite, planSite, verdictOf } from './planned-site.js';

export interface SessionSettings {
  readonly holder: string;
  readonly responseTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** Most sites that share one save and one reading back. */
  readonly batchSize: number;
}

export interface SessionParts {
  readonly jobs: JobStore;
  readonly leases: LeaseStore;
  readonly notes: UndoNotes;
  readonly database: Database;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SessionSettings;
}

const claimMs = 600_000;
/** Room between saying that a script may run and its first byte. */
const writeMarginMs = 2_000;
const quietPollMs = 500;
/** A whole configuration is a lot to read. */
const longestQuietPollMs = 5_000;

/**
 * One visit to one device under its lease: read it once, send what is to be sent, save once, read back once, report each. Nothing is written
 * before the others know until when it may take effect, and what would have to be undone.
 */
export class DeviceSession {
  private readonly outcomes: SiteOutcomes;
  private readonly logger: Logger;
  private readonly startedAtMs: number;
  private saveOwed: boolean;
  /** Every script sent in this session has been answered. */
  private isQuiet = true;
  /** A reading has shown the script of the last holder complete: nothing of it runs any more. */
  private isLastKnownOver = false;

  constructor(
    private readonly parts: SessionParts,
    private readonly lease: Lease,
    private readonly device: SbcDevice,
    private readonly signal: AbortSignal,
  ) {
    this.outcomes = new SiteOutcomes(parts.clock);
    this.logger = parts.logger.child({ sbcId: lease.grant.sbcId, epoch: lease.grant.epoch });
    this.startedAtMs = parts.clock.monotonicMs();
    this.saveOwed = lease.grant.saveOwed;
  }

  /** Whether nothing of this session can still take effect on the device. */
  get endedQuietly(): boolean {
    return this.isQuiet && this.quietInMs() === 0;
  }

  /** Something that only another session can make good is owed to the device. */
  get owesSave(): boolean {
    return this.saveOwed;
  }

  async run(): Promise<void> {
    const lane = String(this.lease.grant.sbcId);
    for (let isFirst = true; this.isWorking(); isFirst = false) {
      const jobs = await this.parts.jobs.claim({ holder: this.parts.settings.holder, limit: this.parts.settings.batchSize, claimMs, lane, takeHeld: isFirst });
      if (jobs.length === 0) break;
      const goesOn = await this.batch(jobs);
      if (!goesOn) return;
    }
    if (this.saveOwed && this.isWorking()) await this.save();
  }

  /** False: the device wants to be left alone for now. */
  private async batch(jobs: readonly ClaimedJob[]): Promise<boolean> {
    const planned = await this.plan(jobs);
    if (planned.length === 0) return true;
    let configuration: Configuration;
    try {
      configuration = await this.readWhenQuiet(planned);
    } catch (error) {
      await Promise.all(planned.map(({ job }) => this.finishFailed(job, error)));
      return false;
    }
    const [settled, toWrite] = await this.decide(planned, configuration);
    if (toWrite.length > 0 && !(await this.noteBeforeWriting(toWrite))) {
      await this.release([...settled, ...toWrite]);
      return false;
    }
    const sent: PlannedSite[] = [];
    let goesOn = true;
    for (const [index, plan] of toWrite.entries()) {
      const failure = await this.send(plan, configuration);
      if (failure === 'closed') continue;
      if (failure === undefined) {
        sent.push(plan);
        continue;
      }
      await this.finishFailed(plan.job, failure);
      await this.release(toWrite.slice(index + 1));
      goesOn = false;
      break;
    }
    await this.report([...settled, ...sent], sent.length > 0);
    return goesOn;
  }

  /** What each job needs; those that can be answered without the device are. */
  private async plan(jobs: readonly ClaimedJob[]): Promise<PlannedSite[]> {
    const closed = await this.parts.jobs.closedAmong(jobs);
    const notes = await this.parts.notes.of(jobs.map(({ customerGuid }) => customerGuid));
    const planned = await Promise.all(jobs.map(async (job): Promise<PlannedSite | undefined> => {
      if (closed.has(job.id)) return this.answered(this.finish({ kind: 'released', job }));
      if (job.isTooLate) return this.answered(this.finish(doneWith(job, this.outcomes.failed(job, { code: 'START_BY_PASSED', reason: 'The time within which the work could begin has passed' }))));
      try {
        const site = await planSite(job, notes.get(job.customerGuid), this.parts);
        return site === 'nothing-to-clean' ? await this.answered(this.finish(doneWith(job, this.outcomes.nothingToClean(job)))) : site;
      } catch (error) {
        return this.answered(this.finishFailed(job, error));
      }
    }));
    const present = planned.filter((plan) => plan !== undefined);
    const free = withoutSharedNames(present.map(({ rows }) => rows));
    await this.release(present.filter((_plan, index) => !free.has(index)));
    return present.filter((_plan, index) => free.has(index));
  }

  /**
   * Reads the device. While a script of an earlier holder may still be running the reading is repeated until that can't be any more, or until it
   * shows every site that may have been in flight complete.
   */
  private async readWhenQuiet(planned: readonly PlannedSite[]): Promise<Configuration> {
    const status = await this.device.status(this.signal);
    if (!status.isUnlocked) throw new TransientError('SBC_LOCKED', `SBC is ${status.operationalState || 'not unlocked'}`);
    const lastScript = this.quietInMs() > 0 ? await lastScriptOf(this.lease.grant, this.parts.notes) : undefined;
    for (let pollMs = quietPollMs; ; pollMs = Math.min(2 * pollMs, longestQuietPollMs)) {
      // Asked before the reading: one that began while something could still run proves nothing.
      const wasQuiet = this.quietInMs() === 0;
      const configuration = await this.read([...planned, ...(lastScript ? [lastScript] : [])]);
      if (wasQuiet) return configuration;
      if (lastScript && isOver(lastScript, configuration)) {
        this.isLastKnownOver = true;
        return configuration;
      }
      await delay(Math.min(pollMs, this.quietInMs()), undefined, { signal: this.signal });
      if (!this.lease.isValid) throw new TransientError('SBC_LEASE_EXPIRED', 'The lease of the SBC was lost');
    }
  }

  private async read(planned: readonly Pick<PlannedSite, 'rows'>[]): Promise<Configuration> {
    const text = await this.device.readConfiguration(this.signal);
    return parseConfiguration(text, tablesOf(planned.flatMap(({ rows }) => rows)));
  }

  /** Those that need no script, and those that do; what is refused is reported at once. */
  private async decide(planned: readonly PlannedSite[], configuration: Configuration): Promise<[PlannedSite[], PlannedSite[]]> {
    const settled: PlannedSite[] = [];
    const toWrite: PlannedSite[] = [];
    for (const plan of planned) {
      const verdict = verdictOf(plan, configuration);
      if (verdict.kind === 'refuse') await this.finish(doneWith(plan.job, this.outcomes.failed(plan.job, verdict)));
      else if (verdict.kind === 'done') settled.push(plan);
      else toWrite.push(plan);
    }
    return [settled, toWrite];
  }

  /** One commit for all jobs of the batch: until when scripts may run, that a save is owed, and what each site would owe. */
  private async noteBeforeWriting(toWrite: readonly PlannedSite[]): Promise<boolean> {
    const { database, leases, notes } = this.parts;
    const newNotes = await Promise.all(toWrite.flatMap(({ job, note, scripts }) => (note || !scripts
      ? []
      : [
          notes.seal({ cleanup: scripts.cleanup, rows: scripts.rows, removes: scripts.removes, secrets: scripts.secrets })
            .then((sealedCleanup) => ({ customerGuid: job.customerGuid, siteGuid: requestOf(job).data.ticket.siteGuid, sealedCleanup })),
        ])));
    return database.transaction(async (transaction) => {
      if (!(await leases.beginWriting(transaction, this.lease, this.writeForMs()))) return false;
      await notes.add(transaction, this.lease.grant.sbcId, this.lease.grant.epoch, newNotes);
      return true;
    }).then((isBegun) => {
      if (isBegun) this.saveOwed = true;
      else this.lease.lost();
      return isBegun;
    });
  }

  /** Sends a site's script; undefined when the device has taken it, the error otherwise. */
  private async send(plan: PlannedSite, configuration: Configuration): Promise<'closed' | Error | undefined> {
    const { job, note, scripts } = plan;
    const closed = await this.parts.jobs.closedAmong([job]);
    if (closed.has(job.id)) {
      await this.finish({ kind: 'released', job });
      return 'closed';
    }
    try {
      if (job.isUndo && note) await this.runScript(job, true, note.cleanup, note.secrets);
      else if (scripts) {
        if (verdictOf(plan, configuration).kind === 'clean-then-write') {
          await this.runScript(job, true, scripts.cleanup, scripts.secrets);
          const seen = seeSite(scripts, await this.read([plan]), plan.mark, true);
          if (seen.missing.length < seen.wanted) throw new TransientError('SBC_NOT_CLEAN', 'Rows of an earlier attempt are still on the SBC');
        }
        await this.runScript(job, false, scripts.onboarding, scripts.secrets);
      }
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private async runScript(job: ClaimedJob, isUndo: boolean, script: string, secrets: readonly string[]): Promise<void> {
    const { responseTimeoutMs } = this.parts.settings;
    const inFlight = { customerGuid: job.customerGuid, isUndo };
    if (!(await this.parts.leases.renew(this.lease, this.writeForMs(), inFlight))) throw new TransientError('SBC_LEASE_EXPIRED', 'The lease of the SBC was lost');
    this.isQuiet = false;
    try {
      await this.device.runScript(script, {
        signal: this.signal, timeoutMs: responseTimeoutMs, mayStart: () => this.lease.mayWriteFor(responseTimeoutMs), deploymentId: job.deploymentId, secrets,
      });
      this.isQuiet = true;
    } catch (error) {
      // Anything but a lost answer means that nothing of it runs any more.
      this.isQuiet = !(error instanceof OutcomeUnknownError);
      throw error;
    }
  }

  /** Saves, reads back, and reports each job by what the device then has. */
  private async report(plans: readonly PlannedSite[], hasWritten: boolean): Promise<void> {
    if (plans.length === 0) return;
    const isSaved = this.saveOwed ? await this.save() : true;
    let configuration: Configuration;
    try {
      configuration = await this.read(plans);
    } catch (error) {
      await Promise.all(plans.map(({ job }) => this.finishFailed(job, error)));
      return;
    }
    await Promise.all(plans.map((plan) => {
      if (verdictOf(plan, configuration).kind === 'done') return this.finish(doneWith(plan.job, this.outcomes.succeeded(plan.job, isSaved)));
      const message = plan.job.isUndo ? 'SBC still has rows of the customer after the cleanup' : 'SBC does not show the rows that were written';
      return this.finishFailed(plan.job, new TransientError(plan.job.isUndo ? 'SBC_NOT_CLEAN' : 'SBC_ROWS_MISSING', message));
    }));
    if (hasWritten) this.logger.info({ sites: plans.length, isSaved }, 'device session wrote and read back');
  }

  private async save(): Promise<boolean> {
    try {
      await this.device.saveConfiguration(this.signal);
      await this.parts.leases.saved(this.lease);
      this.saveOwed = false;
      return true;
    } catch (err) {
      this.logger.warn({ err }, 'SBC configuration could not be saved, it is tried again');
      return false;
    }
  }

  private async finishFailed(job: ClaimedJob, error: unknown): Promise<void> {
    const after = decideAfterFailure(error, { number: job.attempt, elapsedMs: job.elapsedMs, random: Math.random() }, this.limits());
    const fields = { deploymentId: job.deploymentId, step: job.kind, attempt: job.attempt, errorCode: after.code };
    if (after.code === 'INTERNAL') this.logger.error({ ...fields, err: error }, 'step attempt met a bug');
    if (after.kind === 'failed') {
      this.logger.warn({ ...fields, reason: after.reason }, 'step failed');
      await this.finish(doneWith(job, this.outcomes.failed(job, after)));
    } else {
      this.logger.warn({ ...fields, reason: after.note, afterMs: after.afterMs }, 'step attempt failed, it is tried again');
      await this.finish({ kind: 'again', job, afterMs: after.afterMs, note: `${after.code}: ${after.note}`.slice(0, 500) });
    }
  }

  private async finish(result: JobResult): Promise<void> {
    const { job } = result;
    const isMine = await this.parts.jobs.finish(result);
    this.logger.info({ deploymentId: job.deploymentId, step: job.kind, attempt: job.attempt, outcome: result.kind === 'done' ? result.outcome?.type : result.kind, isMine }, 'step attempt ended');
  }

  private async answered(done: Promise<void>): Promise<undefined> {
    await done;
    return undefined;
  }

  private async release(plans: readonly PlannedSite[]): Promise<void> {
    await Promise.all(plans.map(({ job }) => this.finish({ kind: 'released', job })));
  }

  private limits(): StepLimits {
    const { deadlineMs, maxAttempts, responseTimeoutMs } = this.parts.settings;
    // The device itself says when a lost script can't be running any more: `write_until` is waited for, not the job.
    return { deadlineMs: deadlineMs + responseTimeoutMs, maxAttempts, lookAfterMs: 0, backoffBaseMs: 2_000, backoffMaxMs: 60_000, maxBugs: 5 };
  }

  private isWorking(): boolean {
    return this.lease.isValid && !this.signal.aborted;
  }

  /** How long something of an earlier epoch may still be running on the device. */
  private quietInMs(): number {
    if (this.isLastKnownOver) return 0;
    return Math.max(0, this.lease.grant.quietForMs - (this.parts.clock.monotonicMs() - this.startedAtMs));
  }

  private writeForMs(): number {
    return this.parts.settings.responseTimeoutMs + writeMarginMs;
  }
}
