/** Work a message asks for. The message's text is the payload: it is stored once, here. */
export interface NewJob {
  /** Which step of the service does it, e.g. `sbc-onboarding`. */
  readonly kind: string;
  /** An undo goes first in its lane, and is never closed. */
  readonly isUndo: boolean;
  readonly deploymentId: string;
  readonly customerGuid: string;
  readonly round: number;
  /** Jobs of one lane share a device; empty where nothing is shared. */
  readonly lane: string;
  /** ISO 8601: no first attempt begins after it. */
  readonly startBy?: string;
}

/** A job that this process holds until `claimedUntil`; only results of this `epoch` are stored. */
export interface ClaimedJob {
  readonly id: string;
  readonly messageId: string;
  readonly kind: string;
  readonly isUndo: boolean;
  readonly deploymentId: string;
  readonly customerGuid: string;
  readonly round: number;
  readonly lane: string;
  readonly payload: string;
  /** Counted at the claim, this one included. */
  readonly attempt: number;
  readonly epoch: string;
  /** Since the first attempt began, by the database's clock. */
  readonly elapsedMs: number;
  /** `start_by` has passed and no attempt had begun before it. */
  readonly isTooLate: boolean;
  /** An earlier holder did not report: what it did is not known. */
  readonly isTakenOver: boolean;
  /** Why the attempt before this one did not end the job, as it was noted then. */
  readonly lastNote: string | undefined;
}
