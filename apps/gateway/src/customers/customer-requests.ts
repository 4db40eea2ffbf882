import { randomUUID } from 'node:crypto';

import {
  type CreateCustomerRequest, CustomerCreateRequested, CustomerDeleteRequested, deleteDeploymentId, gatewaySource, isHarmlessParameter, keyedDeploymentId,
  messageOf,
} from '@trunkline/contracts';
import type { Clock } from '@trunkline/runtime';
import type { Secrets } from '@trunkline/secrets';

import type { Caller } from '../auth/caller.js';
import type { WaitingRequest } from '../waiting/waiter.js';

type Request = Pick<WaitingRequest, 'message' | 'isShared' | 'fingerprint'>;

/** Makes messages of what callers ask for. Nothing secret leaves in clear. */
export class CustomerRequests {
  constructor(private readonly secrets: Secrets, private readonly origin: string, private readonly clock: Clock) {}

  /** The same caller's same key means the same deployment; without a key each request is one of its own. */
  async create(request: CreateCustomerRequest, { caller, provider }: Caller, key: string | undefined, traceparent: string): Promise<Request> {
    const fingerprint = this.secrets.fingerprint(request);
    const subject = key === undefined ? randomUUID() : keyedDeploymentId(caller, key);
    const data = { ...await this.withoutSecrets(request), caller, provider, origin: this.origin, fingerprint };
    return { message: messageOf(CustomerCreateRequested, { ...this.envelope(subject, traceparent), data }), isShared: key !== undefined, fingerprint };
  }

  /** @param customerGuid in lower case */
  remove(customerGuid: string, { caller, provider }: Caller, traceparent: string): Request {
    const data = { customerGuid, caller, provider, origin: this.origin };
    const message = messageOf(CustomerDeleteRequested, { ...this.envelope(deleteDeploymentId(customerGuid), traceparent), data });
    return { message, isShared: true, fingerprint: undefined };
  }

  private async withoutSecrets(request: CreateCustomerRequest): Promise<Pick<CustomerCreateRequested['data'], 'request' | 'sealed'>> {
    const parameters = Object.entries(request.scriptParameters);
    const hidden = parameters.filter(([name]) => !isHarmlessParameter(name));
    if (hidden.length === 0 && Object.keys(request.candidates).length === 0) return { request };
    const sealed = await this.secrets.seal({ scriptParameters: Object.fromEntries(hidden), candidates: request.candidates });
    const shown = Object.fromEntries(parameters.filter(([name]) => isHarmlessParameter(name)));
    return { request: { ...request, scriptParameters: shown, candidates: {} }, sealed };
  }

  private envelope(subject: string, traceparent: string) {
    return { id: randomUUID(), source: gatewaySource, subject, time: this.clock.now().toISOString(), traceparent };
  }
}
