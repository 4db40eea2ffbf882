/** Devices of all agents that are at work or wait for one, and the agents that take devices. */
export interface Crowd {
  readonly busy: number;
  readonly agents: number;
}

/** So many more than its share an agent has before the others go first: work comes and goes, and a device costs more by changing hands. */
const slack = 2;

/** How many more devices an agent takes at once; of those beyond that the others may take some first. */
export function roomInShare(own: number, { agents, busy }: Crowd): number {
  return agents > 1 ? Math.max(0, Math.ceil(busy / agents) + slack + 1 - own) : Infinity;
}
