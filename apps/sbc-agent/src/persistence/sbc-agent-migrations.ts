import { DeadLetterTables1764000005000 } from '@trunkline/dead-letters';
import { messagingMigrations } from '@trunkline/messaging';
import { jobMigrations } from '@trunkline/steps';

import { DeviceBreaker1764000010000 } from './device-breaker.migration.js';
import { ScalingView1764000020000 } from './scaling-view.migration.js';
import { SbcAgentTables1764000003000 } from './sbc-agent-tables.migration.js';
import { SweepOwed1764000011000 } from './sweep-owed.migration.js';

/** All that makes the schema of the agents, in order. */
export const sbcAgentMigrations = [
  ...messagingMigrations, ...jobMigrations, SbcAgentTables1764000003000, DeadLetterTables1764000005000, DeviceBreaker1764000010000,
  SweepOwed1764000011000, ScalingView1764000020000,
] as const;
