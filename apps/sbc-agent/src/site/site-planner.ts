import type { DeviceFacts } from '@trunkline/inventory';
import type { Secrets } from '@trunkline/secrets';
import type { JobResult, LaneJob } from '@trunkline/steps';

import type { JobReports } from './job-reports.js';
import { type PlannedSite, planSite } from './planned-site.js';
import { withoutSharedNames } from './site.decide.js';
import type { UndoNotes } from './undo-notes.js';

export interface SitePlannerParts {
  readonly notes: UndoNotes;
  readonly secrets: Secrets;
  readonly facts: DeviceFacts;
}

/** What a batch needs of its device, and the results of the jobs that need nothing. */
export interface PlannedBatch {
  readonly sites: readonly PlannedSite[];
  readonly results: readonly JobResult[];
}

/** Finds out what each job of a batch needs, and answers those that need no device. */
export class SitePlanner {
  constructor(private readonly parts: SitePlannerParts, private readonly reports: JobReports) {}

  /** Sites that touch no common name; the jobs of the others are given back or answered. */
  async plan(jobs: readonly LaneJob[]): Promise<PlannedBatch> {
    const planned = await Promise.all(jobs.map((job) => this.planOne(job)));
    const sites = planned.flatMap(({ site }) => site ?? []);
    const free = withoutSharedNames(sites.map(({ rows }) => rows));
    return {
      sites: sites.filter((_site, index) => free.has(index)),
      results: [
        ...planned.flatMap(({ result }) => result ?? []), ...this.reports.released(sites.filter((_site, index) => !free.has(index)).map(({ job }) => job)),
      ],
    };
  }

  private async planOne(job: LaneJob): Promise<{ readonly site?: PlannedSite; readonly result?: JobResult }> {
    const { beside: sealedNote } = job;
    // A job of an agent that has died with a note for it had begun.
    if (job.isTooLate && /* safeguard: begun-is-not-too-late */ !(job.isTakenOver && sealedNote !== undefined)) {
      return { result: this.reports.refused(job, startByPassed) };
    }
    try {
      const site = await planSite(job, sealedNote, this.parts);
      return site === 'nothing-to-clean' ? { result: this.reports.nothingToClean(job) } : { site };
    } catch (error) {
      return { result: this.reports.failed(job, error) };
    }
  }
}

export const startByPassed = { code: 'START_BY_PASSED', reason: 'The time within which the work could begin has passed' } as const;
