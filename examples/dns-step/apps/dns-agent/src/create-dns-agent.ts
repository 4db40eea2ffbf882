import { stepOf } from '@trunkline/contracts';
import { DatabaseService, type RunningService, type ServiceParts } from '@trunkline/hosting';
import { JobRunner, JobStore, stepHandlers, stepJobs } from '@trunkline/steps';

import { UdpDns } from './dns/dns.udp.js';
import { type DnsAgentConfiguration, dnsAgentSecrets, dnsAgentSettings } from './dns-agent.config.js';
import { HostWork } from './host/host.work.js';

const step = stepOf('dns-agent');
const kinds = { forward: 'host-name', undo: 'host-name-cleanup' };
const concurrency = 64;

/** Starts the dns-agent: own schema, jobs, a DNS server. */
export async function createDnsAgent({ configuration, ...parts }: ServiceParts<DnsAgentConfiguration>): Promise<RunningService> {
  const service = await DatabaseService.open({ name: 'dns-agent', databaseUrl: configuration.DATABASE_URL }, parts);
  const { clock, database, outbox } = service;
  const jobs = new JobStore(database, outbox);
  const lookAfterMs = configuration.DNS_RESPONSE_TIMEOUT_MS;
  const dns = new UdpDns({ server: new URL(configuration.DNS_SERVER), zone: configuration.DNS_ZONE, responseTimeoutMs: configuration.DNS_RESPONSE_TIMEOUT_MS });
  const work = new HostWork(dns, {
    zone: configuration.DNS_ZONE, deadlineMs: configuration.STEP_DEADLINE_MS, maxAttempts: configuration.STEP_MAX_ATTEMPTS || Infinity, lookAfterMs,
  });
  const runner = new JobRunner(
    jobs, stepJobs(step, kinds, work, clock),
    { holder: parts.instance, concurrency, claimMs: lookAfterMs * 2 + 1_000, callMs: lookAfterMs, random: Math.random }, parts.logger,
  );
  return service.serve({
    controllers: [stepHandlers(step, kinds)],
    providers: [{ provide: JobStore, useValue: jobs }],
    start: () => { runner.start(); },
    stop: async (stopReading, cutOff) => {
      await stopReading();
      await runner.stop(cutOff);
    },
  });
}

export const dnsAgent = { name: 'dns-agent', settings: dnsAgentSettings, secrets: dnsAgentSecrets, create: createDnsAgent } as const;
