import type { Deployment } from '@trunkline/contracts';

import type { Facts } from './facts.js';
import type { Violation } from './verdict.js';

/** So that a run in which everything fails can't pass. */
export const leastDeployedShare = 0.95;
/** Whatever was refused on purpose: a run that shows nothing proves nothing. */
const leastOfAll = 0.3;

/** Requests that an injected final no may have failed do not count against us, but never so many that a run in which hardly anybody is deployed passes. */
export function checkShare(
  { calls, condemned, hindered, refusingFaults, requests }: Pick<Facts, 'calls' | 'condemned' | 'hindered' | 'refusingFaults' | 'requests'>, folded: ReadonlyMap<string, Deployment>,
): Violation[] {
  const refusing = new Set(refusingFaults);
  const refused = calls.filter(({ faults = [] }) => faults.some((id) => refusing.has(id))).length;
  const excused = condemned.length + refused;
  const unhindered = requests.filter(({ key, kind }) => kind === 'create' && !hindered.includes(key));
  const valid = unhindered.length;
  const deployed = unhindered.filter(({ deploymentId }) => folded.get(deploymentId)?.state === 'Deployed').length;
  const wanted = Math.max(Math.ceil((valid - excused) * leastDeployedShare), Math.ceil(valid * leastOfAll));
  if (deployed >= wanted) return [];
  return [{ offence: 'unexpected', rule: 'nearly all valid requests are deployed', evidence: `${deployed} of ${valid}, at least ${wanted} wanted (${excused} refused on purpose)` }];
}
