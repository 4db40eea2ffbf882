import { type Logger, reachFaultPoint } from '@trunkline/runtime';
import { cleanupText, type Configuration, masked, presentRows, rowText, Wanted } from '@trunkline/scripts';
import { type ClaimedJob, type JobResult, type LaneJob, PermanentError, TransientError } from '@trunkline/steps';

import type { Taken } from '../commits/device-commits.js';
import type { SbcDevice } from '../device/sbc-device.js';
import { JobReports } from '../site/job-reports.js';
import { type PlannedSite, seePlanned, verdictOf } from '../site/planned-site.js';
import { decideReadBack, stillThere } from '../site/site.decide.js';
import { requestOf } from '../site/site-outcomes.js';
import { SitePlanner } from '../site/site-planner.js';
import type { CleanupNote } from '../site/site-work.js';
import { DeviceSweep } from '../sweep/device-sweep.js';
import { DeviceVisit, type Ending, type SiteScript } from '../visit/device-visit.js';
import type { SessionParts } from './session-parts.js';

/** A site that is to be written, with what is sent for it. */
interface BegunSite {
  readonly plan: PlannedSite;
  readonly scripts: readonly SiteScript[];
}

/** After so many batches the other devices get their turn. */
const batchesPerVisit = 8;

/**
 * One visit to one device under its lease: read it once, send what is to be sent, save once, read back once, report each. Nothing is written
 * before the others know until when it may take effect, and what would have to be undone.
 */
export class DeviceSession {
  readonly visit: DeviceVisit;
  private readonly reports: JobReports;
  private readonly planner: SitePlanner;
  private readonly logger: Logger;
  /** Not stored yet. */
  private results: JobResult[] = [];

  constructor(
    private readonly parts: SessionParts, private readonly taken: Taken, device: SbcDevice, ending: Ending,
    /** Jobs of the device may have come since its jobs were claimed last. */
    private readonly mayHaveMore: () => boolean,
  ) {
    const { lease } = taken;
    const logger = parts.logger.child({ sbcId: lease.grant.sbcId, epoch: lease.grant.epoch });
    this.logger = logger;
    const facts = parts.factsOf(lease.grant.sbcId);
    this.visit = new DeviceVisit({ ...parts, logger }, facts, lease, device, ending);
    this.reports = new JobReports({ ...parts, logger });
    this.planner = new SitePlanner({ ...parts, facts }, this.reports);
  }

  /** Results that are still to be stored, with the commit that gives the lease back. */
  takeResults(): readonly JobResult[] {
    return this.results.splice(0);
  }

  /** What has become of the results. */
  ended(results: readonly JobResult[], stored: readonly boolean[]): void {
    this.reports.ended(results, stored);
  }

  async run(): Promise<void> {
    const { jobs: first, lease: { grant: { sweepDue } } } = this.taken;
    let jobs = first;
    /* safeguard: sweep */
    if (sweepDue !== undefined && !this.visit.isLeaving) {
      if (!(await new DeviceSweep(this.parts, this.visit, this.logger).run(sweepDue))) return;
      // None came with the lease: the sweep is first.
      jobs = await this.next();
    }
    for (let batches = 1; jobs.length > 0; batches += 1) {
      if (!this.visit.isOn || this.visit.isLeaving) {
        this.release(jobs);
        return;
      }
      if (!(await this.batch(jobs))) return;
      const hasMore = this.mayHaveMore();
      if (batches === batchesPerVisit || this.visit.isLeaving || !(hasMore || jobs.length === this.parts.settings.batchSize)) break;
      jobs = await this.next();
    }
    if (this.visit.owesSave && this.visit.isOn) await this.visit.save();
  }

  /** Jobs that are to be done now; none once the lease is lost. */
  private async next(): Promise<readonly LaneJob[]> {
    const results = this.takeResults();
    const { next, stored } = await this.parts.commits.goOn(this.taken.lease, results);
    this.ended(results, stored);
    return next;
  }

