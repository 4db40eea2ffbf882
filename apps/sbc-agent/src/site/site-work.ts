import { type RowRef, type ScriptRow, tableName } from '@trunkline/scripts';

/** The two scripts of one site, rendered, and what they touch. */
export interface SiteScripts extends CleanupNote {
  readonly onboarding: string;
  /** What speaks against sending them; nothing does for scripts whose templates were checked. */
  readonly problems: readonly string[];
}

/** A note as some version has stored it. */
interface StoredNote extends Omit<CleanupNote, 'rows'> {
  readonly rows: readonly (Omit<ScriptRow, 'children'> & { readonly children: readonly StoredChild[] })[];
}
type StoredChild = Omit<ScriptRow['children'][number], 'children'> & Partial<Pick<ScriptRow['children'][number], 'children'>>;

/** What taking a site off its device needs: noted before the first write, kept until nothing is left. */
export interface CleanupNote {
  readonly cleanup: string;
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** A note as it is read now: those of earlier versions have other names for some tables, and no rows deeper than one within another. */
export function noteOf(stored: StoredNote): CleanupNote {
  return {
    ...stored,
    rows: stored.rows.map((row) => (
      {
        ...row, table: /* safeguard: earlier-notes */ tableName(row.table),
        children: row.children.map((child) => ({ ...child, children: child.children ?? [] })),
      })),
    removes: stored.removes.map((ref) => ({ ...ref, table: tableName(ref.table) })),
  };
}
