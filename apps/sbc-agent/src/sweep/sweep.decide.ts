import type { RowRef, SeenRows } from '@trunkline/scripts';

import { decideCleanup, decideOnboarding } from '../site/site.decide.js';
import type { CleanupNote } from '../site/site-work.js';

/** What a sweep does with one customer. `leave`: something is amiss that is not ours to mend. */
export type SweepVerdict = 'nothing' | 'leave' | 'remove' | 'write' | 'clean-then-write';

/** A customer that was cleaned: rows that are there again are removed, unless somebody else may own them by now. */
export function decideLeftovers(note: CleanupNote, seen: SeenRows, stillThere: readonly RowRef[], isNameInUse: boolean): SweepVerdict {
  const { kind } = decideCleanup(note, seen, stillThere);
  if (kind === 'done') return 'nothing';
  return kind === 'write' && !isNameInUse ? 'remove' : 'leave';
}

/** A customer that is on the device: rows that are missing, or there twice, are set again. One that only differs was changed by a person. */
export function decideDamage(seen: SeenRows, hasTwins: boolean): SweepVerdict {
  if (seen.missing.length === 0 && !hasTwins) return 'nothing';
  const { kind } = decideOnboarding(seen);
  switch (kind) {
    case 'done': return 'nothing';
    case 'refuse': return 'leave';
    case 'write': case 'clean-then-write': return kind;
  }
}
