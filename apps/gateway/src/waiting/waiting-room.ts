import { cloudEventsContentType, decode, type DeploymentEventMessage, DeploymentProgressed, encode, eventOrder, type Message, RequestRefused, routingKeyOf, taskIdOf } from '@trunkline/contracts';
import { type Consumer, type IncomingMessage, type Transport, UnconfirmedError } from '@trunkline/messaging';
import { BackgroundLoop, type Clock, idle, type Logger, reachFaultPoint } from '@trunkline/runtime';

import type { ProvisionerStanding } from '../health/provisioner-standing.js';
import { type Refused, refused, retryAfter } from '../problem/refused.js';
import type { DeploymentLog } from './deployment-log.js';
import { LogQuestions } from './log-questions.js';
import { WaitedDeployment } from './waited-deployment.js';
import type { Waiter, WaitingRequest, WaitingResult } from './waiter.js';
import type { WaitingTimes } from './waiting-times.js';
import { decideWaiting, speaksOf } from './waiting.decide.js';

const mostWaiters = 20_000;
const progressedKey = routingKeyOf(DeploymentProgressed.type);

/**
 * Everybody who waits for a deployment. Live copies answer fast; the log, asked at every doubt, answers surely. Requests are
 * published here and repeated, under the same id, until they are heard to be accepted.
 */
