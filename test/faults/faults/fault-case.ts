import type { ServerControl, Simulators } from '@trunkline/testing';

import type { Ledgers } from '../runner/books.js';
import type { BrokerHand } from '../runner/broker-hand.js';
import type { CreateOrder } from '../runner/client.js';
import type { Cluster } from '../runner/cluster.js';
import type { Diary } from '../runner/diary.js';
import type { Operator } from '../runner/operator.js';
import type { Peers } from '../runner/peers.js';
import type { Random } from '../runner/random.js';

/** What a fault may lay hands on. */
export interface Stage {
  readonly cluster: Cluster;
  readonly ledgers: Ledgers;
  readonly peers: Peers;
  readonly simulators: Simulators;
  readonly brokerHand: BrokerHand;
  /** What the checker has to know of it. */
  readonly diary: Diary;
  readonly operator: Operator;
  /** Broker and database themselves, when they are this run's own. */
  readonly servers: ServerControl | undefined;
  /** The library that moves a process's clock, when there is one. */
  readonly clockLibrary: string | undefined;
  /** A customer who will be created soon. */
  nextOrder(isMeant?: (order: CreateOrder) => boolean): CreateOrder | undefined;
}

export const families = [
  'kill', 'kill-at-call', 'kill-at-point', 'pause', 'stop', 'drain', 'scale', 'broker-link', 'database-link', 'peer-link', 'broker', 'database', 'everything', 'messages', 'poison', 'clock',
  'sbc', 'ovoc', 'microsoft', 'foreign',
] as const;
export type Family = (typeof families)[number];

export const lanes = ['processes', 'peers'] as const;
export type Lane = (typeof lanes)[number];

/** What a run must have of its own for a fault. */
export type Need = 'broker' | 'database' | 'clock';

/** One kind of misfortune. It ends healed: processes run again, links are open, held calls are let go. */
export interface FaultCase {
  readonly name: string;
  readonly family: Family;
  /** Faults of one lane never run at the same time. */
  readonly lane: Lane;
  readonly needs?: readonly Need[];
  /** Takes too long for the short tier. */
  readonly isLong?: boolean;
  /** Answers what it did, in a few words. */
  readonly run: (stage: Stage, random: Random) => Promise<string>;
}
