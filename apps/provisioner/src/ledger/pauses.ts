import { DeploymentCompleted, type DeploymentEventMessage } from '@trunkline/contracts';
import { backoff } from '@trunkline/runtime';

import { folded } from '../process/event-log.js';
import { decideRedrive } from '../process/overdue.decide.js';
import type { DueInMs } from '../process/tracked-deployment.js';

interface Pauses {
  readonly redriveAfterMs: number;
  readonly cleanupRetryAfterMs: number;
}

/** When a deployment is looked at again whose log has just changed. */
export function dueAfter(events: readonly DeploymentEventMessage[], pauses: Pauses): DueInMs {
  if (folded(events)?.state === 'CleanupRequired') return cleanupPause(events, pauses);
  return decideRedrive(events, 0) ? redrivePause(0, pauses) : null;
}

/** Doubles with each time that a wish is sent again, up to 32 times as long. */
export function redrivePause(redrives: number, { redriveAfterMs }: Pauses): number {
  return backoff(redrives + 1, { firstMs: redriveAfterMs, maxMs: 32 * redriveAfterMs });
}

/** Each round of a cleanup stays in the log, which every decision reads: one that fails for ever must not come round ever as often. */
function cleanupPause(events: readonly DeploymentEventMessage[], { cleanupRetryAfterMs }: Pauses): number {
  const failures = events.filter((event) => event.type === DeploymentCompleted.type && event.data.outcome === 'CleanupRequired').length;
  return backoff(/* safeguard: cleanup-backoff */ failures, { firstMs: cleanupRetryAfterMs, maxMs: 256 * cleanupRetryAfterMs });
}
