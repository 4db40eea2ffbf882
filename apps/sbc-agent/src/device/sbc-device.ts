import type { DeviceContact } from './device-contact.decide.js';

/** What a device says of itself. */
export interface DeviceStatus {
  /** Only an unlocked device may be programmed. */
  readonly isUnlocked: boolean;
  readonly operationalState: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Counted from the moment the script is written; then the call is cut off and its outcome unknown. */
  readonly timeoutMs: number;
  /** Asked in the same tick in which the script is written on an open connection; false: nothing is sent. */
  readonly mayStart: () => boolean;
  /** Named to the device in `User-Agent`. */
  readonly deploymentId?: string;
  /** Values to mask in what the device answers, besides those of `password` lines. */
  readonly secrets?: readonly string[];
}

export interface ScriptOutcome {
  /** Console text of the run, secrets masked; for a person who looks into a failure, not for decisions. */
  readonly output: string;
  /** Whether the device said it succeeded; else it only said nothing else. Either way the rows have to be read back. */
  readonly isConfirmed: boolean;
}

/**
 * One session border controller. Every method may reject with `TransientError` (busy or away, nothing applied) or `PermanentError`
 * (it says never); only `runScript` also with `OutcomeUnknownError` (sent, the answer was lost). A rejected script may have been
 * applied in part.
 */
export abstract class SbcDevice {
  /** What the calls made through this handle tell of the way to the device. */
  abstract readonly contact: DeviceContact;

  /** Waits less long than other calls: whether there is an answer is what matters. */
  abstract status(signal: AbortSignal): Promise<DeviceStatus>;

  /**
   * Reads the whole running configuration as CLI text. `take` gets its bytes as they come, in turns of the event loop that are short; only when this
   * resolves were they a configuration, whole, as it was some time after the call began.
   */
  abstract readConfiguration(signal: AbortSignal, take: (bytes: Buffer) => void): Promise<void>;

  /** Runs CLI text without a reset. Sent at most once; `SBC_LEASE_EXPIRED` when `mayStart` said no. */
  abstract runScript(script: string, options: RunOptions): Promise<ScriptOutcome>;

  /** Burns the running configuration to flash; may be repeated. */
  abstract saveConfiguration(signal: AbortSignal): Promise<void>;

  /** Gives the connections back: they are kept some seconds for the next handle. */
  abstract close(): Promise<void>;
}
