import type { FreshDatabase, ServiceName, Settings } from '@trunkline/testing';

export const instanceNames = ['gateway', 'provisioner', 'sbc-agent-1', 'sbc-agent-2', 'ovoc-sync'] as const;
export type InstanceName = (typeof instanceNames)[number];

export const agents = ['sbc-agent-1', 'sbc-agent-2'] as const satisfies readonly InstanceName[];
export const withDatabase = instanceNames.filter((name) => name !== 'gateway');

export const agentTimeoutMs = 3_000;
/** Longest time a peer may hold a script before its caller has given up on it. */
export const heldAtMostMs = agentTimeoutMs - 1_000;

/** Short times, so that what waits for them in production takes seconds; steps go on long enough to outlive the faults. */
export const serviceSettings: Settings = {
  LOG_LEVEL: 'info', SYNC_WAIT_MS: '20000', STEP_DEADLINE_MS: '120000', SBC_RESPONSE_TIMEOUT_MS: String(agentTimeoutMs), OVOC_RESPONSE_TIMEOUT_MS: '2000',
  OVOC_VISIBILITY_MS: '500', REDRIVE_AFTER_MS: '1500', CLEANUP_RETRY_MS: '1500',
};

export function serviceOf(name: InstanceName): ServiceName {
  return name === 'sbc-agent-1' || name === 'sbc-agent-2' ? 'sbc-agent' : name;
}

/** The database account of an instance; the gateway has none. */
export function databaseUrlOf({ ovoc_sync: ovocSync, provisioner, sbc_agent: sbcAgent }: FreshDatabase, name: InstanceName): string | undefined {
  const service = serviceOf(name);
  return service === 'gateway' ? undefined : { provisioner, 'sbc-agent': sbcAgent, 'ovoc-sync': ovocSync }[service];
}
