/** What can be wrong. `unexpected` is everything the other words don't fit. */
export const offences = ['lost', 'duplicated', 'left behind', 'unexpected'] as const;
export type Offence = (typeof offences)[number];

export interface Violation {
  readonly offence: Offence;
  /** Constant text, so that runs can be compared. */
  readonly rule: string;
  readonly evidence: string;
}

export interface Verdict {
  readonly attempts: number;
  readonly accepted: number;
  readonly deployed: number;
  readonly failed: number;
  readonly removed: number;
  readonly rejected: number;
  readonly violations: readonly Violation[];
}
