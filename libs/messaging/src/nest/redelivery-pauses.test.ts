import { describe, expect, it } from 'vitest';
import { RedeliveryPauses } from './redelivery-pauses.js';

describe('the pauses before a message is handed out again', () => {
  it('grow with the failures in a row of that message, up to five seconds', () => {
    const pauses = new RedeliveryPauses(() => 0.999999);
    const said = Array.from({ length: 7 }, () => pauses.failed('m-1'));
    expect(said).toEqual([199, 399, 799, 1599, 3199, 4999, 4999]);
    expect(pauses.failed('m-2')).toBe(199);
  });

  it('start again after a success', () => {
    const pauses = new RedeliveryPauses(() => 0.999999);
    pauses.failed('m-1');
    pauses.succeeded('m-1');
    expect(pauses.failed('m-1')).toBe(199);
  });

  it('forget the message that failed longest ago when there are too many', () => {
    const pauses = new RedeliveryPauses(() => 0.999999);
    pauses.failed('old');
    pauses.failed('older, but again');
    pauses.failed('old');
    for (let index = 0; index < 1_999; index += 1) pauses.failed(`m-${index}`);
    expect(pauses.failed('old')).toBe(799);
    expect(pauses.failed('older, but again')).toBe(199);
  });
});
