import { Baseline } from './baseline.js';
import type { Contender } from './contender.js';
import { type Peers, Trunkline } from './trunkline.js';

/** The last one is what the others are compared with. */
export const contenderNames = ['standalone', 'split', 'baseline'] as const;
export type ContenderName = (typeof contenderNames)[number];

export function startContender(name: ContenderName, peers: Peers): Promise<Contender> {
  return name === 'baseline' ? Baseline.start(peers) : Trunkline.start(name, peers);
}
