import { ovocSync } from '../../ovoc-sync/src/create-ovoc-sync.js';
import { provisioner } from '../../provisioner/src/create-provisioner.js';
import { sbcAgent } from '../../sbc-agent/src/create-sbc-agent.js';

/** The services behind the gateway, in the order in which they start. */
export const workers = [
  ovocSync,
  sbcAgent,
  provisioner,
] as const;
