import type { Logger } from '@trunkline/runtime';

import { decideAfterVisit } from '../device/breaker.decide.js';
import type { DeviceContact } from '../device/device-contact.decide.js';
import type { Lease } from '../lease/lease.js';
import type { LeaseStore } from '../lease/lease-store.js';

export interface EndedVisit {
  readonly contact: DeviceContact;
  readonly isQuiet: boolean;
  readonly isSaved: boolean;
  readonly isSettled: boolean;
}

/** Ends visits: what they have shown of the device is kept with its lease, for all agents. */
export class DeviceHealthRecord {
  constructor(private readonly leases: LeaseStore, private readonly logger: Logger) {}

  /** Gives the lease back; `isMine` false: another agent had taken it. */
  async endVisit(lease: Lease, visit: EndedVisit): Promise<{ isMine: boolean; isOpen: boolean }> {
    const { health: before, sbcId } = lease.grant;
    const health = decideAfterVisit(before, visit, Math.random());
    const { lastFault } = visit.contact;
    const isMine = await this.leases.release(lease, { isQuiet: visit.isQuiet, isSaved: visit.isSaved, health, lastFault });
    const { faults, restMs } = health;
    if (!isMine) return { isMine, isOpen: false };
    if (health.change === 'opened') this.logger.warn({ sbcId, faults, lastFault, restMs }, 'SBC does not answer: its circuit breaker is open, it is only probed');
    if (health.change === 'closed') this.logger.info({ sbcId, faultsBefore: before.faults }, 'SBC answers again: its circuit breaker is closed');
    return { isMine, isOpen: health.isOpen };
  }
}
