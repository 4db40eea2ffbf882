import { type RowRef, type ScriptRow, tableName } from '@trunkline/scripts';

/** The two scripts of one site, rendered, and what they touch. */
export interface SiteScripts extends CleanupNote {
  readonly onboarding: string;
  /** What speaks against sending them; nothing does for scripts whose templates were checked. */
  readonly problems: readonly string[];
}

/** What taking a site off its device needs: noted before the first write, kept until nothing is left. */
export interface CleanupNote {
  readonly cleanup: string;
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** A note as it is read now: those of earlier versions have other names for some tables. */
export function noteOf(stored: CleanupNote): CleanupNote {
  return { ...stored, rows: stored.rows.map((row) => ({ ...row, table: tableName(row.table) })), removes: stored.removes.map((ref) => ({ ...ref, table: tableName(ref.table) })) };
}
