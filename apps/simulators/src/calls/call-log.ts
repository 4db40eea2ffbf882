export const peerNames = ['microsoft', 'ovoc', 'sbc'] as const;
export type PeerName = (typeof peerNames)[number];

export interface RowChange {
  readonly action: 'set' | 'remove';
  readonly table: string;
  /** Index of the row that a row of a child table stands in. */
  readonly parent?: number;
  readonly index: number;
  readonly name: string;
}

/** One call to a peer. It is in the log from its arrival on and grows while it is served; times are milliseconds since 1970. */
export interface CallEntry {
  readonly seq: number;
  /** The arrival as text. */
  readonly at: string;
  readonly peer: PeerName;
  /** The SBC's id; other peers have none. */
  readonly id?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly user?: string;
  readonly userAgent?: string;
  readonly arrivedAt: number;
  appliedAt?: number;
  answeredAt?: number;
  /** When the caller's connection was gone before the answer was out. */
  goneAt?: number;
  status?: number;
  /** True while the call is held. */
  held?: boolean;
  /** True when another write to the same device ran at the same time. */
  overlap?: boolean;
  /** Ids of the faults that met this call. */
  faults?: string[];
  /** SHA-256 of the script's text. */
  scriptHash?: string;
  /** Rows the script changed, in order. */
  scriptRows?: RowChange[];
  /** Saves and restarts that a script asked for: no business of a script. */
  obeyed?: string[];
}

export type Arrival = Omit<CallEntry, 'seq' | 'at' | 'arrivedAt'>;

const longestLog = 200_000;

/** Every call to every peer, in order of arrival; the oldest go when there are more than 200,000. */
export class CallLog {
  private calls: CallEntry[] = [];
  private lastSeq = 0;

  arrive(arrival: Arrival): CallEntry {
    const arrivedAt = now();
    const entry: CallEntry = { seq: ++this.lastSeq, at: new Date(arrivedAt).toISOString(), ...arrival, arrivedAt };
    this.calls.push(entry);
    if (this.calls.length > longestLog) this.calls = this.calls.slice(longestLog / 10);
    return entry;
  }

  /** Entries after the sequence number `since`. */
  entries({ peer, id, since = 0 }: { readonly peer?: string; readonly id?: number; readonly since?: number }): readonly CallEntry[] {
    return this.calls.filter((entry) => entry.seq > since && (peer === undefined || entry.peer === peer) && (id === undefined || entry.id === id));
  }

  /** Sequence numbers go on, so that a `since` taken before stays right. */
  clear(): void {
    this.calls = [];
  }
}

/** Milliseconds since 1970 with a fraction, never running backwards. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
