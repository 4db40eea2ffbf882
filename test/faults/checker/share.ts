import type { Facts } from './facts.js';
import type { Violation } from './verdict.js';

/** So that a run in which everything fails can't pass. */
export const leastDeployedShare = 0.95;
/** Whatever was refused on purpose: a run that shows nothing proves nothing. */
const leastOfAll = 0.3;

/** Requests that an injected final no may have failed do not count against us, but never so many that a run in which hardly anybody is deployed passes. */
export function checkShare({ calls, condemned, refusingFaults, wishes }: Pick<Facts, 'calls' | 'condemned' | 'refusingFaults' | 'wishes'>, deployed: number): Violation[] {
  const refusing = new Set(refusingFaults);
  const refused = calls.filter(({ faults = [] }) => faults.some((id) => refusing.has(id))).length;
  const excused = condemned.length + refused;
  const valid = wishes.filter(({ kind }) => kind === 'create').length;
  const wanted = Math.max(Math.ceil((valid - excused) * leastDeployedShare), Math.ceil(valid * leastOfAll));
  if (deployed >= wanted) return [];
  return [{ offence: 'unexpected', rule: 'nearly all valid requests are deployed', evidence: `${deployed} of ${valid}, at least ${wanted} wanted (${excused} refused on purpose)` }];
}
