import type { Logger } from '@trunkline/runtime';
import type { JobResult } from '@trunkline/steps';

import type { DeviceCommits, TurnTaken } from '../commits/device-commits.js';
import { decideAfterVisit } from '../device/breaker.decide.js';
import type { DeviceContact } from '../device/device-contact.decide.js';
import type { Lease } from '../lease/lease.js';

export interface EndedVisit {
  readonly contact: DeviceContact;
  readonly isQuiet: boolean;
  readonly isSaved: boolean;
  readonly isSettled: boolean;
  /** Of its jobs, that are not stored yet. */
  readonly results: readonly JobResult[];
}

/** Ends visits: what they have shown of the device is kept with its lease, for all agents. */
export class DeviceHealthRecord {
  constructor(private readonly commits: DeviceCommits, private readonly logger: Logger) {}

  /** Stores the results and gives the lease back. */
  async endVisit(lease: Lease, visit: EndedVisit): Promise<TurnTaken> {
    const { health: before, sbcId } = lease.grant;
    const health = decideAfterVisit(before, visit, Math.random());
    const { lastFault } = visit.contact;
    const ended = await this.commits.end(lease, visit.results, { isQuiet: visit.isQuiet, isSaved: visit.isSaved, health, lastFault });
    const { faults, restMs } = health;
    if (!ended.isHeld) return ended;
    if (health.change === 'opened') this.logger.warn({ sbcId, faults, lastFault, restMs }, 'SBC does not answer: its circuit breaker is open, it is only probed');
    if (health.change === 'closed') this.logger.info({ sbcId, faultsBefore: before.faults }, 'SBC answers again: its circuit breaker is closed');
    return ended;
  }
}