  /** False: the device wants to be left alone for now. */
  private async batch(jobs: readonly LaneJob[]): Promise<boolean> {
    const { results, sites: planned } = await this.planner.plan(jobs);
    this.results.push(...results);
    if (planned.length === 0) return true;
    let configuration: Configuration;
    try {
      configuration = await this.visit.readWhenQuiet(new Wanted(planned.flatMap(({ rows }) => rows)));
    } catch (error) {
      // The device may have nothing to do with it.
      if (this.visit.isLeaving) this.release(planned.map(({ job }) => job));
      else this.fail(planned, error);
      return false;
    }
    const [settled, toWrite] = this.decide(planned, configuration);
    const begun = toWrite.map((plan) => ({ plan, scripts: scriptsFor(plan, configuration) }));
    if (toWrite.length > 0 && !(await this.begin(begun))) {
      this.release([...settled, ...toWrite].map(({ job }) => job));
      return false;
    }
    const { goesOn, sent } = await this.sendAll(begun);
    const isQuiet = /* safeguard: report-while-script-runs */ this.visit.endedQuietly;
    // What can't be saved can't be reported, and is nobody's failure: the next session finds it on the device.
    if (isQuiet) await this.report([...settled, ...sent], new Set(sent));
    else this.putOff([...settled, ...sent]);
    return goesOn && isQuiet;
  }

  /** Those that need no script, and those that do; the others are refused, or given back by an agent that ends. */
  private decide(planned: readonly PlannedSite[], configuration: Configuration): [PlannedSite[], PlannedSite[]] {
    const settled: PlannedSite[] = [];
    const toWrite: PlannedSite[] = [];
    for (const plan of planned) {
      const verdict = verdictOf(plan, configuration);
      if (verdict.kind === 'refuse') this.results.push(this.reports.refused(plan.job, verdict));
      else if (verdict.kind === 'done') settled.push(plan);
      else if (this.visit.isLeaving) this.release([plan.job]);
      else toWrite.push(plan);
    }
    return [settled, toWrite];
  }

  /** One commit for all jobs of the batch: the first script and until when it may run, that a save is owed, and what each site would owe. */
  private async begin(begun: readonly BegunSite[]): Promise<boolean> {
    const { notes } = this.parts;
    const newNotes = await Promise.all(begun.flatMap(({ plan: { job, note, scripts } }) => (note || !scripts
      ? []
      : [
          notes.seal({ cleanup: scripts.cleanup, rows: scripts.rows, removes: scripts.removes, secrets: scripts.secrets })
            .then((sealedCleanup) => ({ customerGuid: job.customerGuid, siteGuid: requestOf(job).data.ticket.siteGuid, sealedCleanup })),
        ])));
    const [first] = begun.flatMap(({ scripts }) => scripts);
    return first ? this.visit.begin(first, newNotes) : true;
  }

  /** Sends until something goes wrong: then nothing more before the device has been read again. */
  private async sendAll(begun: readonly BegunSite[]): Promise<{ goesOn: boolean; sent: PlannedSite[] }> {
    const sent: PlannedSite[] = [];
    for (const [index, { plan, scripts }] of begun.entries()) {
      try {
        // What was absent when it was noted and is there now is the customer's own.
        const noted = { ...plan, note: plan.note ?? /* safeguard: noted-rows-are-own */ plan.scripts };
        if (await this.send(plan, scripts)) sent.push(noted);
        else this.release([plan.job]);
      } catch (error) {
        this.fail([plan], error);
        this.release(begun.slice(index + 1).map((each) => each.plan.job));
        return { goesOn: false, sent };
      }
    }
    return { goesOn: true, sent };
  }

  /** Sends a site's scripts; false when its work was closed meanwhile, or is given back by an agent that ends. */
  private async send({ rows }: PlannedSite, scripts: readonly SiteScript[]): Promise<boolean> {
    for (const [index, script] of scripts.entries()) {
      if (/* safeguard: leaves-between-scripts */ this.visit.isLeaving) return false;
      if (index > 0 && presentRows(rows, await this.visit.read(new Wanted(rows))).length > 0) {
        throw new TransientError('SBC_NOT_CLEAN', 'Rows of an earlier attempt are still on the SBC');
      }
      if (!(await this.visit.run(script))) return false;
    }
    return true;
  }

