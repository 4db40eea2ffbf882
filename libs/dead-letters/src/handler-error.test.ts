import { NotConnectedError, QueryUnavailableError, UnconfirmedError } from '@trunkline/messaging';
import { GroupCommitFullError, RefusedRowError } from '@trunkline/persistence';
import { describe, expect, it } from 'vitest';

import { isAbsence } from './handler-error.js';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });

describe('an error of a handler', () => {
  it.each([
    ['a lost session', withCode('08006'), true],
    ['a server that shuts down', withCode('57P01'), true],
    ['a full disk', withCode('53100'), true],
    ['a lock that was not free in time', withCode('55P03'), true],
    ['a refused connection', withCode('ECONNREFUSED'), true],
    ['a full group commit', new GroupCommitFullError('20000 items wait'), true],
    ['no broker', new NotConnectedError('gone'), true],
    ['no confirm of the broker', new UnconfirmedError('gone'), true],
    ['nobody who answers', new QueryUnavailableError('timeout', 'nobody'), true],
    ['a row PostgreSQL refuses', new RefusedRowError('violates check constraint'), false],
    ['a refused row whose text speaks of a connection', new RefusedRowError('value too long for connection'), false],
    ['a wrong value', withCode('22P02'), false],
    ['a missing table', withCode('42P01'), false],
    ['a bug', new TypeError('x is not a function'), false],
    ['no error at all', 'text', false],
  ])('%s: away %s', (_name, error, expected) => {
    expect(isAbsence(error)).toBe(expected);
  });
});
