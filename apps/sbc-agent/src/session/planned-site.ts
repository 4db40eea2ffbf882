import { type Configuration } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import type { ClaimedJob, Verdict } from '@trunkline/steps';

import { decideCleanup, decideOnboarding, seeSite, stillThere } from '../onboarding/site.decide.js';
import { requestOf } from '../onboarding/site-outcomes.js';
import { markOf, renderSite } from '../onboarding/site-scripts.js';
import type { CleanupNote, SiteScripts } from '../onboarding/site-work.js';
import type { UndoNotes } from '../onboarding/undo-notes.js';

/** One job of the batch with all that its decision needs. */
export interface PlannedSite {
  readonly job: ClaimedJob;
  readonly mark: string;
  readonly rows: SiteScripts['rows'];
  /** What takes it off again; present for an undo, and for forward work once it may have been written. */
  readonly note: CleanupNote | undefined;
  readonly scripts: SiteScripts | undefined;
}

/** Opens and renders what a job needs. Without a note nothing was ever written for its customer. */
export async function planSite(job: ClaimedJob, sealedNote: string | undefined, { notes, secrets }: { readonly notes: UndoNotes; readonly secrets: Secrets }): Promise<PlannedSite | 'nothing-to-clean'> {
  const note = sealedNote === undefined ? undefined : await notes.open(sealedNote);
  const mark = markOf(job.customerGuid);
  if (job.isUndo) return note ? { job, mark, rows: note.rows, note, scripts: undefined } : 'nothing-to-clean';
  const request = requestOf(job);
  if (!('script' in request.data)) throw new Error('a forward job carries its scripts');
  const scripts = await renderSite(request as Parameters<typeof renderSite>[0], secrets);
  return { job, mark, rows: scripts.rows, note, scripts };
}

/** What the reading of the device asks for. */
export function verdictOf({ job, mark, note, rows }: PlannedSite, configuration: Configuration): Verdict {
  const seen = seeSite({ rows }, configuration, mark, note !== undefined);
  return job.isUndo && note ? decideCleanup(note, seen, stillThere(note, configuration)) : decideOnboarding(seen);
}
