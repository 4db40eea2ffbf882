import type { DeviceAnswer } from './device-answer.decide.js';

/** What the calls of one visit tell of the way to the device, whatever they were about. */
export interface DeviceContact {
  /** It has answered at least once: with anything in HTTP, also a refusal. */
  readonly hasAnswered: boolean;
  /** Calls in a row, up to the last one, that got no answer. */
  readonly faults: number;
  /** Code of the last of them, of the network or TIMEOUT. */
  readonly lastFault: string | undefined;
}

export const noContact: DeviceContact = { hasAnswered: false, faults: 0, lastFault: undefined };

/** The contact after one more call. A call that we gave up ourselves tells nothing. */
export function afterCall(contact: DeviceContact, answer: DeviceAnswer): DeviceContact {
  if (answer.phase === 'answered' || answer.failure === 'TOO_LARGE') return { hasAnswered: true, faults: 0, lastFault: undefined };
  if (answer.failure === 'ABORTED' || answer.failure === 'LEASE_EXPIRED') return contact;
  return { ...contact, faults: contact.faults + 1, lastFault: answer.failure };
}

const closed = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** The device closed the connection before it answered anything: a read may be sent again at once. */
export function isClosedUnanswered(answer: DeviceAnswer): boolean {
  return answer.phase === 'after-sent' && !answer.hasBegun && closed.has(answer.failure);
}
