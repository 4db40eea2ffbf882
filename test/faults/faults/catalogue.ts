import type { FaultCase } from './fault-case.js';
import { linkFaults } from './link-faults.js';
import { peerFaults } from './peer-faults.js';
import { pointFaults } from './point-faults.js';
import { processFaults } from './process-faults.js';

export const catalogue: readonly FaultCase[] = [...processFaults, ...pointFaults, ...linkFaults, ...peerFaults];
