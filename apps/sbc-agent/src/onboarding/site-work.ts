import type { RowRef, ScriptRow } from '@trunkline/scripts';

/** The two scripts of one site, rendered, and what they touch. */
export interface SiteScripts {
  readonly onboarding: string;
  readonly cleanup: string;
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** What taking a site off its device needs: noted before the first write, kept until nothing is left. */
export interface CleanupNote {
  readonly cleanup: string;
  readonly rows: readonly ScriptRow[];
  readonly removes: readonly RowRef[];
  readonly secrets: readonly string[];
}
