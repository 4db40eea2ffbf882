import { describe, it } from 'vitest';

import { brokerFault, facts, finds, findsNothing, type Harmless, type Planted } from './scenario.testing.js';

const poison = { messageId: 'a', service: 'sbc-agent', what: 'no-json' };
const returnOf = (status: number | undefined) => ({ ...poison, attempts: [{ atMs: 1_000, gateway: 'gateway-1', tookMs: 5, ...(status === undefined ? {} : { status }) }] });

describe('the checker of dead letters', () => {
  it.each<Planted>([
    ['a dead letter that nobody injected', facts().with({ deadLetters: [{ messageId: 'a', service: 'sbc-agent', state: 'held' }] }), 'unexpected', /no dead letter/],
    ['an injected message at another service', facts().with({ deadLetters: [{ messageId: 'a', service: 'ovoc-sync', state: 'held' }], injected: [poison] }), 'unexpected', /no dead letter/],
    ['a dead letter that is there twice', facts().with({ deadLetters: [{ ...poison, state: 'held' }, { ...poison, state: 'on the broker' }], injected: [poison] }), 'duplicated', /kept once/],
    ['an injected message that is no dead letter', facts().with({ injected: [poison] }), 'lost', /injected message/],
    ['a returned message that did not come back', facts().with({ deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)] }), 'lost', /refused again/],
    ['a returned message that did not come back, long before a broker was killed', facts().with({
      deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)], faultTimes: [{ ...brokerFault, fromMs: 70_000, toMs: 80_000 }],
    }), 'lost', /refused again/],
    ['a return that was taken and is not counted', facts().with({ deadLetters: [{ ...poison, state: 'held', timesReturned: 0 }], injected: [poison], returned: [returnOf(202)] }), 'lost', /return that was taken/],
    ['two returns that were taken of which one had effect', facts().with({ deadLetters: [{ ...poison, state: 'held', timesReturned: 1 }], injected: [poison], returned: [returnOf(202), returnOf(202)] }), 'lost', /return that was taken/],
    ['a return that had effect twice', facts().with({ deadLetters: [{ ...poison, state: 'held', timesReturned: 2 }], injected: [poison], returned: [returnOf(202), returnOf(409)] }), 'duplicated', /once for each yes/],
    ['a return that nobody knows', facts().with({ deadLetters: [{ ...poison, state: 'held', timesReturned: 0 }], injected: [poison], returned: [returnOf(404)] }), 'unexpected', /taken or not allowed/],
    ['a returned message that was carried out', facts().with(({ deployments }) => ({ deployments: [...deployments, { ...deployments[1]!, id: 'b0d1fb1a-55c3-4b57-8bb1-7a0d3b1f1a99' }] })), 'unexpected', /nobody asked for/],
  ])('finds %s', finds);

  it.each<Harmless>([
    ['dead letters that were injected', facts().with({ deadLetters: [{ ...poison, state: 'held' }], injected: [poison] })],
    ['an injected message that went with the broker\'s data', facts().with({ injected: [{ ...poison, mayBeMissing: true }] })],
    ['injected messages that were returned', facts().with({ deadLetters: [{ ...poison, state: 'held', timesReturned: 2 }], injected: [poison], returned: [returnOf(202), returnOf(409), returnOf(undefined)] })],
    ['a returned message that a broker has lost', facts().with({ deadLetters: [{ ...poison, state: 'returned', timesReturned: 1 }], injected: [poison], returned: [returnOf(202)], faultTimes: [brokerFault] })],
  ])('finds nothing wrong with %s', findsNothing);
});
