import type { Simulators } from '@trunkline/testing';

import type { Cluster } from '../runner/cluster.js';
import type { Ledgers } from '../runner/books.js';
import type { Peers } from '../runner/peers.js';
import type { Random } from '../runner/random.js';

/** What a fault may lay hands on. */
export interface Stage {
  readonly cluster: Cluster;
  readonly ledgers: Ledgers;
  readonly peers: Peers;
  readonly simulators: Simulators;
  /** Something happened that must not, whatever the checker finds. */
  notice(text: string): void;
  /** This fault of the simulators is a final no: who meets it may fail. */
  refuses(faultId: string): void;
}

/** One kind of misfortune. It ends healed: processes run again, links are open, held calls are let go. */
export interface FaultCase {
  readonly name: string;
  /** Faults of one lane never run at the same time. */
  readonly lane: 'processes' | 'peers';
  /** Answers what it did, in a few words. */
  readonly run: (stage: Stage, random: Random) => Promise<string>;
}
