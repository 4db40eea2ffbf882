import { serviceNamed } from '@trunkline/contracts';
import type { FreshDatabase, ServiceName, Settings } from '@trunkline/testing';

/** Those that stand: two of every service. */
export const standing = {
  'gateway': ['gateway-1', 'gateway-2'], 'provisioner': ['provisioner-1', 'provisioner-2'], 'sbc-agent': ['sbc-agent-1', 'sbc-agent-2'], 'ovoc-sync': ['ovoc-sync-1', 'ovoc-sync-2'],
} as const satisfies Record<ServiceName, readonly string[]>;
export const services = ['gateway', 'provisioner', 'sbc-agent', 'ovoc-sync'] as const satisfies readonly ServiceName[];
export const instanceNames = services.flatMap((service) => standing[service]);
/** Agents that come and go. */
export const furtherAgents = ['sbc-agent-3', 'sbc-agent-4', 'sbc-agent-5', 'sbc-agent-6', 'sbc-agent-7', 'sbc-agent-8'] as const;
export const allInstances = [...instanceNames, ...furtherAgents] as const;
export type InstanceName = (typeof allInstances)[number];
export type AgentName = Extract<InstanceName, `sbc-agent-${string}`>;

export const agents = standing['sbc-agent'];
export const withDatabase = instanceNames.filter((name) => serviceOf(name) !== 'gateway');

export const agentTimeoutMs = 3_000;
/** Longest time a peer may hold a script before its caller has given up on it. */
export const heldAtMostMs = agentTimeoutMs - 1_000;

export const ovocTimeoutMs = 2_000;
/** OVOC shows what it has created within this time. */
export const ovocVisibilityMs = 500;
/** How long ovoc-sync keeps away from a job of another one that does not prolong its claim. */
export const ovocClaimMs = Math.ceil(1.25 * (ovocTimeoutMs + ovocVisibilityMs)) + 1_000;

/** Short times, so that what waits for them in production takes seconds; steps go on long enough to outlive the faults. */
export const serviceSettings: Settings = {
  LOG_LEVEL: 'info', SYNC_WAIT_MS: '20000', STEP_DEADLINE_MS: '120000', SBC_RESPONSE_TIMEOUT_MS: String(agentTimeoutMs),
  OVOC_RESPONSE_TIMEOUT_MS: String(ovocTimeoutMs), OVOC_VISIBILITY_MS: String(ovocVisibilityMs), REDRIVE_AFTER_MS: '1500', CLEANUP_RETRY_MS: '500',
};

/** The provisioner's other policy. */
export const onHold: Settings = { ON_FAILURE: 'hold' };

/** Longer than anything that runs here. */
export const longDrain: Settings = { DRAIN_MS: '600000' };

export function serviceOf(name: InstanceName): ServiceName {
  return name.slice(0, name.lastIndexOf('-')) as ServiceName; // every name is a service's with a number
}

export const isAgent = (name: InstanceName): name is AgentName => name.startsWith('sbc-agent-');

/** The database account of an instance; the gateway has none. */
export function databaseUrlOf(database: FreshDatabase, name: InstanceName): string | undefined {
  const service = serviceOf(name);
  return service === 'gateway' ? undefined : database[serviceNamed(service).schema];
}
