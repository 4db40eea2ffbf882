import type { DeviceContact } from './device-contact.decide.js';

/** What all agents know together of a device. The breaker is open from `faultsToOpen` faults on. */
export interface DeviceHealth {
  /** Calls in a row without an answer, over all visits. */
  readonly faults: number;
  /** Visits in a row that left something undone which only another visit can do. */
  readonly failedVisits: number;
}

export interface VisitEnd {
  readonly contact: DeviceContact;
  /** Nothing is left that a further visit at once could only try in vain. */
  readonly isSettled: boolean;
}

export interface HealthVerdict extends DeviceHealth {
  readonly isOpen: boolean;
  readonly change: 'opened' | 'closed' | 'none';
  /** How long no agent visits the device. */
  readonly restMs: number;
}

export const faultsToOpen = /* safeguard: circuit-breaker */ 5;

const probe = { baseMs: 2_000, longestMs: 30_000 } as const;
/** New jobs of a resting device wait as long, so it is short. */
const rest = { baseMs: 1_000, longestMs: 5_000 } as const;

/**
 * What follows a visit. Only connection faults open the breaker, any answer closes it; while it is open the pauses between probes grow, with full
 * jitter. `random` is from 0 (inclusive) to 1 (exclusive).
 */
export function decideAfterVisit(before: DeviceHealth, { contact, isSettled }: VisitEnd, random: number): HealthVerdict {
  const wasOpen = isOpenAt(before);
  const faults = contact.hasAnswered ? contact.faults : before.faults + contact.faults;
  const isOpen = faults >= faultsToOpen;
  const failedVisits = isSettled || isOpen ? 0 : before.failedVisits + 1;
  return { faults, failedVisits, isOpen, change: isOpen === wasOpen ? 'none' : isOpen ? 'opened' : 'closed', restMs: restMsAfter({ faults, failedVisits }, random) };
}

function isOpenAt({ faults }: Pick<DeviceHealth, 'faults'>): boolean {
  return faults >= faultsToOpen;
}

function restMsAfter({ failedVisits, faults }: DeviceHealth, random: number): number {
  if (isOpenAt({ faults })) return Math.floor(random * grown(probe, faults - faultsToOpen));
  return failedVisits === 0 ? 0 : grown(rest, failedVisits - 1);
}

function grown({ baseMs, longestMs }: { readonly baseMs: number; readonly longestMs: number }, times: number): number {
  return Math.min(longestMs, baseMs * 2 ** Math.min(times, 10));
}
