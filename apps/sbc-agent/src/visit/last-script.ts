import type { Configuration, DeviceDefaults } from '@trunkline/scripts';

import type { LeaseGrant } from '../lease/lease.js';
import { decideOnboarding, seeSite, type SiteOwner, stillThere } from '../site/site.decide.js';
import type { CleanupNote } from '../site/site-work.js';
import type { UndoNotes } from '../site/undo-notes.js';

/** The script that an earlier holder of the device sent last, which may still be running. */
export interface LastScript {
  readonly note: CleanupNote;
  readonly rows: CleanupNote['rows'];
  readonly isUndo: boolean;
  readonly owner: SiteOwner;
}

/** Undefined when it is not known: then only time tells that it is over. */
export async function lastScriptOf({ inFlight }: LeaseGrant, notes: UndoNotes, defaults: DeviceDefaults): Promise<LastScript | undefined> {
  if (!inFlight) return undefined;
  const sealed = await notes.of(inFlight.customerGuid);
  if (sealed === undefined) return undefined;
  const note = await notes.open(sealed);
  return { note, rows: note.rows, isUndo: inFlight.isUndo, owner: { customerGuid: inFlight.customerGuid, defaults } };
}

/** Whether the device shows all that the script does. */
export function isOver({ isUndo, note, owner }: LastScript, configuration: Configuration): boolean {
  return isUndo ? stillThere(note, configuration).length === 0 : decideOnboarding(seeSite(note, configuration, owner, true)).kind === 'done';
}
