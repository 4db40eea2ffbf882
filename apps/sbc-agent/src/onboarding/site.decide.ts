import { compareRows, type Configuration, presentRows, type RowRef, type SeenRows } from '@trunkline/scripts';
import type { Verdict } from '@trunkline/steps';

import type { CleanupNote, SiteScripts } from './site-work.js';

/** What to do with a site that is wanted on a device. */
export function decideOnboarding(seen: SeenRows): Verdict {
  if (seen.foreign) return { kind: 'refuse', code: 'IP_GROUP_CONFLICT', reason: `${seen.foreign.table} "${seen.foreign.name}" on the SBC belongs to somebody else` };
  if (seen.ours === seen.wanted) return { kind: 'done' };
  if (seen.missing.length === seen.wanted) return { kind: 'write' };
  return { kind: 'clean-then-write' };
}

/** What to do with a site that is to leave a device. `done`: nothing of ours is there. */
export function decideCleanup(note: CleanupNote, seen: SeenRows, stillThere: readonly RowRef[]): Verdict {
  if (stillThere.length === 0) return { kind: 'done' };
  // A row without our mark may be a stranger's, or ours that has lost it: neither is removed, nor called clean. A person decides.
  if (seen.foreign) return { kind: 'refuse', code: 'IP_GROUP_CONFLICT', reason: `${seen.foreign.table} "${seen.foreign.name}" on the SBC belongs to somebody else` };
  return note.cleanup.trim() === '' ? { kind: 'refuse', code: 'CLEANUP_EMPTY', reason: 'The cleanup script removes nothing' } : { kind: 'write' };
}

export function seeSite(site: Pick<SiteScripts, 'rows'>, configuration: Configuration, mark: string, isNoted: boolean): SeenRows {
  return compareRows(site.rows, configuration, mark, { unmarkedAreOurs: isNoted });
}

/** Rows of a noted site that the device still has. */
export function stillThere(note: CleanupNote, configuration: Configuration): RowRef[] {
  return presentRows(note.rows, configuration);
}

/** Jobs that touch a name another job of the batch touches must not share a reading: answers the indexes of those that may go on. */
export function withoutSharedNames(sites: readonly (readonly RowRef[])[]): Set<number> {
  const taken = new Set<string>();
  const free = new Set<number>();
  sites.forEach((rows, index) => {
    const names = rows.map(({ name, table }) => JSON.stringify([table, name]));
    if (names.some((name) => taken.has(name))) return;
    for (const name of names) taken.add(name);
    free.add(index);
  });
  return free;
}
