import type { DeviceFacts } from '@trunkline/inventory';
import { type Configuration, masked, rowKey, type SeenRows } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { type ClaimedJob, PermanentError, type Verdict } from '@trunkline/steps';

import { decideCleanup, decideOnboarding, seeSite, type SiteOwner, stillThere } from './site.decide.js';
import { requestOf } from './site-outcomes.js';
import { renderSite } from './site-scripts.js';
import type { CleanupNote, SiteScripts } from './site-work.js';
import type { UndoNotes } from './undo-notes.js';

/** One job of the batch with all that its decision needs. */
export interface PlannedSite {
  readonly job: ClaimedJob;
  readonly owner: SiteOwner;
  readonly rows: SiteScripts['rows'];
  /** What takes it off again; present for an undo, and for forward work once it may have been written. */
  readonly note: CleanupNote | undefined;
  readonly scripts: SiteScripts | undefined;
}

interface PlanParts {
  readonly notes: UndoNotes;
  readonly secrets: Secrets;
  readonly facts: DeviceFacts;
}

/**
 * Opens and renders what a job needs. Without a note nothing was ever written for its customer.
 * @throws PermanentError `SCRIPT_NOT_RENDERED` for scripts that may not be sent; of a customer that may be on the device they are not judged any more
 */
export async function planSite(job: ClaimedJob, sealedNote: string | undefined, { facts, notes, secrets }: PlanParts): Promise<PlannedSite | 'nothing-to-clean'> {
  const note = sealedNote === undefined ? undefined : await notes.open(sealedNote);
  const owner = { customerGuid: job.customerGuid, defaults: facts.defaults };
  if (job.isUndo) return note ? { job, owner, rows: note.rows, note, scripts: undefined } : 'nothing-to-clean';
  const request = requestOf(job);
  if (!('script' in request.data)) throw new Error('a forward job carries its scripts');
  const scripts = await renderSite(request as Parameters<typeof renderSite>[0], secrets, facts.limits, note !== undefined);
  if (!note && /* safeguard: script-check-before-send */ scripts.problems.length > 0) {
    throw new PermanentError('SCRIPT_NOT_RENDERED', /* safeguard: secrets-in-refused-script */ masked(scripts.problems.join('; '), scripts.secrets));
  }
  return { job, owner, rows: note ? withNoted(scripts.rows, note.rows) : scripts.rows, note, scripts };
}

/** The rows of a script, and those that the version which sent it saw in it and this one does not understand. */
function withNoted(rows: SiteScripts['rows'], noted: CleanupNote['rows']): SiteScripts['rows'] {
  const seen = new Set(rows.map(rowKey));
  return [...rows, ...noted.filter((row) => /* safeguard: noted-rows-verified */ !seen.has(rowKey(row)))];
}

/** What the reading of the device asks for. */
export function verdictOf(plan: PlannedSite, configuration: Configuration): Verdict {
  const { job, note } = plan;
  const seen = seePlanned(plan, configuration);
  return job.isUndo && note ? decideCleanup(note, seen, stillThere(note, configuration)) : decideOnboarding(seen);
}

export function seePlanned({ note, owner, rows }: PlannedSite, configuration: Configuration): SeenRows {
  return seeSite({ rows }, configuration, owner, note !== undefined);
}
