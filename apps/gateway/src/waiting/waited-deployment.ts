import { CustomerCreateAccepted, CustomerCreated, CustomerDeleteAccepted, type Deployment, type DeploymentEventMessage, fold, withoutGaps } from '@trunkline/contracts';

import type { Waiter } from './waiter.js';
import { type LookedUp, type Standing, standingOf } from './waiting.decide.js';

const mostEvents = 256;
// The fold has no use for it, and it is by far the largest part of any event.
const noScript: CustomerCreated['data']['script'] = {
  onboarding: { id: 1, version: 1, text: '' }, cleanup: { id: 1, version: 1, text: '' }, values: {},
};

/** A deployment that callers of this process wait for, and what was heard of it. */
export class WaitedDeployment {
  readonly waiters = new Set<Waiter>();
  lookedUp: LookedUp | undefined;
  /** The outcome that the log was asked about last. */
  askedOutcomeId: string | undefined;
  private readonly events = new Map<string, DeploymentEventMessage>();
  private current: Standing = { kind: 'open' };
  private round = 0;

  constructor(readonly id: string, readonly provider: string) {}

  get standing(): Standing { return this.current; }

  /** The highest round that was heard of. */
  get heardRound(): number { return this.round; }

  get isContested(): boolean {
    const [first, ...others] = this.waiters;
    return others.some((waiter) => waiter.request.fingerprint !== first?.request.fingerprint);
  }

  /** What can be shown while it runs. */
  get view(): Deployment | undefined {
    const live = fold(withoutGaps(this.events.values()));
    return this.lookedUp && (live?.progress.length ?? 0) <= this.lookedUp.deployment.progress.length ? this.lookedUp.deployment : live;
  }

  /** Doubtful: a request was only heard to be accepted once it was sent again, so other copies may be lost, too. */
  hear(event: DeploymentEventMessage, nowMs: number): { readonly isDoubtful: boolean } {
    this.round = Math.max(this.round, event.round);
    const isAcceptance = event.type === CustomerCreateAccepted.type || event.type === CustomerDeleteAccepted.type;
    const accepted = [...this.waiters].filter(({ acceptedAtMs, request }) => acceptedAtMs === undefined && (isAcceptance || !request.isShared));
    for (const waiter of accepted) waiter.acceptedAtMs = nowMs;
    // What the log was asked before that can't speak of these requests.
    if (accepted.length > 0) this.askedOutcomeId = undefined;
    this.note(event);
    return { isDoubtful: accepted.some(({ isRepeated }) => isRepeated) };
  }

  /** The log was asked, and knew this or nothing. */
  asked(seen: Deployment | undefined, askedAtMs: number): void {
    if (seen) this.lookedUp = { deployment: seen, askedAtMs };
    for (const waiter of this.waiters) {
      // Nobody but this caller can have asked for it, so it is there because he did.
      if (seen && !waiter.request.isShared) waiter.acceptedAtMs ??= askedAtMs;
      if (waiter.overdueAtMs !== undefined && askedAtMs >= waiter.overdueAtMs) waiter.isAskedWhenOverdue = true;
    }
  }

  private note(event: DeploymentEventMessage): void {
    if (this.events.has(event.id)) return;
    // Far more than any flow has: from here on the log alone is asked.
    if (this.events.size >= mostEvents) this.events.clear();
    this.events.set(event.id, event.type === CustomerCreated.type ? { ...event, data: { ...event.data, script: noScript } } : event);
    this.current = standingOf([...this.events.values()]);
  }
}
