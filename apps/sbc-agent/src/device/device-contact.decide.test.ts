import { describe, expect, it } from 'vitest';

import type { DeviceAnswer } from './device-answer.decide.js';
import { afterCall, type DeviceContact, isClosedUnanswered, noContact } from './device-contact.decide.js';

const http = (status: number): DeviceAnswer => ({ phase: 'answered', status, contentType: '', body: '', isLengthKnown: true });
const twice: DeviceContact = { hasAnswered: true, faults: 2, lastFault: 'TIMEOUT' };

describe('what a call tells of the way to a device', () => {
  it.each<[string, DeviceAnswer, DeviceContact]>([
    ...[200, 401, 409, 503].map((status): [string, DeviceAnswer, DeviceContact] => [`that it answers, by HTTP ${status}`, http(status), { hasAnswered: true, faults: 0, lastFault: undefined }]),
    ['that it answers, when it said too much', { phase: 'after-sent', failure: 'TOO_LARGE' }, { hasAnswered: true, faults: 0, lastFault: undefined }],
    ['one more fault, when it was refused', { phase: 'before-sent', failure: 'ECONNREFUSED' }, { hasAnswered: true, faults: 3, lastFault: 'ECONNREFUSED' }],
    ['one more fault, when the answer did not come', { phase: 'after-sent', failure: 'TIMEOUT' }, { hasAnswered: true, faults: 3, lastFault: 'TIMEOUT' }],
    ['one more fault, when the connection broke', { phase: 'after-sent', failure: 'UND_ERR_SOCKET' }, { hasAnswered: true, faults: 3, lastFault: 'UND_ERR_SOCKET' }],
    ['nothing, when we gave it up', { phase: 'after-sent', failure: 'ABORTED' }, twice],
    ['nothing, when our lease had ended', { phase: 'before-sent', failure: 'LEASE_EXPIRED' }, twice],
  ])('is %s', (_name, answer, contact) => {
    expect(afterCall(twice, answer)).toEqual(contact);
  });

  it('is a fault by itself before any answer', () => {
    expect(afterCall(noContact, { phase: 'before-sent', failure: 'ENOTFOUND' })).toEqual({ hasAnswered: false, faults: 1, lastFault: 'ENOTFOUND' });
  });
});

describe('a connection that the device closed before it answered', () => {
  it.each<[string, DeviceAnswer, boolean]>([
    ...['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].map((failure): [string, DeviceAnswer, boolean] => [`is one that ended with ${failure}`, { phase: 'after-sent', failure }, true]),
    ['is not one of which a part of an answer came', { phase: 'after-sent', failure: 'UND_ERR_SOCKET', hasBegun: true }, false],
    ['is not one on which nothing was sent', { phase: 'before-sent', failure: 'ECONNRESET' }, false],
    ['is not one that was silent', { phase: 'after-sent', failure: 'TIMEOUT' }, false],
    ['is not one that we gave up', { phase: 'after-sent', failure: 'ABORTED' }, false],
    ['is not one with an answer', http(503), false],
  ])('%s', (_name, answer, isClosed) => {
    expect(isClosedUnanswered(answer)).toBe(isClosed);
  });
});
