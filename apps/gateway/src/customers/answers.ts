import { customerGuidOf, type Deployment, type FieldProblem, type ProblemFacts, siteGuidOf, taskIdOf } from '@trunkline/contracts';

import type { Answer } from '../http/answer.js';
import { Refused, refused, retryAfter } from '../problem/refused.js';
import type { WaitingResult } from '../waiting/waiter.js';
import { createCustomerAnswer, createOutcome } from './create-customer-answer.js';

const busySeconds = 5;
const mayPassSeconds = 30;

export interface AskedFor {
  readonly deploymentId: string;
  /** What stands before `/api` in links. */
  readonly door: string;
}

export interface CreateAskedFor extends AskedFor {
  readonly shortName: string;
  readonly hasKey: boolean;
}

/** The answer to a create request. @throws Refused */
export function createAnswer(result: WaitingResult, asked: CreateAskedFor): Answer {
  switch (result.kind) {
    case 'ended': return { status: 200, body: createBody(result.deployment, asked) };
    case 'accepted': return accepted(asked, createBody(result.deployment, asked, true));
    case 'refused': throw refusal(result.refusal);
    case 'unconfirmed': throw unconfirmed(asked, asked.hasKey
      ? 'Repeat it with the same Idempotency-Key to join it.'
      : 'Its task tells; without an Idempotency-Key a repeated request may be refused as a duplicate.');
    case 'gone': throw callerGone();
  }
}

/** The answer to a request that removes a customer. @throws Refused */
export function deleteAnswer(result: WaitingResult, asked: AskedFor, customerGuid: string): Answer {
  switch (result.kind) {
    case 'ended': return result.deployment.state === 'Deleted' ? { status: 200, body: 1 } : accepted(asked, {});
    case 'accepted': return accepted(asked, {});
    case 'refused':
      if (result.refusal.status === 404) return customerNotFound(customerGuid);
      throw refusal(result.refusal);
    case 'unconfirmed': throw unconfirmed(asked, 'Repeat it to join it.');
    case 'gone': throw callerGone();
  }
}

/** The documented answer, a bare JSON string. */
export function customerNotFound(customerGuid: string): Answer {
  return { status: 404, body: `Customer with ${customerGuid} not found` };
}

function createBody(deployment: Deployment | undefined, { deploymentId, shortName }: CreateAskedFor, isRunning = false): object {
  if (deployment?.state === 'Rejected' && !isRunning) throw refusal(deployment);
  const outcome = deployment && !isRunning ? createOutcome(deployment) : { deploymentState: 'Unknown' as const, errorDetails: null };
  return createCustomerAnswer({
    customerGuid: deployment?.customerGuid ?? customerGuidOf(deploymentId),
    siteGuids: [deployment?.siteGuid ?? siteGuidOf(deploymentId)],
    shortName: deployment?.shortName ?? shortName,
    progress: deployment?.progress ?? [],
    ...outcome,
  });
}

function accepted({ deploymentId, door }: AskedFor, body: object): Answer {
  const taskId = taskIdOf(deploymentId);
  return { status: 202, headers: { location: `${door}/api/v2/task/${taskId}` }, body: { ...body, taskId } };
}

interface RefusalFacts {
  readonly status: ProblemFacts['status'];
  readonly errorCode: string;
  readonly errors: readonly FieldProblem[];
}

function refusal({ errorCode, errors, status }: RefusalFacts): Refused {
  return new Refused(status, errorCode, errors[0]?.message ?? 'The request was refused.', { errors, ...(status === 503 ? retryAfter(mayPassSeconds) : {}) });
}

function unconfirmed({ deploymentId }: AskedFor, advice: string): Refused {
  return refused('ACCEPTANCE_UNKNOWN', `The request was sent, and nobody confirmed in time that it was accepted: it may still run. ${advice}`, {
    ...retryAfter(busySeconds), extensions: { deploymentId, taskId: taskIdOf(deploymentId) },
  });
}

const callerGone = (): Refused => refused('SERVICE_UNAVAILABLE', 'The caller went away.');
