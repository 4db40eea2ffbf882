import { type CustomerCreated, SbcOnboarded } from '@trunkline/contracts';
import type { DeviceFacts } from '@trunkline/inventory';
import type { Database } from '@trunkline/persistence';
import type { Logger } from '@trunkline/runtime';
import { cleanupText, type Configuration, type RowRef, rowKey, Wanted } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { type JobStore, PermanentError } from '@trunkline/steps';

import { decideOnboarding, seeSite, type SiteOwner, stillThere } from '../site/site.decide.js';
import { renderSite } from '../site/site-scripts.js';
import type { CleanupNote } from '../site/site-work.js';
import type { UndoNotes } from '../site/undo-notes.js';
import type { DeviceVisit } from '../visit/device-visit.js';
import { decideDamage, decideLeftovers, type SweepVerdict } from './sweep.decide.js';
import { SweepCandidates } from './sweep-candidates.js';
import type { SweepDebts } from './sweep-debts.js';

export interface SweepParts {
  readonly jobs: JobStore;
  readonly debts: SweepDebts;
  readonly notes: UndoNotes;
  readonly database: Database;
  readonly secrets: Secrets;
  readonly factsOf: (sbcId: number) => DeviceFacts;
}

interface Finding {
  readonly customerGuid: string;
  readonly note: CleanupNote;
  readonly verdict: SweepVerdict;
}

/** Mended in one visit; what is more waits for the next round. */
const findingsAtOnce = 50;

/**
 * Looks for what is not as it was reported, because a script arrived when another agent had the device, or the device started again before a save: rows of
 * customers that were cleaned meanwhile are removed, rows of customers that are deployed and were damaged are set again. Only rows with our mark, or
 * with names noted as ours and used by nobody else.
 */
export class DeviceSweep {
  private readonly candidates: SweepCandidates;
  private readonly facts: DeviceFacts;

  constructor(private readonly parts: SweepParts, private readonly visit: DeviceVisit, private readonly logger: Logger) {
    this.facts = parts.factsOf(visit.lease.grant.sbcId);
    this.candidates = new SweepCandidates(parts.database);
  }

  /** One round; a debt that can't be paid stays. False: nothing more may be sent in this visit. */
  async run(debt: string): Promise<boolean> {
    const { lease } = this.visit;
    // A restart of the device that comes after the look, and before the save, would not be seen.
    if (this.visit.owesSave && !(await this.visit.save())) {
      await this.parts.debts.putOff(lease, debt);
      return true;
    }
    try {
      const isClean = await this.round();
      if (isClean) await this.parts.debts.paid(lease, debt);
      else await this.parts.debts.putOff(lease, debt);
      return true;
    } catch (err) {
      this.logger.warn({ err }, 'sweep of the SBC could not be finished, it is tried again');
      await this.parts.debts.putOff(lease, debt);
      return this.visit.endedQuietly;
    }
  }

  /** True: the device has been seen with nothing to mend. */
  private async round(): Promise<boolean> {
    const { sbcId } = this.visit.lease.grant;
    let configuration = await this.visit.readWhenQuiet(await this.rowsOnDevice(sbcId));
    const found: Finding[] = [...await this.leftovers(sbcId, configuration), ...await this.damaged(sbcId, configuration)];
    if (found.length === 0) {
      this.logger.info({}, 'SBC swept: nothing to mend');
      return true;
    }
    const tried: Finding[] = [];
    let more = found.length;
    // Leftovers come first: they may stand where a damaged customer's rows belong.
    for (const finding of found) {
      if (tried.length === findingsAtOnce || this.visit.isLeaving) break;
      more -= 1;
      try {
        if (await this.mend(finding, configuration)) tried.push(finding);
      } catch (err) {
        // What the device refuses of one customer keeps no other waiting.
        if (!(err instanceof PermanentError) || /* safeguard: sweep-refused-script */ !this.visit.endedQuietly) throw err;
        this.logger.warn({ customerGuid: finding.customerGuid, err }, 'the SBC refuses what a sweep sends');
        tried.push(finding);
        configuration = await this.visit.read(new Wanted(found.flatMap(({ note }) => note.rows)));
      }
    }
    if (this.visit.owesSave && !(await this.visit.save())) return false;
    const after = await this.visit.read(new Wanted(tried.flatMap(({ note }) => note.rows)));
    const isMended = tried.every((finding) => this.isWell(finding, after));
    this.logger.warn({ customers: tried.map(({ customerGuid }) => customerGuid), isMended, more }, 'SBC swept: a late script had changed it');
    return isMended && more === 0;
  }

