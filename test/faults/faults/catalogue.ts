import { drainFaults } from './drain-faults.js';
import type { FaultCase, Need } from './fault-case.js';
import { joinedFaults } from './joined-faults.js';
import { linkFaults } from './link-faults.js';
import { messageFaults } from './message-faults.js';
import { pauseFaults } from './pause-faults.js';
import { peerFaults } from './peer-faults.js';
import { pointFaults } from './point-faults.js';
import { processFaults } from './process-faults.js';
import { scaleFaults } from './scale-faults.js';
import { serverFaults } from './server-faults.js';

export const catalogue: readonly FaultCase[] = [
  ...processFaults, ...drainFaults, ...pauseFaults, ...scaleFaults, ...pointFaults, ...linkFaults, ...serverFaults, ...messageFaults, ...peerFaults,
  ...joinedFaults,
];

/** What of the catalogue a run can do that has only this, and the names of what it can't. */
export function possible(cases: readonly FaultCase[], has: ReadonlySet<Need>): { readonly faults: readonly FaultCase[]; readonly leftOut: readonly string[] } {
  const isPossible = ({ needs = [] }: FaultCase) => needs.every((need) => has.has(need));
  return { faults: cases.filter(isPossible), leftOut: cases.filter((fault) => !isPossible(fault)).map(({ name, needs = [] }) => `${name} (needs ${needs.join(' and ')} of its own)`) };
}
