import type { Configuration } from '@trunkline/scripts';

import { decideOnboarding, seeSite, stillThere } from '../onboarding/site.decide.js';
import { markOf } from '../onboarding/site-scripts.js';
import type { CleanupNote } from '../onboarding/site-work.js';
import type { UndoNotes } from '../onboarding/undo-notes.js';
import type { LeaseGrant } from './lease.js';

/** The script that an earlier holder of the device sent last, which may still be running. */
export interface LastScript {
  readonly note: CleanupNote;
  readonly rows: CleanupNote['rows'];
  readonly isUndo: boolean;
  readonly mark: string;
}

/** Undefined when it is not known: then only time tells that it is over. */
export async function lastScriptOf({ inFlight }: LeaseGrant, notes: UndoNotes): Promise<LastScript | undefined> {
  if (!inFlight) return undefined;
  const sealed = (await notes.of([inFlight.customerGuid])).get(inFlight.customerGuid);
  if (sealed === undefined) return undefined;
  const note = await notes.open(sealed);
  return { note, rows: note.rows, isUndo: inFlight.isUndo, mark: markOf(inFlight.customerGuid) };
}

/** Whether the device shows all that the script does. */
export function isOver({ isUndo, mark, note }: LastScript, configuration: Configuration): boolean {
  return isUndo ? stillThere(note, configuration).length === 0 : decideOnboarding(seeSite(note, configuration, mark, true)).kind === 'done';
}
