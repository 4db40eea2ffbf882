import { serviceNames } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { readBulkReturn, readDrop, readList, readReturn } from './dead-letter-request.js';

const id = '0123456789abcdef0123456789abcdef';
const codesOf = (read: ReturnType<typeof readBulkReturn> | ReturnType<typeof readDrop> | ReturnType<typeof readList> | ReturnType<typeof readReturn>) => (
  read.ok ? [] : read.errors.map(({ code, field }) => `${field} ${code}`)
);

describe('a list of dead letters', () => {
  it.each([
    [{}, { services: serviceNames, state: undefined, order: 'newest', pageNumber: 0, pageSize: 20 }],
    [{ service: 'sbc-agent', state: 'held', order: 'oldest', pageNumber: '9', pageSize: '100' }, { services: ['sbc-agent'], state: 'held', order: 'oldest', pageNumber: 9, pageSize: 100 }],
  ])('is asked for by %j', (query, request) => {
    expect(readList(query)).toEqual({ ok: true, request });
  });

  it.each([
    [{ service: 'gateway', state: 'lost', order: 'random', pageNumber: '-1', pageSize: '101' }, ['service', 'state', 'order', 'pageNumber', 'pageSize']],
    [{ service: ['sbc-agent', 'sbc-agent'] }, ['service']],
    [{ pageNumber: '10', pageSize: '100' }, ['pageNumber']],
  ])('is refused for %j, all problems at once', (query, fields) => {
    expect(codesOf(readList(query))).toEqual(fields.map((field) => `${field} BAD_REQUEST`));
  });
});

describe('a return of many', () => {
  it.each([
    [{ service: 'sbc-agent', ids: [id, id] }, { ids: [id] }],
    [{ service: 'sbc-agent', filter: {} }, { filter: {}, limit: 100 }],
    [{ service: 'sbc-agent', filter: { messageType: 'a.b', deploymentId: 'd' }, limit: 5 }, { filter: { messageType: 'a.b', deploymentId: 'd' }, limit: 5 }],
  ])('is asked for by %j', (body, wanted) => {
    expect(readBulkReturn(body)).toEqual({ ok: true, request: { service: 'sbc-agent', wanted } });
  });

  it.each([
    [[], [' MALFORMED_JSON']],
    [{ ids: [id] }, ['service REQUIRED']],
    [{ service: 'all', ids: [id] }, ['service BAD_REQUEST']],
    [{ service: 'sbc-agent' }, ['ids BAD_REQUEST']],
    [{ service: 'sbc-agent', ids: [id], filter: {} }, ['ids BAD_REQUEST']],
    [{ service: 'sbc-agent', ids: [] }, ['ids BAD_REQUEST']],
    [{ service: 'sbc-agent', ids: ['17'] }, ['ids BAD_REQUEST']],
    [{ service: 'sbc-agent', ids: Array.from({ length: 101 }, () => id) }, ['ids BAD_REQUEST']],
    [{ service: 'sbc-agent', filter: {}, limit: 101 }, ['limit BAD_REQUEST']],
    [{ service: 'sbc-agent', filter: [] }, ['filter WRONG_TYPE']],
    [{ service: 'sbc-agent', filter: { reason: 'x' } }, ['filter.reason UNKNOWN_PROPERTY']],
    [{ service: 'sbc-agent', filter: { messageType: 5 } }, ['filter.messageType BAD_REQUEST']],
    [{ service: 'sbc-agent', filter: {}, force: true }, ['force UNKNOWN_PROPERTY']],
  ])('is refused for %j', (body, codes) => {
    expect(codesOf(readBulkReturn(body))).toEqual(codes);
  });
});

describe('a drop', () => {
  it('takes a reason', () => {
    expect(readDrop({ reason: 'a test of the CRM' })).toEqual({ ok: true, request: { reason: 'a test of the CRM' } });
  });

  it.each([
    [{}, 'reason REQUIRED'], [{ reason: null }, 'reason REQUIRED'], [{ reason: 1 }, 'reason WRONG_TYPE'], [{ reason: ' ' }, 'reason BAD_REQUEST'],
    [{ reason: 'x'.repeat(513) }, 'reason BAD_REQUEST'], [{ reason: 'a\nb' }, 'reason BAD_REQUEST'], ['text', ' MALFORMED_JSON'], [{ reason: 'a', by: 'b' }, 'by UNKNOWN_PROPERTY'],
  ])('is refused for %j', (body, code) => {
    expect(codesOf(readDrop(body))).toEqual([code]);
  });
});

it('a return of one has nothing to say', () => {
  expect([codesOf(readReturn({})), codesOf(readReturn({ to: 'x' }))]).toEqual([[], ['to UNKNOWN_PROPERTY']]);
});
