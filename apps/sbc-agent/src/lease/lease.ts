import type { DeviceHealth } from '../device/breaker.decide.js';

/** The script that was sent last: whose, and which of the two. */
export interface InFlight {
  readonly customerGuid: string;
  readonly isUndo: boolean;
}

/** What a lease tells of the device when it is taken. */
export interface LeaseGrant {
  readonly sbcId: number;
  /** Grows with every grant; whatever is written under an older one counts for nothing. */
  readonly epoch: string;
  /** How long an earlier holder's script may still be running; 0 when none can be. */
  readonly quietForMs: number;
  /** Whose script that is. */
  readonly inFlight: InFlight | undefined;
  /** Something was written to the device that has not been saved there. */
  readonly saveOwed: boolean;
  readonly health: DeviceHealth;
  /** Present when what a late script may have left is to be looked for now; names that very debt. */
  readonly sweepDue: string | undefined;
}

/** The right to write to one device, as far as this process can know by its own clock. */
export class Lease {
  private validUntilMs: number;
  private renewedAtMs: number;
  private writeUntilMs = 0;
  private isLost = false;

  constructor(readonly grant: LeaseGrant, askedAtMs: number, leaseMs: number, private readonly monotonicMs: () => number) {
    this.validUntilMs = askedAtMs + leaseMs;
    this.renewedAtMs = askedAtMs;
  }

  get isValid(): boolean {
    return !this.isLost && this.monotonicMs() < this.validUntilMs;
  }

  /** Whether a script that takes this long at most may begin now: the others know that they must wait for its end. */
  mayWriteFor(timeoutMs: number): boolean {
    return this.isValid && /* safeguard: write-until-holder */ this.monotonicMs() + timeoutMs <= this.writeUntilMs;
  }

  /** Times count from before the renewal was sent: the database's own count began later. */
  renewed(askedAtMs: number, leaseMs: number, writeForMs?: number): void {
    this.validUntilMs = askedAtMs + leaseMs;
    this.renewedAtMs = askedAtMs;
    if (writeForMs !== undefined) this.writeUntilMs = askedAtMs + writeForMs;
  }

  /** Whether the database has called it ours so lately. */
  isRenewedWithin(ms: number): boolean {
    return this.monotonicMs() - this.renewedAtMs < ms;
  }

  lost(): void {
    this.isLost = true;
  }
}
