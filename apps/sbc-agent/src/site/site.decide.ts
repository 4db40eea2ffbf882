import { compareRows, type Configuration, type DeviceDefaults, type ForeignRow, masked, presentRows, type RowRef, rowKey, rowText, type SeenRows } from '@trunkline/scripts';
import type { Verdict } from '@trunkline/steps';

import type { CleanupNote } from './site-work.js';

/** Of whose site it is, and what its device has that was not given a parameter. */
export interface SiteOwner {
  readonly customerGuid: string;
  readonly defaults: DeviceDefaults;
}

/** What a reading says of a site that was written: it stands, it may stand later, or it never will. */
export type ReadBack =
  | { readonly kind: 'done' }
  | { readonly kind: 'again' | 'never'; readonly code: 'SBC_ROWS_MISSING' | 'SBC_ROWS_DIFFER'; readonly reason: string };

const mostNamed = 3;

/** What to do with a site that is wanted on a device. */
export function decideOnboarding(seen: SeenRows): Verdict {
  if (seen.foreign) return conflict(seen.foreign);
  if (seen.switchedOff) return { kind: 'refuse', code: 'SBC_ROW_SWITCHED_OFF', reason: switchedOffText(seen.switchedOff) };
  // Nothing to set is never done.
  if (seen.ours === seen.wanted && /* safeguard: empty-script-not-done */ seen.wanted > 0) return { kind: 'done' };
  if (seen.missing.length === seen.wanted) return { kind: 'write' };
  return { kind: 'clean-then-write' };
}

/** What to do with a site that is to leave a device. `done`: nothing of ours is there. */
export function decideCleanup(note: CleanupNote, seen: SeenRows, stillThere: readonly RowRef[]): Verdict {
  if (stillThere.length === 0) return { kind: 'done' };
  // A row without our mark may be a stranger's, or ours that has lost it: neither is removed, nor called clean. A person decides.
  if (seen.foreign) return conflict(seen.foreign);
  return note.cleanup.trim() === '' ? { kind: 'refuse', code: 'CLEANUP_EMPTY', reason: 'The cleanup script removes nothing' } : { kind: 'write' };
}

/**
 * Rows that are missing or not in effect may come yet; a device that has started again shows the same. A value of a row that is in effect, other than it
 * was set in two attempts, each with script and reading, is what the device makes of it. In the reason, and in the last note, the secrets are masked.
 */
export function decideReadBack(seen: SeenRows, wasSent: boolean, lastNote: string | undefined, secrets: readonly string[]): ReadBack {
  if (decideOnboarding(seen).kind === 'done') return { kind: 'done' };
  const named = [...seen.missing.map((row) => `${rowText(row)} is missing`), ...seen.differences.map(({ text }) => text), ...seen.switchedOff ? [switchedOffText(seen.switchedOff)] : []];
  const more = named.length > mostNamed ? `; and ${named.length - mostNamed} more` : '';
  const reason = masked(`SBC does not show what was written: ${named.slice(0, mostNamed).join('; ') || 'rows of somebody else'}${more}`, secrets);
  const isOfValues = wasSent && seen.missing.length === 0 && !seen.foreign && !seen.switchedOff && seen.differences.every(({ isValue }) => isValue);
  if (!isOfValues) return { kind: 'again', code: 'SBC_ROWS_MISSING', reason };
  const isSame = lastNote?.startsWith('SBC_ROWS_DIFFER: ') === true && seen.differences.some(({ key }) => lastNote.includes(`${/* safeguard: same-difference-masked */ masked(key, secrets)} `));
  return { kind: /* safeguard: second-difference-final */ isSame ? 'never' : 'again', code: 'SBC_ROWS_DIFFER', reason };
}

export function seeSite(site: Pick<CleanupNote, 'rows'>, configuration: Configuration, { customerGuid, defaults }: SiteOwner, isNoted: boolean): SeenRows {
  return compareRows(site.rows, configuration, customerGuid, { unmarkedAreOurs: isNoted, defaults });
}

/** Rows of a noted site that the device still has. */
export function stillThere(note: CleanupNote, configuration: Configuration): RowRef[] {
  return presentRows(note.rows, configuration);
}

/** Jobs that touch a row another job of the batch touches must not share a reading: answers the indexes of those that may go on. */
export function withoutSharedNames(sites: readonly (readonly RowRef[])[]): Set<number> {
  const taken = new Set<string>();
  const free = new Set<number>();
  sites.forEach((rows, index) => {
    const keys = rows.map(rowKey);
    /* safeguard: one-reading-per-name */
    if (keys.some((key) => taken.has(key))) return;
    for (const key of keys) taken.add(key);
    free.add(index);
  });
  return free;
}

function switchedOffText(row: RowRef): string {
  return `${rowText(row)} belongs to all and is switched off on the SBC (no activate): what stands in it has no effect. Switch it on there, then try again`;
}

function conflict(row: ForeignRow): Verdict {
  const reason = row.times === undefined
    ? `${rowText(row)} on the SBC belongs to somebody else`
    : `${rowText(row)} is on the SBC ${row.times} times, and not each time as it was set: somebody may have added one. Remove that one there, or give it another name, then try again`;
  return { kind: 'refuse', code: 'IP_GROUP_CONFLICT', reason };
}
