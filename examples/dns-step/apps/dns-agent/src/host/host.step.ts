import { reachFaultPoint } from '@trunkline/runtime';
import { type StepAttempt, TransientError, type Verdict } from '@trunkline/steps';

import type { Dns, Registration } from '../dns/dns.js';
import { decideHost } from './host.decide.js';

/** One customer's host name, registered and taken away by single updates that the server does as a whole or not at all. */
export class HostAttempt implements StepAttempt<Registration | undefined> {
  readonly name = 'host-name';

  constructor(private readonly wanted: Registration, private readonly dns: Dns) {}

  verify(signal: AbortSignal): Promise<Registration | undefined> {
    return this.dns.find(this.wanted.hostName, signal);
  }

  decide(seen: Registration | undefined): Verdict {
    return decideHost(this.wanted, seen);
  }

  async apply(_seen: Registration | undefined, signal: AbortSignal): Promise<void> {
    reachFaultPoint('dns-agent.before-update');
    const isRegistered = await this.dns.register(this.wanted, signal);
    reachFaultPoint('dns-agent.after-update');
    if (!isRegistered) throw new TransientError('HOST_NAME_CHANGED', `${this.wanted.hostName} was registered meanwhile`);
  }

  async undo(signal: AbortSignal): Promise<void> {
    reachFaultPoint('dns-agent.in-cleanup');
    await this.dns.remove(this.wanted, signal);
  }
}
