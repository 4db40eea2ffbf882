import type { DeviceFacts } from '@trunkline/inventory';
import type { Secrets } from '@trunkline/secrets';
import type { ClaimedJob, JobStore } from '@trunkline/steps';

import type { JobReports } from './job-reports.js';
import { type PlannedSite, planSite } from './planned-site.js';
import { withoutSharedNames } from './site.decide.js';
import type { UndoNotes } from './undo-notes.js';

export interface SitePlannerParts {
  readonly jobs: JobStore;
  readonly notes: UndoNotes;
  readonly secrets: Secrets;
  readonly facts: DeviceFacts;
}

/** Jobs of a device, and the sealed notes that there are of their customers. */
export interface ClaimedBatch {
  readonly jobs: readonly ClaimedJob[];
  readonly notes: ReadonlyMap<string, string>;
}

/** Finds out what each job of a batch needs, and answers those that need no device. */
export class SitePlanner {
  constructor(private readonly parts: SitePlannerParts, private readonly reports: JobReports) {}

  /** Sites that touch no common name; the jobs of the others are given back or answered. */
  async plan({ jobs, notes }: ClaimedBatch): Promise<PlannedSite[]> {
    const planned = await Promise.all(jobs.map((job) => this.planOne(job, notes.get(job.customerGuid))));
    const present = planned.filter((plan) => plan !== undefined);
    const free = withoutSharedNames(present.map(({ rows }) => rows));
    await this.reports.released(present.filter((_plan, index) => !free.has(index)).map(({ job }) => job));
    return present.filter((_plan, index) => free.has(index));
  }

  /** Undefined when the job is answered. */
  private async planOne(job: ClaimedJob, sealedNote: string | undefined): Promise<PlannedSite | undefined> {
    // A job of an agent that has died with a note for it had begun.
    if (job.isTooLate && /* safeguard: begun-is-not-too-late */ !(job.isTakenOver && sealedNote !== undefined)) {
      await this.reports.refused(job, startByPassed);
      return undefined;
    }
    try {
      const site = await planSite(job, sealedNote, this.parts);
      if (site !== 'nothing-to-clean') return site;
      await this.reports.nothingToClean(job);
    } catch (error) {
      await this.reports.failed(job, error);
    }
    return undefined;
  }
}

export const startByPassed = { code: 'START_BY_PASSED', reason: 'The time within which the work could begin has passed' } as const;
