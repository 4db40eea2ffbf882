import { type Deployment, type DeploymentEventMessage, fold } from '@trunkline/contracts';

import type { Facts } from './facts.js';

/** Of a customer whose request nobody has written down. */
const classicScript = 7;

/** A customer by what its deployments' logs say. */
export interface Customer {
  readonly guid: string;
  readonly shortName: string;
  readonly siteGuid: string | undefined;
  readonly sbcId: number | undefined;
  /** The onboarding script it was asked with. */
  readonly script: number;
  /** `open`: the logs don't say yet whether it stays. */
  readonly fate: 'lives' | 'gone' | 'open';
}

/** The folded logs, by deployment id. */
export function foldAll({ events }: Pick<Facts, 'events'>): ReadonlyMap<string, Deployment> {
  const folded = new Map<string, Deployment>();
  for (const [id, log] of Object.entries(events)) {
    const deployment = fold(log);
    if (deployment) folded.set(id, deployment);
  }
  return folded;
}

/** Which customers must stand outside and which must have left no trace. */
export function customersOf({ deployments, events, requests }: Pick<Facts, 'deployments' | 'events' | 'requests'>, folded: ReadonlyMap<string, Deployment>): readonly Customer[] {
  const removals = new Map(deployments.filter(({ kind }) => kind === 'delete').map(({ customerGuid, id }) => [customerGuid, folded.get(id)?.state]));
  const scripts = new Map(requests.flatMap(({ deploymentId, script }) => (script === undefined ? [] : [[deploymentId, script] as const])));
  return deployments.filter(({ kind }) => kind === 'create').map(({ customerGuid, id, shortName }) => {
    const removal = removals.get(customerGuid);
    const state = folded.get(id)?.state;
    const log = events[id] ?? [];
    return {
      guid: customerGuid, shortName, siteGuid: siteGuidOf(log), sbcId: sbcIdOf(log), script: scripts.get(id) ?? classicScript,
      fate: fateOf(state, removal, removals.has(customerGuid)),
    };
  });
}

function fateOf(state: Deployment['state'] | undefined, removal: Deployment['state'] | undefined, isRemoved: boolean): Customer['fate'] {
  if (isRemoved) return removal === 'Deleted' ? 'gone' : 'open';
  if (state === 'Deployed') return 'lives';
  return state === 'Failed' || state === 'Cancelled' || state === 'Rejected' ? 'gone' : 'open';
}

function sbcIdOf(log: readonly DeploymentEventMessage[]): number | undefined {
  for (const { data: { ticket } } of log) if ('sbc' in ticket) return ticket.sbc.id;
  return undefined;
}

function siteGuidOf(log: readonly DeploymentEventMessage[]): string | undefined {
  for (const { data: { ticket } } of log) if ('siteGuid' in ticket) return ticket.siteGuid;
  return undefined;
}