  /** What the reading has to keep. */
  private async rowsOnDevice(sbcId: number): Promise<Wanted> {
    const wanted = new Wanted();
    for (const which of ['cleaned', 'live'] as const) {
      for await (const { note } of this.opened(sbcId, which)) wanted.add(note.rows);
    }
    return wanted;
  }

  private async leftovers(sbcId: number, configuration: Configuration): Promise<Finding[]> {
    const found: Finding[] = [];
    for await (const { customerGuid, note } of this.opened(sbcId, 'cleaned')) {
      const there = stillThere(note, configuration);
      if (there.length === 0) continue;
      const seen = seeSite(note, configuration, this.ownerOf(customerGuid), true);
      // Who uses the names now is only asked where it decides: it means to open many notes.
      const isInUse = decideLeftovers(note, seen, there, false) === 'remove' && await this.isInUse(sbcId, note.rows);
      const verdict = decideLeftovers(note, seen, there, isInUse);
      if (verdict !== 'nothing' && verdict !== 'leave') found.push({ customerGuid, note, verdict });
    }
    return found;
  }

  private async damaged(sbcId: number, configuration: Configuration): Promise<Finding[]> {
    const found: Finding[] = [];
    for await (const { customerGuid, note } of this.opened(sbcId, 'live')) {
      const hasTwins = note.rows.some((row) => configuration.find(row).length > 1);
      const verdict = decideDamage(seeSite(note, configuration, this.ownerOf(customerGuid), true), hasTwins);
      if (verdict === 'leave') this.logger.warn({ customerGuid }, 'rows of a customer are missing on the SBC, or there twice, and rows under their names may be somebody else\'s: a person must look');
      else if (verdict !== 'nothing') found.push({ customerGuid, note, verdict });
    }
    return found;
  }

  /** Whether another customer that has, or may have, rows on the device uses one of the names. */
  private async isInUse(sbcId: number, rows: readonly RowRef[]): Promise<boolean> {
    const keys = new Set(rows.map(rowKey));
    for await (const { note } of this.opened(sbcId, 'onDevice')) if (note.rows.some((row) => keys.has(rowKey(row)))) return true;
    return false;
  }

  /** False: nothing can be sent for this customer, now or later. */
  private async mend({ customerGuid, note, verdict }: Finding, configuration: Configuration): Promise<boolean> {
    if (!(await this.candidates.isStill(customerGuid, verdict === 'remove' ? 'cleaned' : 'live'))) return true;
    const site = verdict === 'remove' ? undefined : await this.siteOf(customerGuid);
    if (site === 'unusable') return false;
    if (verdict !== 'write') await this.visit.run({ customerGuid, isUndo: true, text: cleanupText(note.cleanup, note, configuration), secrets: note.secrets });
    if (site && (verdict === 'write' || /* safeguard: sweep-asks-again */ await this.candidates.isStill(customerGuid, 'live'))) await this.visit.run({ customerGuid, ...site, isUndo: false });
    return true;
  }

  /** What sets a customer's rows again. One whose scripts can't be rendered keeps no other waiting: a person must look. */
  private async siteOf(customerGuid: string): Promise<{ deploymentId: string; text: string; secrets: readonly string[] } | 'unusable' | undefined> {
    const payload = await this.parts.jobs.lastRequest(customerGuid, SbcOnboarded.type);
    if (payload === undefined) return undefined;
    const event = JSON.parse(payload) as CustomerCreated;
    try {
      const { onboarding, secrets } = await renderSite(event, this.parts.secrets, this.facts.limits, true);
      return { deploymentId: event.subject, text: onboarding, secrets };
    } catch (err) {
      if (!(err instanceof PermanentError)) throw err;
      this.logger.warn({ customerGuid, err }, 'the scripts of a customer whose rows are missing on the SBC can\'t be rendered: a person must look');
      return /* safeguard: sweep-unusable-script */ 'unusable';
    }
  }

  private async* opened(sbcId: number, which: Parameters<SweepCandidates['pages']>[1]): AsyncGenerator<Pick<Finding, 'customerGuid' | 'note'>> {
    for await (const page of this.candidates.pages(sbcId, which)) {
      for (const { customerGuid, sealedCleanup } of page) yield { customerGuid, note: await this.parts.notes.open(sealedCleanup) };
    }
  }

  private isWell({ customerGuid, note, verdict }: Finding, configuration: Configuration): boolean {
    if (verdict === 'remove') return stillThere(note, configuration).length === 0;
    return decideOnboarding(seeSite(note, configuration, this.ownerOf(customerGuid), true)).kind === 'done';
  }

  private ownerOf(customerGuid: string): SiteOwner {
    return { customerGuid, defaults: this.facts.defaults };
  }
}
