import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { customerGuidOf, type DeadLetterView, deleteDeploymentId, type DeploymentAction, keyedDeploymentId, taskIdOf } from '@trunkline/contracts';

import type { Attempt, ClientRequest } from '../checker/facts.js';
import type { Gateway } from './cluster.js';

/** The name under which the gateway knows callers without an account. */
const caller = 'default';
const path = '/api/v2/customer';

export interface CreateOrder {
  readonly kind: 'create';
  readonly key: string;
  readonly body: {
    readonly shortName: string;
    readonly siteLocation: { readonly sbcId: number; readonly sbcOnboardingScript: number };
    readonly [property: string]: unknown;
  };
  readonly isAsync: boolean;
}

export interface DeleteOrder {
  readonly kind: 'delete';
  readonly customerGuid: string;
  readonly shortName: string;
  readonly sbcId: number;
}

/** Callers who are spread over the gateways; each repeats his request, with the same key and at the next gateway, until somebody gives a final answer. */
export class Client {
  private requests = 0;

  constructor(private readonly gateways: readonly Gateway[], private readonly patience: AbortSignal) {
    // One for each caller who waits.
    setMaxListeners(0, patience);
  }

  async pursue(order: CreateOrder | DeleteOrder): Promise<ClientRequest> {
    return { ...requestOf(order), attempts: await this.repeated((gateway) => once(gateway, order)) };
  }

  /** An operator's action, until somebody says yes or no. */
  async act(deploymentId: string, action: DeploymentAction, reason: string): Promise<readonly Attempt[]> {
    return this.repeated((gateway) => attempt(gateway, ({ http }) => http.post(`/api/v2/task/${taskIdOf(deploymentId)}/action/${action}`, { reason })));
  }

  /** The newest dead letters that are held; none when nobody can tell. */
  async heldLetters(): Promise<readonly DeadLetterView[]> {
    const { status, text = '' } = await attempt(this.next(), ({ http }) => http.get('/api/v2/dead-letters?state=held&pageSize=100'));
    return status === 200 ? JSON.parse(text) as readonly DeadLetterView[] : [];
  }

  /** Back to the queue that refused it, until somebody says yes or no. */
  async giveBack({ id, service }: Pick<DeadLetterView, 'id' | 'service'>): Promise<readonly Attempt[]> {
    return this.repeated((gateway) => attempt(gateway, ({ http }) => http.post(`/api/v2/dead-letters/${service}/${id}/return`, {})));
  }

  /** What may be asked of a deployment now; nothing when nobody can tell. */
  async allowed(deploymentId: string): Promise<readonly string[]> {
    const { status, text = '' } = await attempt(this.next(), ({ http }) => http.get(`/api/v2/task/${taskIdOf(deploymentId)}`));
    return status === 200 ? (JSON.parse(text) as { readonly allowedActions: readonly string[] }).allowedActions : [];
  }

  /** What the same request is told now, and its task. */
  async ask(request: ClientRequest, order: CreateOrder | DeleteOrder): Promise<ClientRequest> {
    // First: where a refusal could pass, asking again starts afresh.
    const replay = order.kind === 'create' ? await once(this.next(), { ...order, isAsync: false }) : undefined;
    const task = await attempt(this.next(), ({ http }) => http.get(`/api/v2/task/${taskIdOf(request.deploymentId)}`));
    return { ...request, task, ...(replay ? { replay } : {}) };
  }

  private async repeated(once: (gateway: Gateway) => Promise<Attempt>): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = [];
    for (let request = this.requests++; !this.patience.aborted; request += 1) {
      const attempt = await once(this.gatewayOf(request));
      attempts.push(attempt);
      if (isFinal(attempt)) break;
      // A caller's own pause; nothing tells when the gateway can be asked again.
      await delay(attempt.status === undefined ? 500 : 1_000, undefined, { signal: this.patience }).catch(() => undefined);
    }
    return attempts;
  }

  private next(): Gateway {
    return this.gatewayOf(this.requests++);
  }

  private gatewayOf(request: number): Gateway {
    const gateway = this.gateways[request % this.gateways.length];
    if (!gateway) throw new Error('there is no gateway');
    return gateway;
  }
}

/** The removal of the customer that this order creates. */
export function removalOf({ body: { shortName, siteLocation: { sbcId } }, key }: CreateOrder): DeleteOrder {
  return { kind: 'delete', customerGuid: customerGuidOf(deploymentIdOf(key)), shortName, sbcId };
}

/** Known before anybody has answered. */
export const deploymentIdOf = (key: string): string => keyedDeploymentId(caller, key);

/** 202 promises an outcome that is looked for when all is quiet. */
function isFinal({ status }: Attempt): boolean {
  return status !== undefined && status < 500;
}

function requestOf(order: CreateOrder | DeleteOrder): Omit<ClientRequest, 'attempts'> {
  if (order.kind === 'delete') {
    const { customerGuid, kind, sbcId, shortName } = order;
    return { kind, key: customerGuid, deploymentId: deleteDeploymentId(customerGuid), shortName, sbcId };
  }
  const { shortName, siteLocation: { sbcId, sbcOnboardingScript: script } } = order.body;
  return { kind: 'create', key: order.key, deploymentId: deploymentIdOf(order.key), shortName, sbcId, script };
}

async function once(gateway: Gateway, order: CreateOrder | DeleteOrder): Promise<Attempt> {
  if (order.kind === 'delete') return attempt(gateway, ({ http }) => http.delete(`${path}/${order.customerGuid}`));
  return attempt(gateway, ({ http }) => http.post(path, order.body, { 'Idempotency-Key': order.key, ...(order.isAsync ? { Prefer: 'respond-async' } : {}) }));
}

async function attempt(gateway: Gateway, call: (gateway: Gateway) => Promise<{ readonly status: number; readonly text: string }>): Promise<Attempt> {
  const [atMs, startedAt] = [Date.now(), performance.now()];
  const answer = await call(gateway).catch(() => undefined);
  return { atMs, gateway: gateway.name, tookMs: Math.round(performance.now() - startedAt), ...(answer ? { status: answer.status, text: answer.text } : {}) };
}
