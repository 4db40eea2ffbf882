import type { Simulators } from '@trunkline/testing';

import type { Order } from '../contenders/contender.js';

const tenantsAtOnce = 64;

/** Customers that nobody has onboarded yet, each of a Microsoft tenant of its own, on the SBCs in turn. */
export class Orders {
  private count = 0;
  private tenants: string[] = [];

  constructor(private readonly simulators: Simulators, private readonly sbcIds: readonly number[]) {}

  /** Makes so many tenants known to Microsoft; without them an order has the tenant of one before. */
  async prepare(tenants: number): Promise<void> {
    this.tenants = [];
    while (this.tenants.length < tenants) {
      this.tenants.push(...await Promise.all(Array.from({ length: tenantsAtOnce }, () => this.simulators.addTenant())));
    }
  }

  next(): Order {
    const index = this.count++;
    const [sbcId, msTenantId] = [this.sbcIds[index % this.sbcIds.length], this.tenants[index % this.tenants.length]];
    if (sbcId === undefined || msTenantId === undefined) throw new Error('no SBC or no tenant has been prepared');
    return { shortName: `B${index.toString(36).padStart(6, '0')}`, msTenantId, sbcId };
  }
}
