import { heard } from '@trunkline/persistence';
import { type Logger, reachFaultPoint } from '@trunkline/runtime';
import { cleanupText, type Configuration, masked, presentRows, rowText, Wanted } from '@trunkline/scripts';
import { lockCustomers, PermanentError, TransientError } from '@trunkline/steps';

import type { SbcDevice } from '../device/sbc-device.js';
import type { Lease } from '../lease/lease.js';
import { JobReports } from '../site/job-reports.js';
import { type PlannedSite, seePlanned, verdictOf } from '../site/planned-site.js';
import { decideReadBack, stillThere } from '../site/site.decide.js';
import { requestOf } from '../site/site-outcomes.js';
import { type ClaimedBatch, SitePlanner } from '../site/site-planner.js';
import type { CleanupNote } from '../site/site-work.js';
import { DeviceSweep } from '../sweep/device-sweep.js';
import { DeviceVisit, type SiteScript } from '../visit/device-visit.js';
import { claimNext } from './claim-batch.js';
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
  private leftWork = false;
  private readonly logger: Logger;

  constructor(
    private readonly parts: SessionParts, private readonly lease: Lease, private readonly first: ClaimedBatch, device: SbcDevice, signal: AbortSignal,
    /** Jobs of the device may have come since its jobs were claimed last. */
    private readonly mayHaveMore: () => boolean,
  ) {
    const logger = parts.logger.child({ sbcId: lease.grant.sbcId, epoch: lease.grant.epoch });
    this.logger = logger;
    const facts = parts.factsOf(lease.grant.sbcId);
    this.visit = new DeviceVisit({ ...parts, logger }, facts, lease, device, signal);
    this.reports = new JobReports({ ...parts, logger });
    this.planner = new SitePlanner({ ...parts, facts }, this.reports);
  }

  /** More jobs of the device are waiting than it has taken. */
  get leavesWork(): boolean {
    return this.leftWork;
  }

  async run(): Promise<void> {
    const { sweepDue } = this.lease.grant;
    /* safeguard: sweep */
    if (sweepDue !== undefined && !(await new DeviceSweep(this.parts, this.visit, this.logger).run(sweepDue))) return;
    if (!this.visit.isOn) await this.reports.released(this.first.jobs);
    for (let batches = 0; batches < batchesPerVisit && this.visit.isOn; batches += 1) {
      // What was not claimed with the lease is claimed now: a sweep came first.
      const batch = batches === 0 && this.first.jobs.length > 0 ? this.first : await claimNext(this.parts, this.lease, batches === 0);
      if (batch.jobs.length === 0) {
        this.leftWork = false;
        break;
      }
      const goesOn = await this.batch(batch);
      if (!goesOn) return;
      this.leftWork = batch.jobs.length === this.parts.settings.batchSize;
      if (!this.leftWork && /* safeguard: visit-goes-on */ !this.mayHaveMore()) break;
    }
    if (this.visit.owesSave && this.visit.isOn) await this.visit.save();
  }

  /** False: the device wants to be left alone for now. */
  private async batch(batch: ClaimedBatch): Promise<boolean> {
    const planned = await this.planner.plan(batch);
    if (planned.length === 0) return true;
    let configuration: Configuration;
    try {
      configuration = await this.visit.readWhenQuiet(new Wanted(planned.flatMap(({ rows }) => rows)));
    } catch (error) {
      await Promise.all(planned.map(({ job }) => this.reports.failed(job, error)));
      return false;
    }
    const [settled, toWrite] = await this.decide(planned, configuration);
    const begun = toWrite.map((plan) => ({ plan, scripts: scriptsFor(plan, configuration) }));
    if (toWrite.length > 0 && !(await this.begin(begun))) {
      await this.release([...settled, ...toWrite]);
      return false;
    }
    const { goesOn, sent } = await this.sendAll(begun);
    const hindrance = this.hindrance();
    // What can't be saved can't be reported, and is nobody's failure: the next session finds it on the device.
    if (hindrance) await this.putOff([...settled, ...sent], hindrance);
    else await this.report([...settled, ...sent], new Set(sent));
    return goesOn && !hindrance;
  }

  /** Those that need no script, and those that do; what is refused is reported at once. */
  private async decide(planned: readonly PlannedSite[], configuration: Configuration): Promise<[PlannedSite[], PlannedSite[]]> {
    const settled: PlannedSite[] = [];
    const toWrite: PlannedSite[] = [];
    for (const plan of planned) {
      const verdict = verdictOf(plan, configuration);
      if (verdict.kind === 'refuse') await this.reports.refused(plan.job, verdict);
      else if (verdict.kind === 'done') settled.push(plan);
      else toWrite.push(plan);
    }
    return [settled, toWrite];
  }

  /** One commit for all jobs of the batch: the first script and until when it may run, that a save is owed, and what each site would owe. */
  private async begin(begun: readonly BegunSite[]): Promise<boolean> {
    const { database, notes } = this.parts;
    const newNotes = await Promise.all(begun.flatMap(({ plan: { job, note, scripts } }) => (note || !scripts
      ? []
      : [
          notes.seal({ cleanup: scripts.cleanup, rows: scripts.rows, removes: scripts.removes, secrets: scripts.secrets })
            .then((sealedCleanup) => ({ customerGuid: job.customerGuid, siteGuid: requestOf(job).data.ticket.siteGuid, sealedCleanup })),
        ])));
    const [first] = begun.flatMap(({ scripts }) => scripts);
    const { isBegun } = await database.transaction((transaction) => {
      // Before it is asked whether the first one's work was closed: else it could be closed between that and its note.
      /* safeguard: undo-note-lock */
      lockCustomers(transaction, newNotes.map(({ customerGuid }) => customerGuid));
      const isBegun = first ? heard(this.visit.begin(first, transaction)) : Promise.resolve(true);
      /* safeguard: undo-note */
      notes.add(transaction, this.lease.grant.sbcId, this.lease.grant.epoch, newNotes);
      return { isBegun };
    });
    return isBegun;
  }

  /** Sends until something goes wrong: then nothing more before the device has been read again. */
  private async sendAll(begun: readonly BegunSite[]): Promise<{ goesOn: boolean; sent: PlannedSite[] }> {
    const sent: PlannedSite[] = [];
    for (const [index, { plan, scripts }] of begun.entries()) {
      try {
        // What was absent when it was noted and is there now is the customer's own.
        const noted = { ...plan, note: plan.note ?? /* safeguard: noted-rows-are-own */ plan.scripts };
        if (await this.send(plan, scripts)) sent.push(noted);
        else await this.release([plan]);
      } catch (error) {
        await this.reports.failed(plan.job, error);
        await this.release(begun.slice(index + 1).map((each) => each.plan));
        return { goesOn: false, sent };
      }
    }
    return { goesOn: true, sent };
  }

  /** Sends a site's scripts; false when its work was closed meanwhile. */
  private async send({ rows }: PlannedSite, scripts: readonly SiteScript[]): Promise<boolean> {
    for (const [index, script] of scripts.entries()) {
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
      await Promise.all(plans.map(({ job }) => this.reports.failed(job, error)));
      return;
    }
    // Before anything is reported: should the device start again before it has saved, the sweep finds what it has lost.
    /* safeguard: sweep-owed-unsaved */
    if (!isSaved) await this.parts.debts.owe(this.lease.grant.sbcId, 0);
    reachFaultPoint('sbc-agent.before-results');
    await Promise.all(plans.map((plan) => {
      // What is only gone until the next restart is not gone.
      if (plan.job.isUndo && !isSaved) return this.reports.failed(plan.job, new TransientError('SBC_NOT_SAVED', 'SBC has not saved the cleanup yet'));
      return plan.job.isUndo ? this.reportUndo(plan, configuration, isSaved) : this.reportSite(plan, configuration, isSaved, sent.has(plan));
    }));
    if (sent.size > 0) this.logger.info({ sites: plans.length, isSaved }, 'device session wrote and read back');
  }

  private reportUndo(plan: PlannedSite, configuration: Configuration, isSaved: boolean): Promise<void> {
    if (/* safeguard: cleanup-read-back */ verdictOf(plan, configuration).kind === 'done') return this.reports.succeeded(plan.job, isSaved);
    const left = plan.note ? stillThere(plan.note, configuration).slice(0, 3).map(rowText).join(', ') : '';
    return this.reports.failed(plan.job, new TransientError('SBC_NOT_CLEAN', masked(`SBC still has rows of the customer after the cleanup: ${left}`, plan.note?.secrets ?? [])));
  }

  private reportSite(plan: PlannedSite, configuration: Configuration, isSaved: boolean, wasSent: boolean): Promise<void> {
    const seen = seePlanned(plan, configuration);
    const readBack = decideReadBack(seen, wasSent, plan.job.lastNote, plan.scripts?.secrets ?? []);
    if (/* safeguard: read-back */ readBack.kind === 'done') return this.reports.succeeded(plan.job, isSaved, seen.unverifiable);
    const { code, kind, reason } = readBack;
    return this.reports.failed(plan.job, kind === 'never' ? new PermanentError(code, reason) : new TransientError(code, reason));
  }

  /** Why nothing may be saved now. */
  private hindrance(): string | undefined {
    /* safeguard: lost-lease */
    if (!this.lease.isValid) return 'the lease of the SBC was lost';
    return /* safeguard: report-while-script-runs */ this.visit.endedQuietly ? undefined : 'the script of another customer may still be running';
  }

  private async putOff(plans: readonly PlannedSite[], reason: string): Promise<void> {
    if (plans.length > 0) this.logger.warn({ deploymentIds: plans.map(({ job }) => job.deploymentId), reason }, 'nothing can be saved now: the jobs are given back');
    /* safeguard: release-without-attempt */
    await this.release(plans);
  }

  private async release(plans: readonly PlannedSite[]): Promise<void> {
    await this.reports.released(plans.map(({ job }) => job));
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