  /** Saves, reads back, and reports each job by what the device then has. */
  private async report(plans: readonly PlannedSite[], sent: ReadonlySet<PlannedSite>): Promise<void> {
    if (plans.length === 0) return;
    const isSaved = this.visit.owesSave ? await this.visit.save() : true;
    let configuration: Configuration;
    try {
      configuration = await this.visit.read(new Wanted(plans.flatMap(({ rows }) => rows)));
    } catch (error) {
      this.fail(plans, error);
      return;
    }
    // Before anything is reported: should the device start again before it has saved, the sweep finds what it has lost.
    /* safeguard: sweep-owed-unsaved */
    if (!isSaved) await this.parts.debts.owe(this.taken.lease.grant.sbcId, 0);
    reachFaultPoint('sbc-agent.before-results');
    this.results.push(...plans.map((plan) => {
      // What is only gone until the next restart is not gone.
      if (plan.job.isUndo && !isSaved) return this.reports.failed(plan.job, new TransientError('SBC_NOT_SAVED', 'SBC has not saved the cleanup yet'));
      return plan.job.isUndo ? this.undoResult(plan, configuration, isSaved) : this.siteResult(plan, configuration, isSaved, sent.has(plan));
    }));
    if (sent.size > 0) this.logger.info({ sites: plans.length, isSaved }, 'device session wrote and read back');
  }

  private undoResult(plan: PlannedSite, configuration: Configuration, isSaved: boolean): JobResult {
    if (/* safeguard: cleanup-read-back */ verdictOf(plan, configuration).kind === 'done') return this.reports.succeeded(plan.job, isSaved);
    const left = plan.note ? stillThere(plan.note, configuration).slice(0, 3).map(rowText).join(', ') : '';
    return this.reports.failed(plan.job, new TransientError('SBC_NOT_CLEAN', masked(`SBC still has rows of the customer after the cleanup: ${left}`, plan.note?.secrets ?? [])));
  }

  private siteResult(plan: PlannedSite, configuration: Configuration, isSaved: boolean, wasSent: boolean): JobResult {
    const seen = seePlanned(plan, configuration);
    const readBack = decideReadBack(seen, wasSent, plan.job.lastNote, plan.scripts?.secrets ?? []);
    if (/* safeguard: read-back */ readBack.kind === 'done') return this.reports.succeeded(plan.job, isSaved, seen.unverifiable);
    const { code, kind, reason } = readBack;
    return this.reports.failed(plan.job, kind === 'never' ? new PermanentError(code, reason) : new TransientError(code, reason));
  }

  private putOff(plans: readonly PlannedSite[]): void {
    if (plans.length > 0) {
      this.logger.warn({ deploymentIds: plans.map(({ job }) => job.deploymentId) }, 'nothing can be saved while the script of another customer may still be running: the jobs are given back');
    }
    /* safeguard: release-without-attempt */
    this.release(plans.map(({ job }) => job));
  }

  private fail(plans: readonly PlannedSite[], error: unknown): void {
    this.results.push(...plans.map(({ job }) => this.reports.failed(job, error)));
  }

  private release(jobs: readonly ClaimedJob[]): void {
    this.results.push(...this.reports.released(jobs));
  }
}

/** The cleanup of an undo; for a site what was left of an earlier attempt goes first. */
function scriptsFor(plan: PlannedSite, configuration: Configuration): SiteScript[] {
  const { job: { customerGuid, deploymentId, id: jobId, isUndo }, note, scripts } = plan;
  const of = { customerGuid, deploymentId, jobId };
  const cleanup = (noted: Pick<CleanupNote, 'cleanup' | 'removes' | 'rows' | 'secrets'>): SiteScript => (
    { ...of, isUndo: true, text: cleanupText(noted.cleanup, noted, configuration), secrets: noted.secrets });
  if (isUndo) return note ? [cleanup(note)] : [];
  if (!scripts) return [];
  return [...verdictOf(plan, configuration).kind === 'clean-then-write' ? [cleanup(scripts)] : [], { ...of, isUndo: false, text: scripts.onboarding, secrets: scripts.secrets }];
}