export class WaitingRoom {
  private readonly waited = new Map<string, WaitedDeployment>();
  private readonly sweeper: BackgroundLoop;
  private readonly questions: LogQuestions;
  private copies: Consumer | undefined;
  private stopListening: (() => void) | undefined;
  private waiterCount = 0;
  private lastDeadlineMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly transport: Transport,
    log: DeploymentLog,
    private readonly provisioner: Pick<ProvisionerStanding, 'reasons'>,
    /** Copies key of this process. */
    readonly origin: string,
    private readonly times: WaitingTimes,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.sweeper = new BackgroundLoop('waiting-sweep', times.sweepMs, async () => this.sweep(), logger);
    this.questions = new LogQuestions(log, this.waited, (deployment) => { this.decide(deployment); }, times, clock, logger);
  }

  async start(): Promise<void> {
    this.copies = await this.transport.subscribeCopies(this.origin, (message) => { this.hear(message); });
    let wasConnected = true;
    this.stopListening = this.transport.onState(({ kind }) => {
      // Copies of the time without connection are lost, those that said "accepted" among them.
      if (kind === 'connected' && !wasConnected) {
        this.questions.aboutEverything();
        this.repeatAllSoon();
      }
      wasConnected = kind === 'connected';
    });
    this.sweeper.start();
    this.questions.start();
  }

  /** Nobody waits any longer; who comes later does not either. */
  hurry(): void {
    this.lastDeadlineMs = this.clock.monotonicMs();
    for (const deployment of this.waited.values()) {
      for (const waiter of deployment.waiters) waiter.deadlineMs = Math.min(waiter.deadlineMs, this.lastDeadlineMs);
    }
  }

  async stop(): Promise<void> {
    this.stopListening?.();
    await this.copies?.stop();
    await this.sweeper.stop();
    await this.questions.stop();
  }

  /**
   * Publishes the request and waits for its answer.
   * @throws NotConnectedError, UnroutableError, Refused when it could not be sent at all: nothing has happened because of it
   */
  async submit(request: WaitingRequest): Promise<WaitingResult> {
    if (this.waiterCount >= mostWaiters) throw refused('SERVICE_UNAVAILABLE', 'Too many requests are waiting; nothing has happened. Send it again later.', retryAfter(5));
    if (/* safeguard: refusal-without-database */ this.provisioner.reasons().length > 0) throw notPassedOn(request);
    if (request.signal.aborted) return { kind: 'gone' };
    const nowMs = this.clock.monotonicMs();
    const deployment = this.enter(request);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        request, resolve, reject, deadlineMs: Math.min(nowMs + this.times.budgetMs, this.lastDeadlineMs), repeatAtMs: nowMs + this.times.repeatMs,
        acceptedAtMs: undefined, overdueAtMs: undefined, isAskedWhenOverdue: false, isRepeated: false,
      };
      deployment.waiters.add(waiter);
      this.waiterCount += 1;
      if (this.waiterCount === 1) this.sweeper.wake();
      request.signal.addEventListener('abort', () => { this.leave(deployment, waiter, { kind: 'gone' }); }, { once: true });
      this.publish(request.message).catch((error: unknown) => { this.notPublished(deployment, waiter, error); });
    });
  }

  private notPublished(deployment: WaitedDeployment, waiter: Waiter, error: unknown): void {
    if (error instanceof UnconfirmedError) {
      this.logger.warn({ deploymentId: deployment.id, messageId: waiter.request.message.id }, 'request was not confirmed, it is sent again');
      return;
    }
    waiter.reject(error);
    this.leave(deployment, waiter, { kind: 'gone' });
  }

  private enter({ message }: WaitingRequest): WaitedDeployment {
    const known = this.waited.get(message.subject);
    if (known) return known;
    const entered = new WaitedDeployment(message.subject, message.data.provider);
    this.waited.set(entered.id, entered);
    return entered;
  }

  private async publish(message: WaitingRequest['message']): Promise<void> {
    reachFaultPoint('gateway.before-publish');
    await this.transport.publish({
      exchange: 'requests', routingKey: routingKeyOf(message.type), messageId: message.id, contentType: cloudEventsContentType, body: encode(message),
      mandatory: /* safeguard: mandatory-publish */ true,
    });
    reachFaultPoint('gateway.after-publish');
  }

  private hear(incoming: IncomingMessage): void {
    if (incoming.routingKey === progressedKey) return;
    const decoded = decode(incoming.body);
    if (!decoded.ok) {
      this.logger.warn({ messageId: incoming.messageId, reason: decoded.reason }, 'a copy could not be read');
      return;
    }
    const { message } = decoded;
    const deployment = this.waited.get(message.subject);
    if (!deployment) return;
    if (isRefusal(message)) this.refuse(deployment, message);
    else if (isDeploymentEvent(message)) {
      const { isDoubtful } = deployment.hear(message, this.clock.monotonicMs());
      if (isDoubtful) this.questions.about(deployment);
      this.decide(deployment);
    }
  }

  private refuse(deployment: WaitedDeployment, { data }: RequestRefused): void {
    for (const waiter of deployment.waiters) {
      if (waiter.request.message.id === data.requestId) this.leave(deployment, waiter, { kind: 'refused', refusal: data });
    }
  }

  private decide(deployment: WaitedDeployment): void {
    const { isContested, lookedUp, standing } = deployment;
    for (const waiter of deployment.waiters) {
      const { acceptedAtMs, isAskedWhenOverdue, overdueAtMs, request } = waiter;
      const decision = decideWaiting({
        isContested, isAskedWhenOverdue, standing,
        isAccepted: acceptedAtMs !== undefined,
        answersWhenAccepted: request.answersWhenAccepted,
        isOverdue: overdueAtMs !== undefined,
        isOutcomeAsked: standing.kind === 'incomplete' && standing.outcomeId === deployment.askedOutcomeId,
        lookedUp: lookedUp && speaksOf(lookedUp, { isShared: request.isShared, acceptedAtMs }, deployment.heardRound) ? lookedUp.deployment : undefined,
      });
      switch (decision.kind) {
        case 'wait': break;
        case 'ask': this.questions.about(deployment); break;
        case 'end': this.leave(deployment, waiter, { kind: 'ended', deployment: decision.deployment }); break;
        case 'tell-accepted': this.leave(deployment, waiter, { kind: 'accepted', deployment: deployment.view }); break;
        case 'tell-unconfirmed': this.leave(deployment, waiter, { kind: 'unconfirmed' }); break;
      }
    }
  }

  private leave(deployment: WaitedDeployment, waiter: Waiter, result: WaitingResult): void {
    const wasContested = deployment.isContested;
    if (!deployment.waiters.delete(waiter)) return;
    this.waiterCount -= 1;
    if (deployment.waiters.size === 0) this.waited.delete(deployment.id);
    waiter.resolve(result);
    // Who stays may have had to wait for just this.
    if (wasContested && !deployment.isContested) this.decide(deployment);
  }

  private sweep(): typeof idle | undefined {
    if (this.waited.size === 0) return idle;
    const nowMs = this.clock.monotonicMs();
    for (const deployment of this.waited.values()) {
      let isAnyNewlyOverdue = false;
      for (const waiter of deployment.waiters) {
        if (waiter.overdueAtMs === undefined && nowMs >= waiter.deadlineMs) {
          waiter.overdueAtMs = nowMs;
          isAnyNewlyOverdue = true;
        }
        if (waiter.acceptedAtMs === undefined && nowMs >= waiter.repeatAtMs) {
          waiter.repeatAtMs = nowMs + this.times.repeatMs;
          waiter.isRepeated = true;
          /* safeguard: request-repeat */
          this.repeat(waiter);
        }
      }
      if (isAnyNewlyOverdue) this.decide(deployment);
    }
    return undefined;
  }

  private repeat({ request: { message } }: Waiter): void {
    this.publish(message).catch((err: unknown) => {
      this.logger.debug({ err, deploymentId: message.subject, messageId: message.id }, 'request could not be sent again, it is tried once more later');
    });
  }

  private repeatAllSoon(): void {
    const nowMs = this.clock.monotonicMs();
    for (const { waiters } of this.waited.values()) for (const waiter of waiters) waiter.repeatAtMs = nowMs;
  }
}

/** Who may have asked for the same before is told where to look: that may still run. */
function notPassedOn({ isShared, message: { subject } }: WaitingRequest): Refused {
  const advice = isShared ? 'An earlier request for the same may still run; its task tells. Repeat it later.' : 'Send it again later.';
  return refused('SERVICE_UNAVAILABLE', `The database of the provisioner is out of reach: this request was not passed on. ${advice}`, {
    ...retryAfter(5), ...(isShared ? { extensions: { deploymentId: subject, taskId: taskIdOf(subject) } } : {}),
  });
}

const isRefusal = (message: Message): message is RequestRefused => message.type === RequestRefused.type;
const isDeploymentEvent = (message: Message): message is DeploymentEventMessage => message.type in eventOrder;
