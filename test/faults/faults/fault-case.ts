import type { ServerControl, Simulators } from '@trunkline/testing';

import type { ServiceTables } from '../runner/service-tables.js';
import type { BrokerTamperer } from '../runner/broker-tamperer.js';
import type { CreateOrder } from '../runner/client.js';
import type { Cluster } from '../runner/cluster.js';
import type { RunRecord } from '../runner/run-record.js';
import type { Operator } from '../runner/operator.js';
import type { Peers } from '../runner/peers.js';
import type { Random } from '../runner/random.js';

/** What a fault may lay hands on. */
export interface FaultContext {
  readonly cluster: Cluster;
  readonly tables: ServiceTables;
  readonly peers: Peers;
  readonly simulators: Simulators;
  readonly brokerTamperer: BrokerTamperer;
  /** What the checker has to know of it. */
  readonly record: RunRecord;
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
  readonly run: (stage: FaultContext, random: Random) => Promise<string>;
}
