import type { FreshDatabase, ServiceName, Settings } from '@trunkline/testing';

/** Those that stand. */
export const instanceNames = ['gateway', 'provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync'] as const;
/** Agents that come and go. */
export const furtherAgents = ['sbc-agent-3', 'sbc-agent-4', 'sbc-agent-5', 'sbc-agent-6', 'sbc-agent-7', 'sbc-agent-8'] as const;
/** Works beside the one that stands while that one is paused. */
export const furtherOvocSync = 'ovoc-sync-2';
export const allInstances = [...instanceNames, ...furtherAgents, furtherOvocSync] as const;
export type InstanceName = (typeof allInstances)[number];
export type AgentName = Extract<InstanceName, `sbc-agent-${string}`>;

export const agents = ['sbc-agent-1', 'sbc-agent-2'] as const satisfies readonly InstanceName[];
export const withDatabase = instanceNames.filter((name) => name !== 'gateway');

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

export function serviceOf(name: InstanceName): ServiceName {
  if (isAgent(name)) return 'sbc-agent';
  return name === furtherOvocSync ? 'ovoc-sync' : name;
}

export const isAgent = (name: InstanceName): name is AgentName => name.startsWith('sbc-agent-');

/** The database account of an instance; the gateway has none. */
export function databaseUrlOf({ ovoc_sync: ovocSync, provisioner, sbc_agent: sbcAgent }: FreshDatabase, name: InstanceName): string | undefined {
  const service = serviceOf(name);
  return service === 'gateway' ? undefined : { provisioner, 'sbc-agent': sbcAgent, 'ovoc-sync': ovocSync }[service];
}
