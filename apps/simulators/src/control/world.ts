import type { FaultEngine } from '../faults/fault-engine.js';
import type { HeldCalls } from '../calls/held-calls.js';
import type { Directory } from '../microsoft/directory.js';
import type { OvocPeer } from '../ovoc/ovoc-peer.js';
import type { CallLog } from '../calls/call-log.js';
import type { SbcPeer } from '../sbc/sbc-peer.js';

export interface SbcStation {
  readonly peer: SbcPeer;
  /** Makes the device unreachable for a time; 0 only ends its connections. */
  readonly goAway: (ms: number) => void;
  readonly comeBack: () => void;
}

/** Everything that the control port can look at and change. */
export interface World {
  readonly log: CallLog;
  readonly faults: FaultEngine;
  readonly held: HeldCalls;
  readonly directory: Directory;
  readonly ovoc: OvocPeer;
  readonly sbcs: ReadonlyMap<number, SbcStation>;
  /** Resolves when every port is as open or closed as it should be. */
  readonly settled: () => Promise<void>;
}
