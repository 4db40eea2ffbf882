import type { AgentDeath, AskedAction, ManualCleanup, FaultTime, ForeignRow, InjectedLetter, Pause, Recovery, Returned, Shutdown } from '../checker/facts.js';

/** What the faults did that the checker has to know, and what they measured. Times are milliseconds since 1970. */
export class RunRecord {
  /** Something that must not happen, whatever the checker finds. */
  readonly noticed: string[] = [];
  /** Faults of the simulators that are a final no: who meets one may fail. */
  readonly refusingFaults: string[] = [];
  /** Requests that must fail: something of somebody else is in their way. */
  readonly condemned: string[] = [];
  readonly actions: AskedAction[] = [];
  readonly byHand: ManualCleanup[] = [];
  readonly pauses: Pause[] = [];
  readonly agentDeaths: AgentDeath[] = [];
  readonly recoveries: Recovery[] = [];
  readonly shutdowns: Shutdown[] = [];
  readonly injected: InjectedLetter[] = [];
  readonly returned: Returned[] = [];
  readonly faultTimes: FaultTime[] = [];
  readonly foreign: ForeignRow[] = [];

  private readonly befell = new Map<string, number>();

  /** The fault of this name hits this SBC alone. */
  befalls(fault: string, sbcId: number): void {
    this.befell.set(fault, sbcId);
  }

  /** Which SBC the fault that has just ended had hit. */
  befallen(fault: string): number | undefined {
    const sbcId = this.befell.get(fault);
    this.befell.delete(fault);
    return sbcId;
  }

  notice(text: string): void {
    this.noticed.push(text);
  }

  /** What has not been written down by now went with the broker's queues. */
  brokerForgot(written: ReadonlySet<string>): void {
    for (const [index, letter] of this.injected.entries()) {
      if (!written.has(letter.messageId)) this.injected[index] = { ...letter, mayBeMissing: true };
    }
  }
}
