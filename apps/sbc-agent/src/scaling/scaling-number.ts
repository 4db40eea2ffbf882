import type { ScalingView } from '@trunkline/contracts';
import type { Database } from '@trunkline/persistence';

import { takingAgents } from '../lease/liveness.js';
import { agentsWanted } from './scaling.decide.js';

interface ScalingRow { busy_devices: number; oldest_wait_seconds: number; agents: number }

/** What the agents are scaled by, as the view has it for others. */
export class ScalingNumber {
  constructor(private readonly database: Database, private readonly devicesPerAgent: number) {}

  async now(): Promise<ScalingView> {
    const [row] = await this.database.run<ScalingRow>({
      name: 'scaling', text: `SELECT busy_devices, oldest_wait_seconds, ${takingAgents} AS agents FROM scaling`, values: [],
    });
    const { devicesPerAgent } = this;
    const busyDevices = row?.busy_devices ?? 0;
    return {
      busyDevices, devicesPerAgent, agentsWanted: agentsWanted(busyDevices, devicesPerAgent), agentsSeen: row?.agents ?? 0,
      oldestWaitSeconds: row?.oldest_wait_seconds ?? 0,
    };
  }
}
